package analyze

import (
	"cmp"
	"slices"
)

// mergeLimits bound what a merge holds, in rows: a thousand profiles of a megabyte each, without a name in common, stay below 1 GiB.
type mergeLimits struct {
	names, users, chains, paths, cells, rules, sets, hosts int
}

var mergeWide = mergeLimits{names: 50_000, users: 50_000, chains: 30_000, paths: 100_000, cells: 250_000, rules: 50_000, sets: 10_000, hosts: 50_000}

// merge is a sum of profiles. Lists grow to twice their limit before the lightest rows are given up.
type merge struct {
	sum    Profile
	limits mergeLimits
	began  bool
	rules  map[RuleID]int
	series map[int]*Series // by rule
	whole  Series          // of all
}

func newMerge(l mergeLimits) *merge {
	return &merge{limits: l, rules: map[RuleID]int{}, series: map[int]*Series{}}
}

// add adds a profile, which is the merge's from now on.
func (m *merge) add(p *Profile) {
	s := &m.sum
	s.Shared = p.Shared && (s.Shared || !m.began)
	m.began = true
	s.Total.add(p.Total)
	m.addRules(p)
	m.addTime(p)
	for i, t := range s.tables() {
		from := p.tables()[i]
		t.Rows, t.Other, t.Cut = append(t.Rows, from.Rows...), plus(t.Other, from.Other), t.Cut+from.Cut
	}
	s.Users.Rows, s.Users.Other, s.Users.Cut = append(s.Users.Rows, p.Users.Rows...), plus(s.Users.Other, p.Users.Other), s.Users.Cut+p.Users.Cut
	s.StartedBy.Rows = append(s.StartedBy.Rows, p.StartedBy.Rows...)
	s.StartedBy.Other, s.StartedBy.Cut = plus(s.StartedBy.Other, p.StartedBy.Other), s.StartedBy.Cut+p.StartedBy.Cut
	s.Paths.Rows = append(s.Paths.Rows, p.Paths.Rows...)
	s.Paths.NoPath, s.Paths.Relative = plus(s.Paths.NoPath, p.Paths.NoPath), plus(s.Paths.Relative, p.Paths.Relative)
	s.Paths.Cut += p.Paths.Cut
	s.Cells = append(s.Cells, p.Cells...)
	m.addDoubts(p)
	m.addLog(p)
	m.makeRoom(m.limits)
}

// addRules finds the profile's rules among those of the merge, and gives what it says of them their indexes there.
func (m *merge) addRules(p *Profile) {
	s := &m.sum
	now := make([]int, len(p.Rules))
	for i, r := range p.Rules {
		now[i] = m.ruleIndex(r.RuleID)
		s.Rules[now[i]].Count.add(r.Count)
		s.Rules[now[i]].Maybe += r.Maybe
	}
	s.RulesCut += p.RulesCut
	p.renumber(now)
}

func (m *merge) ruleIndex(id RuleID) int {
	if at, ok := m.rules[id]; ok {
		return at
	}
	if len(m.sum.Rules) >= m.limits.rules && !id.isOther() {
		m.sum.RulesCut++
		return m.ruleIndex(RuleID{File: Other})
	}
	at := len(m.sum.Rules)
	m.rules[id] = at
	m.sum.Rules = append(m.sum.Rules, RuleCount{RuleID: id})
	return at
}

// addTime adds what is about when. The rules of p are those of the merge already.
func (m *merge) addTime(p *Profile) {
	s := &m.sum
	s.Rate.Bursts = worstOf(append(s.Rate.Bursts, p.Rate.Bursts...))
	if r := p.Rate; r.PeakEvents > s.Rate.PeakEvents || r.PeakEvents == s.Rate.PeakEvents && r.PeakSec < s.Rate.PeakSec {
		s.Rate.PeakSec, s.Rate.PeakEvents = r.PeakSec, r.PeakEvents
	}
	m.whole = m.whole.join(p.Series)
	for _, r := range p.RuleSeries {
		wide := p.Series.ofRule(r)
		if old := m.series[r.Rule]; old != nil {
			wide = old.join(wide)
		}
		m.series[r.Rule] = &wide
	}
	w := &s.Window
	w.Boots += p.Window.Boots
	w.HostsCut += p.Window.HostsCut
	w.Hosts = append(w.Hosts, p.Window.Hosts...)
	w.Holes = longest(append(w.Holes, p.Window.Holes...))
	w.Silence = longest([]Hole{w.Silence, p.Window.Silence})[0]
}

// addDoubts adds what is not sure.
func (m *merge) addDoubts(p *Profile) {
	s := &m.sum
	s.Unknown.Reasons = joinTallied(append(s.Unknown.Reasons, p.Unknown.Reasons...))
	s.Unknown.Sets, s.Unknown.Other = append(s.Unknown.Sets, p.Unknown.Sets...), plus(s.Unknown.Other, p.Unknown.Other)
	s.Assumptions = joinTallied(append(s.Assumptions, p.Assumptions...))
	s.Unexplained = slices.Compact(sorted(append(s.Unexplained, p.Unexplained...)))
	s.Unexplained = s.Unexplained[:min(len(s.Unexplained), maxUnexplained)]
	c, from := &s.Conflicts, p.Conflicts
	if from.Events == 0 {
		return
	}
	if c.Events == 0 || cmp.Or(cmp.Compare(from.FirstSec, c.FirstSec), cmp.Compare(from.Input, c.Input), cmp.Compare(from.Line, c.Line)) < 0 {
		c.FirstSec, c.Input, c.Line = from.FirstSec, from.Input, from.Line
	}
	c.LastSec = max(c.LastSec, from.LastSec)
	c.Events += from.Events
	c.KeysCut += from.KeysCut
	c.Keys = joinTallied(append(c.Keys, from.Keys...))
}

func sorted(list []string) []string {
	slices.Sort(list)
	return list
}

func joinTallied(list []Tallied) []Tallied {
	return gather(list,
		func(a, b Tallied) int { return cmp.Compare(a.Name, b.Name) },
		func(a, b Tallied) int { return cmp.Compare(b.Events, a.Events) },
		func(into *Tallied, from Tallied) { into.Events += from.Events })
}

// addLog adds what was read and where from.
func (m *merge) addLog(p *Profile) {
	s, l := &m.sum, p.Log
	s.Log.Bytes += l.Bytes
	s.Log.Partial += l.Partial
	s.Log.Missing += l.Missing
	s.Log.Duplicates += l.Duplicates
	s.Log.Late += l.Late
	s.Log.Skipped = gather(append(s.Log.Skipped, l.Skipped...),
		func(a, b Skipped) int { return cmp.Compare(a.Reason, b.Reason) },
		func(a, b Skipped) int { return cmp.Compare(b.Lines, a.Lines) },
		func(into *Skipped, from Skipped) {
			into.Lines, into.Bytes = into.Lines+from.Lines, into.Bytes+from.Bytes
			if cmp.Or(cmp.Compare(from.Input, into.Input), cmp.Compare(from.Line, into.Line)) < 0 {
				into.Input, into.Line = from.Input, from.Line
			}
		})
	for _, o := range p.Origins {
		s.Origins = s.Origins.plus(o)
	}
}

func (b Books) plus(o OriginCount) Books {
	for i := range b {
		if b[i].Origin == o.Origin {
			b[i].Count.add(o.Count)
			return b
		}
	}
	return append(b, o)
}
