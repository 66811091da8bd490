package text

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/auditprof/auditprof/bench/result"
)

// What Run.Ended says of a run that went to its end, and of one that is under way.
const (
	complete = "complete"
	running  = "running"
)

// head tells what was compared, where, how often.
func (v *view) head(p *page) {
	var judged, others []string
	about := map[string]bool{}
	for _, a := range v.judged() {
		about[a.Name] = true
		judged = append(judged, fmt.Sprintf("%s (%s)", a.Name, plural(len(a.Rules), "rule")))
	}
	for _, a := range v.run.Arms {
		switch {
		case about[a.Name] || a.TwinOf != "":
		case a.Kind == result.ArmLoaded:
			others = append(others, fmt.Sprintf("%s (%s)", a.Name, plural(len(a.Rules), "rule")))
		default:
			others = append(others, a.Name)
		}
	}
	e := v.run.Environment
	text := strings.Join(judged, ", ")
	if len(others) > 0 {
		text = strings.TrimSpace(text + " against " + strings.Join(others, ", "))
	}
	if e.Kernel == "" {
		p.prose(bold, "bench", "%s; %d of %d rounds", text, v.run.RoundsDone, v.run.Rounds)
		return
	}
	p.prose(bold, "bench", "%s; on %s, %s", text, e.Host, plural(e.CPUs, "CPU"))
	p.prose(plain, "", "kernel %s, auditctl %s, %s auditd %s, %d of %d rounds", e.Kernel, e.Auditctl, cmp.Or(e.AuditdKind, "private"), e.Auditd, v.run.RoundsDone, v.run.Rounds)
}

// alarms are what must be known before any figure is read.
func (v *view) alarms(p *page) {
	p.gap()
	v.leftOut(p)
	v.unsound(p)
}

// unsound is what keeps the figures from being trusted, or the host from being what it was.
func (v *view) unsound(p *page) {
	if !v.run.Restored.OK {
		p.prose(alarm, "NOT RESTORED", "the machine is not as it was found: see \"host\" below for the commands")
	}
	if v.run.Ended != complete {
		why := v.run.Ended
		if why == running {
			why = "the run was killed, or still goes on"
		}
		p.prose(alarm, "ENDED EARLY", "%s; %d of %d rounds done, the figures are of those", why, v.run.RoundsDone, v.run.Rounds)
	}
	v.invalidAA(p)
	for _, b := range v.run.Books {
		if b.UnexplainedBytes > 0 || b.UnexplainedEvents > 0 {
			p.prose(alarm, "INVALID", "%s on %s: %s bytes and %s events of the log have no origin, so shares of rules cannot be trusted",
				b.Arm, b.Scenario, count(float64(b.UnexplainedBytes)), count(float64(b.UnexplainedEvents)))
		}
	}
}

// leftOut names the lines that did not load: what is not measured is said before what is.
func (v *view) leftOut(p *page) {
	for _, a := range v.run.Arms {
		if len(a.LeftOut) == 0 || a.TwinOf != "" {
			continue
		}
		v.leftOutOf(p, a)
		lines, more := several(a.LeftOut, 10)
		for _, l := range lines {
			p.row(plain, fmt.Sprintf("  %s:%d:%d  %s", v.file(l.File), l.Line, l.Col, l.Text))
			p.prose(plain, "", "%s", l.Why)
		}
		if more > 0 {
			p.row(plain, fmt.Sprintf("  and %s more, in result.json", plural(more, "line")))
		}
	}
}

func (v *view) leftOutOf(p *page, a result.Arm) {
	p.prose(alarm, "LEFT OUT", "%s: %s did not load and cost nothing here; %s measured",
		a.Name, plural(len(a.LeftOut), "line"), plural(len(a.Rules), "rule"))
}

// leftOutCounts tells how many lines did not load, without the lines.
func (v *view) leftOutCounts(p *page) {
	for _, a := range v.run.Arms {
		if len(a.LeftOut) > 0 && a.TwinOf == "" {
			v.leftOutOf(p, a)
		}
	}
}
