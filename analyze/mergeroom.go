package analyze

import (
	"cmp"
	"slices"
	"strings"
)

// makeRoom joins equal rows of lists that have grown to twice their limit, and gives up the lightest where that is not enough.
func (m *merge) makeRoom(l mergeLimits) {
	s := &m.sum
	for _, t := range s.tables() {
		if len(t.Rows) > 2*l.names {
			t.tidy()
			t.Rows, t.Other, t.Cut = keepRows(t.Rows, l.names, t.Other, t.Cut, func(n Named) Count { return n.Count })
		}
	}
	if u := &s.Users; len(u.Rows) > 2*l.users {
		u.tidy()
		u.Rows, u.Other, u.Cut = keepRows(u.Rows, l.users, u.Other, u.Cut, func(c UserCount) Count { return c.Count })
	}
	if c := &s.StartedBy; len(c.Rows) > 2*l.chains {
		c.tidy()
		c.Rows, c.Other, c.Cut = keepRows(c.Rows, l.chains, c.Other, c.Cut, func(c Chain) Count { return c.Count })
	}
	if len(s.Paths.Rows) > 2*l.paths {
		s.Paths.tidy()
		s.Paths.cut(l.paths)
	}
	if len(s.Cells) > 2*l.cells {
		s.Cells = tidyCells(s.Cells)
		s.cutCells(l.cells)
	}
	if len(s.Unknown.Sets) > 2*l.sets {
		s.cutSets(l.sets)
	}
	if len(s.Window.Hosts) > 2*l.hosts {
		s.Window.joinHosts()
		s.Window.cutHosts(l.hosts)
	}
	if c := &s.Conflicts; len(c.Keys) > l.names {
		c.KeysCut += uint64(len(c.Keys) - l.names)
		c.Keys = c.Keys[:l.names]
	}
}

// cutSets joins equal sets and leaves the heaviest.
func (p *Profile) cutSets(most int) {
	u := &p.Unknown
	u.Sets = tidySets(u.Sets)
	u.Sets, u.Other, _ = keepRows(u.Sets, most, u.Other, 0, func(c Candidates) Count { return c.Count })
}

// joinHosts makes rows of the same host one. Those without a name may be of different hosts, and stay.
func (w *Window) joinHosts() {
	slices.SortStableFunc(w.Hosts, func(a, b Host) int { return strings.Compare(a.Name, b.Name) })
	out := w.Hosts[:0]
	for _, h := range w.Hosts {
		if n := len(out); n > 0 && h.Name != "" && out[n-1].Name == h.Name {
			out[n-1].join(h)
			continue
		}
		out = append(out, h)
	}
	w.Hosts = out
	w.tidy()
}

// profile ends the merge.
func (m *merge) profile() *Profile {
	s := &m.sum
	s.Schema = Schema
	s.Window.joinHosts()
	for i := range s.Window.Hosts {
		h := &s.Window.Hosts[i]
		if h.Name != Other {
			h.CoveredSec = min(h.CoveredSec, h.LastSec-h.FirstSec) // profiles of the same time are no more time
		}
	}
	for _, t := range s.tables() {
		t.tidy()
	}
	s.Users.tidy()
	s.StartedBy.tidy()
	s.Paths.tidy()
	m.sortRules()
	s.Cells = tidyCells(s.Cells)
	s.cutSets(maxSets)
	slices.SortFunc(s.Origins, func(a, b OriginCount) int { return cmp.Compare(a.Origin, b.Origin) })
	if c := &s.Conflicts; len(c.Keys) > maxConflictKeys {
		c.KeysCut += uint64(len(c.Keys) - maxConflictKeys)
		c.Keys = c.Keys[:maxConflictKeys]
	}
	m.endSeries()
	s.fill()
	return s
}

// sortRules puts the rules in an order that the profiles have nothing to do with: by file, line and text, the row of the others last.
func (m *merge) sortRules() {
	s := &m.sum
	order := make([]int, len(s.Rules))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return compareRules(s.Rules[a].RuleID, s.Rules[b].RuleID) })
	now, rules, series := make([]int, len(order)), make([]RuleCount, len(order)), map[int]*Series{}
	for to, from := range order {
		now[from], rules[to] = to, s.Rules[from]
		if m.series[from] != nil {
			series[to] = m.series[from]
		}
	}
	s.Rules, m.series = rules, series
	s.renumber(now)
	s.Rate.Bursts = worstOf(s.Rate.Bursts)
}

func compareRules(a, b RuleID) int {
	if a.isOther() || b.isOther() {
		switch {
		case a == b:
			return 0
		case a.isOther():
			return 1
		}
		return -1
	}
	return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), strings.Compare(a.Text, b.Text))
}

// endSeries takes the series of the heaviest rules that are there whole.
func (m *merge) endSeries() {
	s := &m.sum
	s.Series = m.whole
	s.RuleSeries = nil
	for _, rule := range heaviestRules(s.Rules) {
		line := m.series[rule]
		if line == nil || len(s.RuleSeries) == maxRuleSeries {
			continue
		}
		var events uint64
		for _, n := range line.Events {
			events += n
		}
		if events == s.Rules[rule].Events {
			s.RuleSeries = append(s.RuleSeries, s.Series.forRule(rule, *line))
		}
	}
}

// fill makes empty lists of those that are not there.
func (p *Profile) fill() {
	for _, t := range p.tables() {
		t.Rows = notNil(t.Rows)
	}
	p.Window.Hosts, p.Window.Holes, p.Log.Skipped = notNil(p.Window.Hosts), notNil(p.Window.Holes), notNil(p.Log.Skipped)
	p.Origins, p.Rules, p.Users.Rows = notNil(p.Origins), notNil(p.Rules), notNil(p.Users.Rows)
	p.Paths.Rows, p.StartedBy.Rows, p.Cells = notNil(p.Paths.Rows), notNil(p.StartedBy.Rows), notNil(p.Cells)
	for i := range p.StartedBy.Rows {
		p.StartedBy.Rows[i].Programs = notNil(p.StartedBy.Rows[i].Programs)
	}
	p.Rate.Bursts, p.Series.Events, p.Series.Bytes = notNil(p.Rate.Bursts), notNil(p.Series.Events), notNil(p.Series.Bytes)
	p.RuleSeries, p.Unknown.Reasons, p.Unknown.Sets = notNil(p.RuleSeries), notNil(p.Unknown.Reasons), notNil(p.Unknown.Sets)
	p.Assumptions, p.Conflicts.Keys, p.Unexplained = notNil(p.Assumptions), notNil(p.Conflicts.Keys), notNil(p.Unexplained)
}

func notNil[S ~[]E, E any](list S) S {
	if list == nil {
		return S{}
	}
	return list
}
