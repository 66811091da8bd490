package text

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/reports/unit"
)

// explained prints what the explain slots saw: one table for each scenario, and once what its columns mean.
func (v *view) explained(p *page) {
	if len(v.run.Explained) == 0 {
		return
	}
	p.gap()
	p.prose(plain, "explain", "slots with probes in the kernel, one each and never timed; per system call, between the kernel's tracepoints; %s", v.probeCost())
	for _, s := range v.run.Scenarios {
		v.explainedTable(p, s.Name)
	}
	p.prose(plain, "", "tax: a call that is not recorded, beside no audit; record: one that is, beside the mute copy; asleep: how much longer it slept for room in the backlog; "+
		"%% of samples: of the workload's CPU, in audit's functions; run and wait: on a CPU, and runnable without one; no tax below that of the arm without audit, run again, means anything")
	notes, more := several(v.explainedNotes(), 3)
	for _, n := range notes {
		p.prose(plain, "", "%s", n)
	}
	if more > 0 {
		p.prose(plain, "", "and %s more, in result.json", plural(more, "note"))
	}
}

// probeCost says what the probes themselves cost.
func (v *view) probeCost() string {
	if ns := v.run.Explained[0].ProbeNs; ns > 0 {
		return "the probes add " + unit.Digits(ns) + " ns to each, calibrated in this run"
	}
	return "what the probes add to each is not known"
}

// explainedColumns are groups of columns; where the page is narrow the last ones are left out.
var explainedColumns = []struct {
	over  string
	heads []string
	cells func(v *view, e result.Explained) []string
}{
	{"ns per call", []string{"tax", "record", "asleep"}, (*view).shiftCells},
	{"% of samples", []string{"filter", "names", "format", "queue"}, sampleCells},
	{"auditd ms", []string{"run", "wait"}, func(_ *view, e result.Explained) []string { return turnCells(e, e.Auditd) }},
	{"kauditd ms", []string{"run", "wait"}, func(_ *view, e result.Explained) []string { return turnCells(e, e.Kauditd) }},
}

func (v *view) explainedTable(p *page, scenario string) {
	for groups := len(explainedColumns); ; groups-- {
		t := v.explainedGroups(scenario, groups)
		if len(t.rows) == 1 {
			return // not explained
		}
		if groups == 1 || t.fits(p.width) {
			t.print(p)
			return
		}
	}
}

// explainedGroups is the table with the first groups of columns.
func (v *view) explainedGroups(scenario string, groups int) *table {
	t := &table{left: map[int]bool{}}
	heads := []string{"  " + scenario}
	for _, g := range explainedColumns[:groups] {
		t.over = append(t.over, span{len(heads), len(heads) + len(g.heads) - 1, g.over})
		heads = append(heads, g.heads...)
	}
	t.add(plain, heads...)
	for _, e := range v.run.Explained {
		if e.Scenario != scenario || e.Mute {
			continue
		}
		cells := []string{"  " + e.Arm}
		if e.Again {
			cells[0] += ", again"
		}
		for _, g := range explainedColumns[:groups] {
			cells = append(cells, g.cells(v, e)...)
		}
		t.add(plain, cells...)
	}
	return t
}

func (v *view) shiftCells(e result.Explained) []string {
	if e.Arm == v.noAudit && !e.Again {
		return []string{"0", "0", unit.None}
	}
	asleep := unit.None
	if e.Record != nil && slices.Contains(e.Levels, "scheduler") {
		asleep = nsCell(e.Record.AsleepNs)
	}
	return []string{shiftCell(v.taxOf(e)), shiftCell(e.Record), asleep}
}

func sampleCells(_ *view, e result.Explained) (cells []string) {
	for _, place := range []string{result.AuditFilter, result.AuditNames, result.AuditFormat, result.AuditQueue} {
		cells = append(cells, sampleShare(e, place))
	}
	return cells
}

func turnCells(e result.Explained, t result.SchedulerTimes) []string {
	if !slices.Contains(e.Levels, "scheduler") {
		return []string{unit.None, unit.None}
	}
	return []string{fmt.Sprintf("%.1f", float64(t.OnCPUNs)/1e6), fmt.Sprintf("%.1f", float64(t.WaitingNs)/1e6)}
}

// taxOf is the tax under the mute copy, where every call can be compared; without one that of the calls that were not recorded.
func (v *view) taxOf(e result.Explained) *result.Shift {
	for _, m := range v.run.Explained {
		if m.Mute && m.Scenario == e.Scenario && m.Arm == e.Arm && m.Tax != nil {
			return m.Tax
		}
	}
	return e.Tax
}

func shiftCell(s *result.Shift) string {
	if s == nil {
		return unit.None
	}
	return nsCell(s.Ns)
}

// nsCell prints whole nanoseconds: a single slot gives no more.
func nsCell(ns float64) string {
	if math.Abs(ns) >= 1e15 || math.IsNaN(ns) {
		return unit.None
	}
	return unit.Count(int64(math.Round(ns)))
}

func sampleShare(e result.Explained, place string) string {
	var all uint64
	for _, n := range e.Samples {
		all += n
	}
	if all == 0 {
		return unit.None
	}
	return fmt.Sprintf("%.1f", 100*float64(e.Samples[place])/float64(all))
}

// explainedNotes are what is missing or short, each once, with the slots that it is of.
func (v *view) explainedNotes() []string {
	of := map[string][]string{}
	var order []string
	for _, e := range v.run.Explained {
		for _, n := range e.Notes {
			if of[n] == nil {
				order = append(order, n)
			}
			name := e.Arm
			switch {
			case e.Mute:
				name += " (mute)"
			case e.Again:
				name += " (again)"
			}
			of[n] = append(of[n], name+" on "+e.Scenario)
		}
	}
	for i, n := range order {
		if where := of[n]; len(where) < len(v.run.Explained) {
			first, more := several(where, 2)
			order[i] = strings.Join(first, ", ") + ": " + n
			if more > 0 {
				order[i] = strings.Join(first, ", ") + " and " + plural(more, "more slot") + ": " + n
			}
		}
	}
	return order
}
