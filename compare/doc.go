// Package compare says what changed between two runs of bench, or between the profiles of two logs: rules, volume, cost, and which rule it was.
//
// In come two Sides, made of a run with its slots (OfRun) or of a profile (OfProfile). Out goes a Comparison. Rules are the same where their
// text is, but for blanks; what is left on both sides is paired by list, key and likeness. Volume is compared exactly, per operation of a workload
// or per day and host of a log. Cost is compared with intervals only: within one run round by round, between runs of the same host and
// kernel by rank sums; otherwise the answer is why there is none.
//
// It refuses to know how anything was measured or decided, and how it is printed.
package compare
