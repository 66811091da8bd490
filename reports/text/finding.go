package text

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/reports/unit"
)

// shownFindings is how many scenarios of an arm the report begins with; the tables have all.
const shownFindings = 2

// findings prints losses first, then for each judged arm the scenarios it hurts most, each with its cause.
func (v *view) findings(p *page) {
	p.gap()
	if len(v.run.Results) == 0 {
		p.prose(alarm, "NOTHING", "was measured")
		return
	}
	v.losses(p)
	for _, a := range v.judged() {
		first, _ := several(v.hurt(a.Name), shownFindings)
		for _, r := range first {
			v.speed(p, r)
			v.cause(p, r)
		}
	}
	v.changes(p)
}

func (v *view) losses(p *page) {
	var lossy []result.Result
	for _, r := range v.run.Results {
		if loss(r) != "" && v.arm(r.Arm).TwinOf == "" {
			lossy = append(lossy, r)
		}
	}
	first, more := several(lossy, 8)
	for _, r := range first {
		p.prose(alarm, "LOST", "%s on %s: %s; counts are lower bounds, speed is not given: a run that drops records is faster",
			r.Arm, r.Scenario, lossText(r))
		v.cause(p, r)
	}
	if more > 0 {
		p.prose(alarm, "LOST", "and on %s more, in the tables", plural(more, "pair of arm and scenario"))
	}
}

func lossText(r result.Result) string {
	var parts []string
	for _, c := range []struct{ name, text string }{
		{result.Lost, "records lost"}, {result.EventsMissing, "events missing"}, {result.PartialEvents, "events partial"},
	} {
		if n := value(r, c.name); n > 0 {
			parts = append(parts, count(n)+" "+c.text)
		}
	}
	if len(parts) == 0 {
		parts = append(parts, strings.Join(r.Findings, "; "))
	}
	return strings.Join(parts, ", ")
}

// hurt is the arm's results with nothing lost, the most slowed down first: those that are told before those that are not, and of each those
// that wrote no log after the others, because a pure system call loop is always the slowest and no one's workload.
func (v *view) hurt(arm string) []result.Result {
	var list []result.Result
	for _, s := range v.run.Scenarios {
		if r, ok := v.result(s.Name, arm); ok && loss(r) == "" && slowness(r) > 0 {
			list = append(list, r)
		}
	}
	slices.SortStableFunc(list, func(a, b result.Result) int {
		if told := v.told(a); told != v.told(b) {
			return map[bool]int{true: -1, false: 1}[told]
		}
		if silent := cmp.Compare(min(value(b, result.LogBytesPerOp), 1), min(value(a, result.LogBytesPerOp), 1)); silent != 0 {
			return silent
		}
		return cmp.Compare(slowness(b), slowness(a))
	})
	return list
}

// told tells whether the result is known to be slower: by a verdict, or because it was stopped at the limit.
func (v *view) told(r result.Result) bool {
	if _, stopped := metric(r, result.AtLeastSlowdown); stopped {
		return true
	}
	_, cpu := metric(r, result.CPURatio)
	_, wall := metric(r, result.Slowdown)
	return cpu && v.word(r, result.CPURatio, "DEARER", "") == "DEARER" || wall && v.word(r, result.Slowdown, "SLOWER", "") == "SLOWER"
}

// slowness orders results: the dearer of CPU and time, or the bound that stands for them.
func slowness(r result.Result) float64 {
	return max(value(r, result.CPURatio), value(r, result.Slowdown), value(r, result.AtLeastSlowdown))
}

// speed prints the one sentence on an arm and scenario, with a verdict word only where the rounds allow one. The headline is CPU of all
// processes together: it is steadier than time, and a scenario of fixed length has no time to compare.
func (v *view) speed(p *page, r result.Result) {
	if m, ok := metric(r, result.AtLeastSlowdown); ok {
		word, comparison := "SLOWER", "times slower than"
		if !v.firm(verdictRounds) {
			word, comparison = "RANGE", "times the wall time of"
		}
		p.prose(bold, word, "%s on %s: at least %s %s %s, stopped at the limit: no figure",
			r.Arm, r.Scenario, unit.Ratio(m.Value), comparison, v.baseline())
		return
	}
	cpu, hasCPU := metric(r, result.CPURatio)
	wall, hasWall := metric(r, result.Slowdown)
	word := v.headline(r)
	switch {
	case hasCPU && hasWall:
		p.prose(bold, word, "%s on %s: %s times the CPU per %s of %s, %s times the wall time%s",
			r.Arm, r.Scenario, interval(cpu), v.op(r.Scenario), v.baseline(), interval(wall), v.tailText(r))
	case hasCPU:
		p.prose(bold, word, "%s on %s: %s times the CPU per %s of %s",
			r.Arm, r.Scenario, interval(cpu), v.op(r.Scenario), v.baseline())
	case hasWall:
		p.prose(bold, word, "%s on %s: %s times the wall time of %s%s",
			r.Arm, r.Scenario, interval(wall), v.baseline(), v.tailText(r))
	}
	if more := v.wouldTell(r); more != "" {
		p.prose(plain, "", "%s", more)
	}
}

func (v *view) baseline() string {
	if v.noAudit == "" {
		return "no audit"
	}
	return v.noAudit
}

func (v *view) tailText(r result.Result) string {
	base, _ := v.result(r.Scenario, v.noAudit)
	from, ok1 := metric(base, result.LatencyP99)
	to, ok2 := metric(r, result.LatencyP99)
	if !ok1 || !ok2 || to.Value == 0 {
		return ""
	}
	return fmt.Sprintf(", p99 %s -> %s", unit.Time(from.Value), unit.Time(to.Value))
}

// cause names the noisiest rule, or the filter tax where the walk over the rules costs more than the records.
func (v *view) cause(p *page, r result.Result) {
	tax, record := value(r, result.FilterTaxPerOp), value(r, result.RecordCostPerOp)
	if loss(r) == "" && tax > record {
		p.prose(plain, "cause", "filter tax: up to %s of CPU per %s, against %s for records; every system call walks the %s, matched or not",
			unit.Time(tax), v.op(r.Scenario), about0(r, result.RecordCostPerOp), plural(len(v.arm(r.Arm).Rules), "rule"))
		return
	}
	if top, share, ok := v.noisiest(r.Scenario, r.Arm); ok {
		a, _ := v.attribution(r.Scenario, r.Arm)
		p.prose(plain, "cause", "%s:%d wrote %s of the bytes, %s events per %s",
			v.file(top.File), top.Line, unit.Percent(share), perOp(top.Events, a.Ops), v.op(r.Scenario))
	}
}

// about0 prints a time; what the noise hides is "~0", as in the table.
func about0(r result.Result, name string) string {
	m, _ := metric(r, name)
	if m.Low <= 0 {
		return "~0"
	}
	return unit.Time(m.Value)
}

// noisiest is the rule with the most bytes and its share.
func (v *view) noisiest(scenario, arm string) (top result.RuleShare, share float64, found bool) {
	a, _ := v.attribution(scenario, arm)
	for _, r := range a.Rules {
		if r.Bytes > top.Bytes {
			top, found = r, true
		}
	}
	if !found {
		return top, 0, false
	}
	return top, float64(top.Bytes) / float64(totalBytes(a)), true
}

func perOp(events, ops uint64) string {
	if ops == 0 {
		return unit.None
	}
	return unit.Digits(float64(events) / float64(ops))
}
