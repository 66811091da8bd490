package analyze

import (
	"cmp"
	"slices"
)

// isOther tells the row of the rules that had none.
func (r RuleID) isOther() bool { return r == RuleID{File: Other} }

// cutRules gives up rules that recorded nothing, the last first, then the lightest; what those recorded is in one row.
func (p *Profile) cutRules(most int) {
	if len(p.Rules) <= most {
		return
	}
	var order []int
	other := RuleCount{RuleID: RuleID{File: Other}}
	for i, r := range p.Rules {
		if r.isOther() {
			other.Count, other.Maybe = r.Count, r.Maybe
		} else {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(heavier(p.Rules[a].Count, p.Rules[b].Count), cmp.Compare(p.Rules[b].Maybe, p.Rules[a].Maybe))
	})
	most = min(most, len(order))
	for _, rule := range order[most:] {
		other.Count.add(p.Rules[rule].Count)
		other.Maybe += p.Rules[rule].Maybe
		p.RulesCut++
	}
	slices.Sort(order[:most])
	p.keepRules(order[:most], other)
}

// keepRules makes the rules at these places, in their order, and other the rules of the profile.
func (p *Profile) keepRules(kept []int, other RuleCount) {
	now := make([]int, len(p.Rules))
	for i := range now {
		now[i] = len(kept) // the row of the others
	}
	var rules []RuleCount
	for i, rule := range kept {
		now[rule] = i
		rules = append(rules, p.Rules[rule])
	}
	p.Rules = append(rules, other)
	p.renumber(now)
	p.Cells, p.Unknown.Sets = tidyCells(p.Cells), tidySets(p.Unknown.Sets)
	p.RuleSeries = slices.DeleteFunc(p.RuleSeries, func(s RuleSeries) bool { return s.Rule == len(kept) })
}

// renumber gives every mention of a rule its new index. Cells and sets may then be there twice.
func (p *Profile) renumber(now []int) {
	for i := range p.Cells {
		p.Cells[i].Rule = newIndex(p.Cells[i].Rule, now)
	}
	for i := range p.Rate.Bursts {
		p.Rate.Bursts[i].Rule = newIndex(p.Rate.Bursts[i].Rule, now)
	}
	for i := range p.RuleSeries {
		p.RuleSeries[i].Rule = newIndex(p.RuleSeries[i].Rule, now)
	}
	for i := range p.Unknown.Sets {
		p.Unknown.Sets[i].renumber(now)
	}
}

func newIndex(rule int, now []int) int {
	if rule == NoRule {
		return NoRule
	}
	return now[rule]
}

func (c *Candidates) renumber(now []int) {
	for i, rule := range c.Rules {
		c.Rules[i] = newIndex(rule, now)
	}
	slices.Sort(c.Rules)
	c.Rules = slices.Compact(c.Rules)
}

func tidySets(sets []Candidates) []Candidates {
	return gather(sets,
		func(a, b Candidates) int { return slices.Compare(a.Rules, b.Rules) },
		func(a, b Candidates) int { return heavier(a.Count, b.Count) },
		func(into *Candidates, from Candidates) { into.Count.add(from.Count) })
}
