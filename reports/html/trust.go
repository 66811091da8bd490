package html

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/reports/unit"
)

// fact is a line of a list: a name and what it is.
type fact struct {
	Name, Text, Tone string
}

// facts are lists and small tables of one section.
type facts struct {
	List  []fact
	Grids []grid
}

// trust adds what the run says of itself.
func (v *runView) trust(d *document) {
	t := v.run.Trust
	var f facts
	f.List = append(f.List, v.rejected())
	if t.ContextProof != "" {
		f.List = append(f.List, fact{Name: "Audit context", Text: t.ContextProof})
	}
	f.List = append(f.List, v.matcher()...)
	f.List = append(f.List, v.protocol()...)
	for _, p := range t.Planted {
		word, tone := "found", "good"
		if !p.Found {
			word, tone = "not found: smaller differences may be missed", "bad"
		}
		f.List = append(f.List, fact{Name: "Planted slowdown", Text: fmt.Sprintf("%s on %s, %s: %s", percentOf(p.Share), p.Scenario, p.Arm, word), Tone: tone})
	}
	for _, c := range v.run.PriceChecks {
		f.List = append(f.List, fact{Name: "Prices of rules", Text: fmt.Sprintf("%s on %s: %s foretold per operation, %s measured (%s off)",
			c.Arm, c.Scenario, timeOf(c.PredictedPerOp), timeOf(c.MeasuredPerOp), percentOf(math.Abs(c.Error)))})
	}
	if p := v.run.Prices; p.Slots > 0 {
		f.List = append(f.List, fact{Name: "CPU per record type", Text: fmt.Sprintf("fitted over %s, %s left unexplained", plural(p.Slots, "slot"), percentOf(p.Residual))})
	}
	f.List = append(f.List, fact{Name: "Machine", Text: v.left(), Tone: map[bool]string{false: "bad"}[v.run.Restored.OK]})
	f.Grids = append(f.Grids, v.floorGrid(), v.comparisonGrid(), v.driftGrid(), v.canaryGrid(), v.sweepGrid(), v.shiftGrid(), v.explainedGrid())
	f.Grids = slices.DeleteFunc(f.Grids, func(g grid) bool { return len(g.Rows) == 0 })
	d.add("trust", "What to trust", "", "facts", f)
}

func (v *runView) rejected() fact {
	slots, invalid := 0, 0
	for _, r := range v.run.Results {
		slots, invalid = slots+r.Slots+r.Invalid, invalid+r.Invalid
	}
	text := fmt.Sprintf("%s of %s do not count", countOf(invalid), plural(slots, "timed slot"))
	for _, r := range v.run.Trust.Rejected {
		if r.Rejected > 0 {
			text += fmt.Sprintf("; of %s, %s of %s rejected", r.Arm, countOf(r.Rejected), countOf(r.Slots))
		}
	}
	return fact{Name: "Slots", Text: text}
}

// matcher is how often the matcher, with which logs of other hosts are analyzed, says what the kernel said.
func (v *runView) matcher() []fact {
	var agree, disagree, unknown uint64
	for _, a := range v.run.Attribution {
		agree, disagree, unknown = agree+a.Agreement.Agree, disagree+a.Agreement.Disagree, unknown+a.Agreement.Unknown
	}
	if agree+disagree+unknown == 0 {
		return nil
	}
	f := fact{Name: "Matcher", Text: fmt.Sprintf("agrees with the kernel on %s of %s", countOf(agree), plural(agree+disagree, "event"))}
	if unknown > 0 {
		f.Text += fmt.Sprintf(", of %s more the log does not tell", countOf(unknown))
	}
	if disagree > 0 {
		f.Tone = "bad"
	}
	return []fact{f}
}

// protocol is what was laid down before the first slot.
func (v *runView) protocol() []fact {
	p := v.run.Protocol
	if p == nil {
		return nil
	}
	text := plural(p.Tests, "test") + " at " + percentOf(p.Alpha) + " for all together (Holm)"
	if p.Detectable > 1 {
		text += ", smallest difference that so many rounds find " + figure(unit.Change(p.Detectable))
	}
	list := []fact{{Name: "Laid down before", Text: text}}
	if len(p.Rules) > 0 {
		list = append(list, fact{Name: "Slots are rejected", Text: strings.Join(p.Rules, "; ")})
	}
	return list
}

func (v *runView) left() string {
	r := v.run.Restored
	text := "left as it was found"
	switch {
	case r.Unknown:
		text = "nobody knows how it was left"
	case !r.OK:
		text = "not as it was found"
	}
	if r.AbsentNs > 0 {
		text += "; its own rules were absent " + figure(unit.Long(time.Duration(r.AbsentNs)))
	}
	return text
}

func (v *runView) floorGrid() grid {
	g := grid{Title: "The same set against itself (A/A)", Head: append(words("workload"), numbers("CPU ratio", "interval", "slots")...)}
	for _, name := range slices.Sorted(maps.Keys(v.run.Trust.AA)) {
		m := v.run.Trust.AA[name]
		row := say(name, ratioOf(m.Value), between(m.Low, m.High), countOf(m.N))
		if slices.Contains(v.differing(), name) {
			row[1].Tone = "bad"
		}
		g.Rows = append(g.Rows, row)
	}
	return g
}

func (v *runView) comparisonGrid() grid {
	g := grid{Title: "Tests", Head: append(words("arm", "beside", "workload", "what"), append(numbers("ratio", "interval", "p, all tests", "smallest seen"), head{Name: "verdict"})...)}
	list, more := first(v.run.Comparisons, 300)
	for _, c := range list {
		row := say(c.Arm, c.Against, c.Scenario, strings.ReplaceAll(c.Metric, "_", " "), ratioOf(c.Ratio), between(c.Low, c.High), digitsOf(c.PAll), none, c.Verdict)
		if c.Detectable > 1 {
			row[7].Text = figure(unit.Change(c.Detectable))
		}
		if c.Verdict == result.VerdictNoFigure {
			row[4].Text, row[5].Text, row[6].Text = none, none, none
		}
		if c.Why != "" {
			row[8].Text += ": " + c.Why
		}
		row[8].Tone = toneOf(c.Verdict)
		g.Rows = append(g.Rows, row)
	}
	if more > 0 {
		g.More = plural(more, "more test") + " in the data."
	}
	return g
}

func (v *runView) driftGrid() grid {
	g := grid{Title: "Drift over the rounds", Head: append(words("arm", "workload"), numbers("correlation", "p, all tests")...)}
	for _, x := range v.run.Trust.Drift {
		g.Rows = append(g.Rows, say(x.Arm, x.Scenario, digitsOf(x.Correlation), digitsOf(x.PAll)))
	}
	return g
}

func (v *runView) canaryGrid() grid {
	g := grid{Title: "Canaries: acts that must be seen", Head: append(words("arm", "act", "session"), numbers("events")...)}
	list, more := first(v.run.Canaries, 200)
	for _, c := range list {
		row := say(c.Arm, c.What, c.Session, countOf(c.Events))
		switch {
		case !c.Done:
			row[3] = cell{Text: "not done: " + c.Why, Tone: "unsure"}
		case c.Events == 0:
			row[3] = cell{Text: "not seen", Tone: "bad"}
		}
		g.Rows = append(g.Rows, row)
	}
	if more > 0 {
		g.More = plural(more, "more act") + " in the data."
	}
	return g
}

func (v *runView) sweepGrid() grid {
	g := grid{Title: "Highest rate held", Head: append(words("arm", "workload"), append(numbers("operations/s", "events/s", "broke at"), head{Name: "by"})...)}
	for _, s := range v.run.Sweeps {
		row := say(s.Arm, s.Scenario, digitsOf(s.OpsPerSecond), digitsOf(s.EventsPerSecond), none, s.Why)
		if s.Broke > 0 {
			row[4].Text = digitsOf(s.Broke)
		}
		g.Rows = append(g.Rows, row)
	}
	return g
}

// shiftGrid is by how much system calls are longer, seen between the kernel's tracepoints.
func (v *runView) shiftGrid() grid {
	g := grid{Title: "Longer system calls, by probes (one slot each, no intervals)", Head: append(words("arm", "workload", "cost"), numbers("a call", "least", "most", "calls")...)}
	for _, e := range v.run.Explained {
		for _, c := range []struct {
			name  string
			shift *result.Shift
		}{{"filter tax", e.Tax}, {"record cost", e.Record}} {
			if c.shift != nil {
				g.Rows = append(g.Rows, say(e.Arm, e.Scenario, c.name, timeOf(c.shift.Ns), timeOf(c.shift.Low), timeOf(c.shift.High), countOf(c.shift.Calls)))
			}
		}
	}
	rows, more := first(g.Rows, 100)
	if g.Rows = rows; more > 0 {
		g.More = plural(more, "more row") + " in the data."
	}
	return g
}

func (v *runView) explainedGrid() grid {
	g := grid{Title: "System calls of the workload, in a slot with probes that is never timed", Head: append(words("arm", "workload", "system call"), numbers("calls", "median on CPU", "on CPU", "asleep")...)}
	for _, e := range v.run.Explained {
		arm := e.Arm
		if e.Mute {
			arm += " (mute copy)"
		}
		list, _ := first(e.Syscalls, 5)
		for _, s := range list {
			g.Rows = append(g.Rows, []cell{{Text: arm}, {Text: e.Scenario}, {Text: s.Name, Code: true}, {Text: countOf(s.Count)},
				{Text: timeOf(s.MedianNs)}, {Text: timeOf(float64(s.OnCPUNs))}, {Text: timeOf(float64(s.AsleepNs))}})
		}
	}
	rows, more := first(g.Rows, 100)
	if g.Rows = rows; more > 0 {
		g.More = plural(more, "more row") + " in the data."
	}
	return g
}
