package main

import (
	"io"
	"sort"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/bench"
	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/audit/event"
)

// attributor joins the two wings: a slot's log goes through analyze and comes back as a part of the run.
type attributor struct{}

// Attribute builds the profile of an attribution slot.
func (attributor) Attribute(log io.Reader, in bench.AttributionInput) (result.Attribution, result.Books, error) {
	p, err := analyze.Build(log, &analyze.ExtraKeys{Prefix: in.KeyPrefix, Rules: len(in.Rules), FullKeys: in.FullKeys,
		Personality: in.Personality, Marks: in.Marks, HarnessPIDs: in.HarnessPIDs,
		FirstSerial: in.FirstSerial, LastSerial: in.LastSerial}, event.Options{})
	if err != nil {
		return result.Attribution{}, result.Books{}, err
	}
	return attributionOf(p, in), booksOf(p, in), nil
}

func booksOf(p *analyze.Profile, in bench.AttributionInput) result.Books {
	b := result.Books{Scenario: in.Scenario, Arm: in.Arm, LogBytes: p.LogBytes, Unexplained: p.Unexplained,
		UnexplainedBytes: p.LogBytes, UnexplainedEvents: p.Origins[analyze.Unexplained].Events}
	for _, o := range analyze.Origins() {
		c := p.Origins[o]
		b.Origins = append(b.Origins, result.Origin{Name: o.String(), Events: c.Events, Records: c.Records, Bytes: c.Bytes})
		b.UnexplainedBytes -= c.Bytes // what no origin claims, whether it was seen or not
	}
	return b
}

func attributionOf(p *analyze.Profile, in bench.AttributionInput) result.Attribution {
	a := result.Attribution{Scenario: in.Scenario, Arm: in.Arm, Ops: in.Ops}
	types := map[string]*result.TypeCount{}
	byRule := map[int]map[string]*result.TypeCount{}
	var events uint64
	for c, n := range p.Cells {
		a.Rows = append(a.Rows, result.Row{Rule: c.Rule, Type: c.Type, Exe: c.Exe, Syscall: c.Syscall, Events: n.Events, Records: n.Records, Bytes: n.Bytes})
		count(types, c.Type, n)
		if byRule[c.Rule] == nil {
			byRule[c.Rule] = map[string]*result.TypeCount{}
		}
		count(byRule[c.Rule], c.Type, n)
	}
	for i, n := range p.Rules {
		r := in.Rules[i]
		a.Rules = append(a.Rules, result.RuleShare{Rule: i, File: r.File, Line: r.Line, Text: r.Text,
			Events: n.Events, Records: n.Records, Bytes: n.Bytes, ByType: sortedTypes(byRule[i])})
		events += n.Events
	}
	a.Types = sortedTypes(types)
	sort.Slice(a.Rules, func(i, j int) bool {
		return before(a.Rules[i].Bytes, a.Rules[j].Bytes, a.Rules[i].Rule < a.Rules[j].Rule)
	})
	sort.Slice(a.Rows, func(i, j int) bool {
		x, y := a.Rows[i], a.Rows[j]
		return before(x.Bytes, y.Bytes, x.Rule < y.Rule || x.Rule == y.Rule && x.Type+"\x00"+x.Exe+"\x00"+x.Syscall < y.Type+"\x00"+y.Exe+"\x00"+y.Syscall)
	})
	if in.Ops > 0 {
		a.EventsPerOp = float64(events) / float64(in.Ops)
	}
	return a
}

func count(m map[string]*result.TypeCount, name string, n *analyze.Count) {
	if m[name] == nil {
		m[name] = &result.TypeCount{Type: name}
	}
	m[name].Records += n.Records
	m[name].Bytes += n.Bytes
}

func sortedTypes(m map[string]*result.TypeCount) []result.TypeCount {
	var list []result.TypeCount
	for _, t := range m {
		list = append(list, *t)
	}
	sort.Slice(list, func(i, j int) bool { return before(list[i].Bytes, list[j].Bytes, list[i].Type < list[j].Type) })
	return list
}

// before sorts the larger first, and equals by something that is the same in every run.
func before(x, y uint64, tie bool) bool {
	if x != y {
		return x > y
	}
	return tie
}
