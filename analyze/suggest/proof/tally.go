package proof

import (
	"cmp"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/analyze/suggest"
)

// changeTally is what one change takes.
type changeTally struct {
	saved      suggest.Parts
	unknown    suggest.Volume
	hosts      map[string]struct{}
	collateral map[int]*suggest.Volume // by old rule; NoRule for what no rule alone recorded
	behaviours behaviours
}

// maxHosts is how many hosts are told apart.
const maxHosts = 1024

func newChangeTally(b *behaviourBudget) *changeTally {
	return &changeTally{hosts: map[string]struct{}{}, collateral: map[int]*suggest.Volume{}, behaviours: newBehaviours(b)}
}

// take adds an event of which the change takes something.
func (t *changeTally) take(row *analyze.Row, c *suggest.Change, gone suggest.Volume, tested bool) {
	add(&t.saved, tested, gone)
	if _, known := t.hosts[row.Node]; !known && len(t.hosts) < maxHosts {
		t.hosts[strings.Clone(row.Node)] = struct{}{}
	}
	if len(c.Quiets) > 0 {
		t.addCollateral(row, c.Quiets, gone)
	}
	if gone.Events > 0 {
		t.behaviours.add(row, tested)
	}
}

// addCollateral counts what the change takes from rules that it is not meant for.
func (t *changeTally) addCollateral(row *analyze.Row, quiets []int, gone suggest.Volume) {
	rule := analyze.NoRule
	switch {
	case row.Origin == analyze.Rules && slices.Contains(quiets, row.Rule):
		return
	case row.Origin == analyze.Rules:
		rule = row.Rule
	case row.Origin == analyze.Undecided && among(row.Candidates, quiets):
		return
	}
	if t.collateral[rule] == nil {
		t.collateral[rule] = &suggest.Volume{}
	}
	t.collateral[rule].Add(gone)
}

// among tells whether all rules of a list are in another.
func among(rules, in []int) bool {
	return !slices.ContainsFunc(rules, func(r int) bool { return !slices.Contains(in, r) })
}

// losses are the rules that lose events besides, the heaviest first.
func (t *changeTally) losses() []suggest.RuleLoss {
	list := []suggest.RuleLoss{}
	for rule, v := range t.collateral {
		list = append(list, suggest.RuleLoss{Rule: rule, Volume: *v})
	}
	slices.SortFunc(list, func(a, b suggest.RuleLoss) int {
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(a.Rule, b.Rule))
	})
	return list
}
