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
		"%% of samples: of the workload's CPU, in audit's functions; run and wait: on a CPU, and runnable without one")
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

func (v *view) explainedTable(p *page, scenario string) {
	t := &table{left: map[int]bool{}, over: []span{{1, 3, "ns per call"}, {4, 7, "% of samples"}, {8, 9, "auditd ms"}, {10, 11, "kauditd ms"}}}
	t.add(plain, "  "+scenario, "tax", "record", "asleep", "filter", "names", "format", "queue", "run", "wait", "run", "wait")
	rows := 0
	for _, e := range v.run.Explained {
		if e.Scenario != scenario || e.Mute {
			continue
		}
		t.add(plain, append([]string{"  " + e.Arm}, v.explainedCells(e)...)...)
		rows++
	}
	if rows > 0 {
		t.print(p)
	}
}

func (v *view) explainedCells(e result.Explained) []string {
	tax, record, asleep := shiftCell(v.taxOf(e)), shiftCell(e.Record), unit.None
	if e.Record != nil && slices.Contains(e.Levels, "scheduler") {
		asleep = nsCell(e.Record.AsleepNs)
	}
	if e.Arm == v.noAudit {
		tax, record = "0", "0"
	}
	cells := []string{tax, record, asleep}
	for _, place := range []string{result.AuditFilter, result.AuditNames, result.AuditFormat, result.AuditQueue} {
		cells = append(cells, sampleShare(e, place))
	}
	for _, t := range []result.SchedulerTimes{e.Auditd, e.Kauditd} {
		run, wait := unit.None, unit.None
		if slices.Contains(e.Levels, "scheduler") {
			run, wait = unit.Digits(float64(t.OnCPUNs)/1e6), unit.Digits(float64(t.WaitingNs)/1e6)
		}
		cells = append(cells, run, wait)
	}
	return cells
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
			if e.Mute {
				name += " (mute)"
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
