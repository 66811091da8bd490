package text

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/reports/unit"
)

// costs prints one table for each scenario, and once what its columns mean.
func (v *view) costs(p *page) {
	taxed := false
	for _, s := range v.run.Scenarios {
		if v.cost(p, s) {
			taxed = true
		}
	}
	if !taxed {
		return
	}
	p.gap()
	p.prose(plain, "costs", "work: the workload without audit; tax: rules that are walked and do not match; record: what matched. "+
		"tax is an upper bound: in the mute copy the walk goes on past what would have matched")
	for _, a := range v.run.Arms {
		if a.NotMuted > 0 {
			p.prose(plain, "", "%s: %s had no room for the mute field, so its tax holds their record cost too", a.Name, plural(a.NotMuted, "rule"))
		}
	}
}

// cost prints the arms of one scenario, and tells whether a filter tax is among the figures.
func (v *view) cost(p *page, s result.Scenario) (taxed bool) {
	var rows []result.Result
	for _, a := range v.run.Arms {
		if r, ok := v.result(s.Name, a.Name); ok && a.TwinOf == "" {
			rows = append(rows, r)
			_, has := metric(r, result.FilterTaxPerOp)
			taxed = taxed || has
		}
	}
	if len(rows) == 0 {
		return false
	}
	p.gap()
	p.row(bold, v.scenarioLine(s))
	v.costTable(s, rows, p.width).print(p)
	for _, r := range rows {
		found, more := several(r.Findings, 3)
		for _, f := range found {
			p.prose(plain, "", "%s: %s", r.Arm, f)
		}
		if more > 0 {
			p.prose(plain, "", "%s: and %s more, in result.json", r.Arm, plural(more, "finding"))
		}
	}
	v.perDay(p, s, rows)
	return taxed
}

func (v *view) scenarioLine(s result.Scenario) string {
	line := s.Name
	if s.Session != "" && !strings.Contains(s.Name, s.Session) {
		line += " (" + s.Session + ")"
	}
	if s.Ops > 0 {
		line += fmt.Sprintf(": %s a slot, op = one %s", count(float64(s.Ops)), v.op(s.Name))
	}
	return line
}

// column is one column of the cost table.
type column struct {
	over, head string
	cell       func(r result.Result) string
	left       bool
}

// costTable has the columns of the first screen, and as many others as the width allows.
func (v *view) costTable(s result.Scenario, rows []result.Result, width int) *table {
	columns := v.columns(rows)
	extra := slices.DeleteFunc(v.extraColumns(rows), func(c column) bool {
		return !slices.ContainsFunc(rows, func(r result.Result) bool { return c.cell(r) != unit.None })
	})
	for n := len(extra); ; n-- {
		t := build(append(columns[:len(columns):len(columns)], extra[:n]...), rows)
		if n == 0 || t.fits(width) {
			return t
		}
	}
}

func build(columns []column, rows []result.Result) *table {
	t := &table{left: map[int]bool{}}
	heads := []string{""}
	for i, c := range columns {
		heads = append(heads, c.head)
		t.left[i+1] = c.left
		if c.over == "" {
			continue
		}
		last := i + 1
		for last < len(columns) && columns[last].over == "" {
			last++
		}
		t.over = append(t.over, span{i + 1, last, c.over})
	}
	t.add(plain, heads...)
	for _, r := range rows {
		cells := []string{"  " + r.Arm}
		for _, c := range columns {
			cells = append(cells, c.cell(r))
		}
		s := plain
		if loss(r) != "" {
			s = alarm
		}
		t.add(s, cells...)
	}
	return t
}

func (v *view) columns(rows []result.Result) []column {
	cpu := scaleOf(unit.Times, rows, result.CPUPerOp, 100)
	tail := scaleOf(unit.Times, rows, result.LatencyP99, 1)
	size := scaleOf(unit.Sizes, rows, result.LogBytesPerOp, 1)
	return []column{
		{"slowdown", v.intervalHead(rows), v.slowdown, true},
		{"CPU " + cpu.Name + "/op, all processes", "work", func(r result.Result) string { return v.work(r, cpu) }, false},
		{"", "+tax", func(r result.Result) string { return v.part(r, result.FilterTaxPerOp, cpu) }, false},
		{"", "+record", func(r result.Result) string { return v.part(r, result.RecordCostPerOp, cpu) }, false},
		{"", "=total", timed(result.CPUPerOp, cpu), false},
		{"p99", tail.Name, timed(result.LatencyP99, tail), false},
		{"log", size.Name + "/op", func(r result.Result) string { return volume(r, size) }, false},
		{" ", "lost", func(r result.Result) string { return counted(r, result.Lost) }, false},
	}
}

// extraColumns are shown where there is room, the most wanted first.
func (v *view) extraColumns(rows []result.Result) []column {
	mid := scaleOf(unit.Times, rows, result.LatencyP50, 1)
	top := scaleOf(unit.Times, rows, result.LatencyMax, 1)
	wait := scaleOf(unit.Times, rows, result.BacklogWait, 1)
	drain := scaleOf(unit.Times, rows, result.Drain, 1)
	return []column{
		{"CPU", "times", ratio(result.CPURatio), false},
		{" ", "events/op", timed(result.EventsPerOp, unit.Scale{Size: 1}), false},
		{"speed", "op/s", timed(result.OpsPerSecond, unit.Scale{Size: 1}), false},
		{"max", top.Name, timed(result.LatencyMax, top), false},
		{"p99.9", top.Name, func(r result.Result) string { return rare(r, top) }, false},
		{"p50", mid.Name, timed(result.LatencyP50, mid), false},
		{"backlog", "peak", func(r result.Result) string { return counted(r, result.BacklogPeak) }, false},
		{"wait", wait.Name, timed(result.BacklogWait, wait), false},
		{"auditd", "% CPU", cpuShare(result.AuditdCPU), false},
		{"kauditd", "% CPU", cpuShare(result.KauditdCPU), false},
		{"drain", drain.Name, timed(result.Drain, drain), false},
	}
}

// scaleOf fits the largest value of the metric, so that a column has one unit; spread leaves room below for parts that much smaller.
func scaleOf(scales []unit.Scale, rows []result.Result, name string, spread float64) unit.Scale {
	most := 0.0
	for _, r := range rows {
		most = max(most, math.Abs(value(r, name)))
	}
	return unit.Pick(scales, most/spread)
}

func (v *view) intervalHead(rows []result.Result) string {
	for _, r := range rows {
		if m, ok := metric(r, result.Slowdown); ok && r.Arm != v.noAudit && !v.firm(m.N) {
			return "[range]"
		}
	}
	return "[95 % CI]"
}

func (v *view) slowdown(r result.Result) string {
	if l := loss(r); l != "" {
		return l
	}
	if m, ok := metric(r, result.AtLeastSlowdown); ok {
		return "at least " + unit.Ratio(m.Value)
	}
	if r.Arm == v.noAudit && r.Slots > 0 {
		return "1.00"
	}
	if m, ok := metric(r, result.Slowdown); ok {
		return interval(m)
	}
	return unit.None
}

// unspoiled tells whether times of the result mean anything: nothing lost, no slot stopped.
func unspoiled(r result.Result) bool {
	_, stopped := metric(r, result.AtLeastSlowdown)
	return loss(r) == "" && !stopped
}

// work is the CPU of the same work without audit.
func (v *view) work(r result.Result, scale unit.Scale) string {
	if !unspoiled(r) {
		return unit.None
	}
	if m, ok := metric(r, result.WorkCPUPerOp); ok {
		return unit.Digits(m.Value / scale.Size)
	}
	base, _ := v.result(r.Scenario, v.noAudit)
	return timed(result.CPUPerOp, scale)(base)
}

// part prints tax or record cost; what the noise hides is "~0".
func (v *view) part(r result.Result, name string, scale unit.Scale) string {
	m, ok := metric(r, name)
	switch {
	case !unspoiled(r):
		return unit.None
	case !ok && r.Arm == v.noAudit && r.Slots > 0:
		return "0"
	case !ok:
		return unit.None
	case m.Value == 0 && m.Low == 0 && m.High == 0:
		return "0"
	case m.Low <= 0 && m.High >= 0:
		return "~0"
	}
	return unit.Digits(m.Value / scale.Size)
}

// timed prints a metric in the scale, "-" where it is absent or spoiled by loss.
func timed(name string, scale unit.Scale) func(result.Result) string {
	return func(r result.Result) string {
		m, ok := metric(r, name)
		if !ok || !unspoiled(r) {
			return unit.None
		}
		return unit.Digits(m.Value / scale.Size)
	}
}

// rare prints the latency that one operation of a thousand exceeds; only all slots together have it.
func rare(r result.Result, scale unit.Scale) string {
	if r.Latency == nil || !unspoiled(r) {
		return unit.None
	}
	return unit.Digits(float64(r.Latency.P999Ns) / scale.Size)
}

// ratio prints a ratio to the arm without audit.
func ratio(name string) func(result.Result) string {
	return func(r result.Result) string {
		m, ok := metric(r, name)
		if !ok || !unspoiled(r) {
			return unit.None
		}
		return unit.Ratio(m.Value)
	}
}

// volume prints log bytes per operation; after a loss it is a lower bound.
func volume(r result.Result, scale unit.Scale) string {
	m, ok := metric(r, result.LogBytesPerOp)
	if !ok {
		return unit.None
	}
	if loss(r) != "" {
		return ">" + unit.Digits(m.Value/scale.Size)
	}
	return unit.Digits(m.Value / scale.Size)
}

func counted(r result.Result, name string) string {
	m, ok := metric(r, name)
	if !ok {
		return unit.None
	}
	return count(m.Value)
}

// cpuShare is a process's CPU as a percentage of the slot's wall time.
func cpuShare(name string) func(result.Result) string {
	return func(r result.Result) string {
		cpu, ok1 := metric(r, name)
		wall, ok2 := metric(r, result.Wall)
		if !ok1 || !ok2 || wall.Value <= 0 || !unspoiled(r) {
			return unit.None
		}
		return unit.Digits(100 * cpu.Value / wall.Value)
	}
}

// perDay gives volume for a rate that the user states, never for the benchmark's own.
func (v *view) perDay(p *page, s result.Scenario, rows []result.Result) {
	rate := v.rate(s.Name)
	if rate <= 0 {
		return
	}
	var parts []string
	for _, r := range rows {
		m, ok := metric(r, result.LogBytesPerOp)
		if !ok || r.Arm == v.noAudit {
			continue
		}
		more := ""
		if loss(r) != "" {
			more = "more than "
		}
		parts = append(parts, r.Arm+" "+more+unit.Bytes(m.Value*rate*86400))
	}
	if len(parts) > 0 {
		p.prose(plain, "", "log a day at %s %s/s: %s", unit.Digits(rate), v.op(s.Name), strings.Join(parts, ", "))
	}
}
