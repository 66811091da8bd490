package main

import (
	"fmt"
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
	rules := make([]analyze.RuleID, len(in.Rules))
	for i, r := range in.Rules {
		rules[i] = analyze.RuleID{File: r.File, Line: r.Line, Text: r.Text}
	}
	decider, agreement := compared(&analyze.ExtraKeys{Prefix: in.KeyPrefix, Rules: len(in.Rules), FullKeys: in.FullKeys,
		Personality: in.Personality, PIDs: in.PIDs, Marks: in.Marks, HarnessPIDs: in.HarnessPIDs,
		FirstSerial: in.FirstSerial, LastSerial: in.LastSerial}, in)
	p, err := analyze.Build(log, decider, rules, event.Options{})
	if err != nil {
		return result.Attribution{}, result.Books{}, err
	}
	a := attributionOf(p, in)
	a.Agreement = agreement()
	return a, booksOf(p, in), nil
}

// booksOf gives every byte of the slot's log to an origin. What is unexplained is what no origin claims, lines that are no record among it.
func booksOf(p *analyze.Profile, in bench.AttributionInput) result.Books {
	b := result.Books{Scenario: in.Scenario, Arm: in.Arm, LogBytes: p.Log.Bytes, Unexplained: p.Unexplained,
		UnexplainedBytes: p.Log.Bytes, UnexplainedEvents: p.Origins.Of(analyze.Unexplained).Events}
	for _, o := range analyze.SlotOrigins() {
		c := p.Origins.Of(o)
		b.Origins = append(b.Origins, result.Origin{Name: o.String(), Events: c.Events, Records: c.Records, Bytes: c.Bytes})
		b.UnexplainedBytes -= c.Bytes
	}
	for _, s := range p.Log.Skipped {
		b.UnexplainedEvents += s.Lines
		b.Unexplained = append(b.Unexplained, fmt.Sprintf("line %d: %s", s.Line, s.Reason))
	}
	return b
}

// attributionOf takes what the workload made its rules record: the cells of all users together.
func attributionOf(p *analyze.Profile, in bench.AttributionInput) result.Attribution {
	a := result.Attribution{Scenario: in.Scenario, Arm: in.Arm, Ops: in.Ops, Rows: rowsOf(p)}
	types := map[string]*result.TypeCount{}
	byRule := map[int]map[string]*result.TypeCount{}
	var events uint64
	for _, r := range a.Rows {
		count(types, r)
		if byRule[r.Rule] == nil {
			byRule[r.Rule] = map[string]*result.TypeCount{}
		}
		count(byRule[r.Rule], r)
	}
	for i, n := range p.Rules {
		if n.Events == 0 {
			continue
		}
		a.Rules = append(a.Rules, result.RuleShare{Rule: i, File: n.File, Line: n.Line, Text: n.Text,
			Events: n.Events, Records: n.Records, Bytes: n.Bytes, ByType: sortedTypes(byRule[i])})
		events += n.Events
	}
	a.Types = sortedTypes(types)
	sort.Slice(a.Rules, func(i, j int) bool {
		return before(a.Rules[i].Bytes, a.Rules[j].Bytes, a.Rules[i].Rule < a.Rules[j].Rule)
	})
	if in.Ops > 0 {
		a.EventsPerOp = float64(events) / float64(in.Ops)
	}
	return a
}

func rowsOf(p *analyze.Profile) (rows []result.Row) {
	type cell struct {
		rule              int
		typ, exe, syscall string
	}
	at := map[cell]int{}
	for _, c := range p.Cells {
		if c.Origin != analyze.Rules {
			continue
		}
		key := cell{c.Rule, c.Type, c.Exe, c.Syscall}
		i, ok := at[key]
		if !ok {
			i = len(rows)
			at[key] = i
			rows = append(rows, result.Row{Rule: c.Rule, Type: c.Type, Exe: c.Exe, Syscall: c.Syscall})
		}
		r := &rows[i]
		r.Events, r.Records, r.Bytes = r.Events+c.Events, r.Records+c.Records, r.Bytes+c.Bytes
	}
	sort.Slice(rows, func(i, j int) bool {
		x, y := rows[i], rows[j]
		return before(x.Bytes, y.Bytes, x.Rule < y.Rule || x.Rule == y.Rule && x.Type+"\x00"+x.Exe+"\x00"+x.Syscall < y.Type+"\x00"+y.Exe+"\x00"+y.Syscall)
	})
	return rows
}

func count(m map[string]*result.TypeCount, r result.Row) {
	if m[r.Type] == nil {
		m[r.Type] = &result.TypeCount{Type: r.Type}
	}
	m[r.Type].Records += r.Records
	m[r.Type].Bytes += r.Bytes
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
