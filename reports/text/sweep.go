package text

import (
	"fmt"
	"strings"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/reports/unit"
)

// sweeps says of each arm and scenario up to what rate it held, and what broke first above it.
func (v *view) sweeps(p *page) {
	for i, s := range v.run.Sweeps {
		if i == 0 {
			p.gap()
		}
		style := plain
		if s.OpsPerSecond == 0 {
			style = alarm
		}
		p.prose(style, "sweep", "%s on %s: %s", s.Arm, s.Scenario, v.sweepWords(s))
	}
}

// onlySwept tells a run that searched rates in place of rounds: it has no costs to show.
func (v *view) onlySwept() bool { return len(v.run.Sweeps) > 0 && v.run.RoundsDone == 0 }

// sweepWords is one sentence.
func (v *view) sweepWords(s result.Sweep) string {
	switch {
	case len(s.Steps) == 0:
		return "was not searched: the run ended before"
	case s.OpsPerSecond == 0 && s.OutOfSteps:
		return outOfSteps(s)
	case s.OpsPerSecond == 0 && s.Broke == 0:
		return fmt.Sprintf("no rate was held as often as needed, in %d steps", len(s.Steps))
	case s.OpsPerSecond == 0:
		return fmt.Sprintf("holds no rate without a loss or a wait: at %s ops/s %s", unit.Digits(s.Broke), s.Why)
	}
	text := fmt.Sprintf("holds up to %s ops/s, %s events/s, without a loss or a wait (op = one %s)", unit.Digits(s.OpsPerSecond),
		unit.Digits(s.EventsPerSecond), v.op(s.Scenario))
	if s.Broke == 0 {
		return text + "; nothing faster was tried"
	}
	return text + fmt.Sprintf("; at %s ops/s %s", unit.Digits(s.Broke), strings.TrimSuffix(s.Why, "."))
}

// outOfSteps says between which rates a search was when its steps ran out.
func outOfSteps(s result.Sweep) string {
	text := fmt.Sprintf("is not found: the search ran out of its %d steps", len(s.Steps))
	if s.HeldOnce > 0 {
		text += fmt.Sprintf("; %s ops/s held, and was not repeated often enough to be sure", unit.Digits(s.HeldOnce))
	} else {
		text += "; none that was tried held"
	}
	if s.Broke > 0 {
		text += fmt.Sprintf("; at %s ops/s %s", unit.Digits(s.Broke), strings.TrimSuffix(s.Why, "."))
	}
	return text
}

// auditdConfs says what the auditds of the arms differ in, where their configuration is under test.
func (v *view) auditdConfs(p *page) {
	for i, c := range v.run.AuditdConfs {
		if i == 0 {
			p.gap()
		}
		var told []string
		for _, name := range confNames {
			if value := confValue(c.Conf, name); value != "" {
				told = append(told, name+" "+value)
			}
		}
		p.prose(plain, "auditd", "+%s is %s: %s", c.Name, c.File, strings.Join(told, ", "))
	}
}

// confNames are what makes one auditd dearer or slower than another (auditd.conf(5)).
var confNames = []string{"log_format", "flush", "freq", "q_depth", "priority_boost"}

// confValue is the last value of a name in auditd's lines.
func confValue(lines []string, name string) (value string) {
	for _, line := range lines {
		if n, v, ok := strings.Cut(line, "="); ok && strings.EqualFold(strings.TrimSpace(n), name) {
			value = strings.TrimSpace(v)
		}
	}
	return value
}
