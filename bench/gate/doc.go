// Package gate holds what was measured, and what is still seen, against a budget.
//
// In come a Budget (YAML, read with positions), Figures (numbers by scenario, of the recorded logs and of the rule set, each with its interval),
// the exact figures or the run of before, and a Sight: what the changed rules no longer record of what the old ones did. Out goes a Verdict: one
// Check for each limit, judged on the interval's bound and not on the point. It fails only where even the nearest bound is beyond the limit,
// passes only where the farthest is within, and cannot tell in between; what cannot be told is never a pass.
//
// Recording less is cheaper, so a Sight is judged beside every cost: whatever is no longer recorded fails unless the budget names it with a reason,
// an owner and a day on which that ends.
//
// It refuses to know how a run is measured, how logs are replayed, how rules are read, and how a verdict is printed. Names in it are of logs,
// rules and budgets, and hostile.
package gate
