package analyze

import (
	"slices"

	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Order is the same rules in another order of priority, in which the host may have loaded them.
type Order struct {
	Matcher *match.Matcher
	Rule    []int // index in the first order by index in this one
	// moved are the rules, by their index in the first order, that other rules may come before here which come behind them there.
	moved []bool
}

// NewOrder compares an order with the first one. Rules that only this order has are none of the first: they stand for themselves as NoRule.
func NewOrder(first, other *match.Matcher) Order {
	at := map[rule.Pos]int{}
	for i, r := range first.Rules() {
		at[r.Pos] = i
	}
	o := Order{Matcher: other, moved: make([]bool, len(first.Rules()))}
	latest := NoRule
	for _, r := range other.Rules() {
		i, ok := at[r.Pos]
		if !ok {
			i = NoRule
		} else {
			o.moved[i] = i < latest // a rule that is behind it there is before it here
			latest = max(latest, i)
		}
		o.Rule = append(o.Rule, i)
	}
	return o
}

// changes tells whether another order may decide otherwise. The first rule that matches wins, so a winner that no rule overtakes stays one.
func (o *Order) changes(d match.Decision) bool {
	return d.Answer != match.Yes || o.moved[d.Rule]
}

// weigh puts the decision of another order beside the one of the first. One that contradicts the log is out.
func (o *Order) weigh(first, other match.Decision) match.Decision {
	other = o.translated(other)
	switch {
	case other.Conflict:
		return first
	case first.Conflict:
		other.Rests |= match.AssumeLoaded
		return other
	case first.Answer == other.Answer && first.Answer != match.Unknown && first.Rule == other.Rule:
		first.Rests |= other.Rests
		return first
	}
	both := first
	both.Answer, both.Rule = match.Unknown, NoRule
	both.Candidates = union(first, other)
	both.Why |= other.Why
	if first.Answer != match.Unknown || other.Answer != match.Unknown {
		both.Why |= match.WhyLoaded
	}
	both.Open = first.Open || other.Open
	return both
}

// translated is a decision in the numbers of the first order.
func (o *Order) translated(d match.Decision) match.Decision {
	if d.Rule >= 0 {
		d.Rule = o.Rule[d.Rule]
	}
	candidates := make([]int, len(d.Candidates))
	for i, c := range d.Candidates {
		if candidates[i] = c; c >= 0 {
			candidates[i] = o.Rule[c]
		}
	}
	d.Candidates = candidates
	return d
}

// union is all rules that either decision names, in their order.
func union(decisions ...match.Decision) []int {
	var all []int
	for _, d := range decisions {
		if d.Answer == match.Unknown {
			all = append(all, d.Candidates...)
		} else {
			all = append(all, d.Rule)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
