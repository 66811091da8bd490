package html

import (
	"math"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/reports/unit"
)

// costGroup is one scenario: what an operation costs in CPU of all processes, and of what.
type costGroup struct {
	Scenario, Op                     string
	CPUUnit, TailUnit, SizeUnit      string
	Rows                             []costRow
	HasTail, HasLog, HasEvents, Lost bool
}

type costRow struct {
	Arm, Colour                         string
	Work, Tax, Record, Total            string
	WorkWide, TaxFrom, TaxWide          string // of the bar
	RecordFrom, RecordWide              string
	Tail, Log, Events, LostText, Burden string
	Tone                                string
}

// costs adds the stacked bars of CPU per operation.
func (v *runView) costs(d *document) {
	var groups []costGroup
	for _, s := range v.run.Scenarios {
		if g, ok := v.costGroup(s); ok {
			groups = append(groups, g)
		}
	}
	if len(groups) == 0 {
		return
	}
	note := "CPU of all processes per operation. Work is the workload without audit; filter tax is what rules cost that are walked and do not match, an upper bound; record cost is what matched: formatting, queue, auditd, disk. “~0” is a part that noise hides."
	for _, a := range v.run.Arms {
		if a.NotMuted > 0 && a.TwinOf == "" {
			note += " Of " + a.Name + ", " + plural(a.NotMuted, "rule") + " had no room for the mute field: its tax holds their record cost too."
		}
	}
	d.add("cost", "Filter tax and record cost", note, "cost", groups)
}

func (v *runView) costGroup(s result.Scenario) (costGroup, bool) {
	var rows []result.Result
	for _, a := range v.run.Arms {
		if r, ok := v.result(s.Name, a.Name); ok && a.TwinOf == "" {
			rows = append(rows, r)
		}
	}
	most := 0.0
	for _, r := range rows {
		most = max(most, value(r, result.CPUPerOp))
	}
	if most == 0 {
		return costGroup{}, false
	}
	has := func(name string) bool {
		return slices.ContainsFunc(rows, func(r result.Result) bool { return value(r, name) > 0 })
	}
	cpu, tail, size := unit.Pick(unit.Times, most/10), pick(unit.Times, rows, result.LatencyP99), pick(unit.Sizes, rows, result.LogBytesPerOp)
	g := costGroup{Scenario: s.Name, Op: v.op(s.Name), CPUUnit: micro(cpu.Name), TailUnit: micro(tail.Name), SizeUnit: size.Name,
		HasTail: has(result.LatencyP99), HasLog: has(result.LogBytesPerOp), HasEvents: has(result.EventsPerOp), Lost: has(result.Lost)}
	for _, r := range rows {
		g.Rows = append(g.Rows, v.costRow(r, most, cpu, tail, size))
	}
	return g, true
}

func pick(scales []unit.Scale, rows []result.Result, name string) unit.Scale {
	most := 0.0
	for _, r := range rows {
		most = max(most, value(r, name))
	}
	return unit.Pick(scales, most)
}

func micro(name string) string { return strings.Replace(name, "us", "µs", 1) }

func (v *runView) costRow(r result.Result, most float64, cpu, tail, size unit.Scale) costRow {
	total := value(r, result.CPUPerOp)
	work := min(v.work(r), total)
	row := costRow{Arm: r.Arm, Colour: v.colour(r.Arm), Work: digitsOf(work / cpu.Size), Total: scaled(r, result.CPUPerOp, cpu), Tail: scaled(r, result.LatencyP99, tail),
		Log: scaled(r, result.LogBytesPerOp, size), Events: scaled(r, result.EventsPerOp, unit.Scale{Size: 1}), LostText: digits(value(r, result.Lost))}
	row.Tax, row.Record = hidden(r, result.FilterTaxPerOp, cpu), hidden(r, result.RecordCostPerOp, cpu)
	tax, record := max(value(r, result.FilterTaxPerOp), 0), max(value(r, result.RecordCostPerOp), 0)
	if over := work + tax + record; over > total && over > work {
		tax, record = tax*(total-work)/(over-work), record*(total-work)/(over-work) // parts are medians of their own: the bar ends where the total does
	}
	row.WorkWide = percentAt(work / most)
	row.TaxFrom, row.TaxWide = percentAt(work/most), percentAt(tax/most)
	row.RecordFrom, row.RecordWide = percentAt((work+tax)/most), percentAt(math.Min(record, most)/most)
	if loss(r) != "" {
		row.Tone = "bad"
	}
	return row
}

// work is the CPU of the arm without audit per operation, all of the arm's own where there is no such arm.
func (v *runView) work(r result.Result) float64 {
	if w := value(r, result.WorkCPUPerOp); w > 0 {
		return w
	}
	if base, ok := v.result(r.Scenario, v.noAudit); ok && value(base, result.CPUPerOp) > 0 {
		return value(base, result.CPUPerOp)
	}
	return value(r, result.CPUPerOp)
}

func scaled(r result.Result, name string, s unit.Scale) string {
	m, ok := metric(r, name)
	if !ok {
		return none
	}
	return digitsOf(m.Value / s.Size)
}

// hidden prints a part of the cost; what the noise hides is "~0".
func hidden(r result.Result, name string, s unit.Scale) string {
	m, ok := metric(r, name)
	switch {
	case !ok:
		return none
	case m.Low <= 0:
		return "~0"
	}
	return digitsOf(m.Value / s.Size)
}
