package text

import (
	"fmt"
	"strings"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/reports/unit"
)

// word is what the run says of an arm against no audit by a metric: its verdict, which holds for all tests of the run together. A run of an
// earlier version has none: there the interval must clear both 1 and the noise floor.
func (v *view) word(r result.Result, name, above, below string) string {
	m, _ := metric(r, name)
	if !v.firm(m.N) {
		return "RANGE"
	}
	c, ok := v.run.Compared(r.Scenario, r.Arm, v.noAudit, name)
	if !ok {
		return v.byInterval(r.Scenario, m, above, below)
	}
	switch c.Verdict {
	case result.VerdictSlower:
		return above
	case result.VerdictFaster:
		return below
	case result.VerdictNotTested:
		return "FIGURE"
	}
	return "CANNOT TELL"
}

// byInterval judges a ratio by its interval: one that does not clear the noise floor, the interval of A/A, is noise, which is not the same as no
// difference.
func (v *view) byInterval(scenario string, m result.Metric, above, below string) string {
	low, high := 1.0, 1.0
	if aa, ok := v.run.Trust.AA[scenario]; ok {
		low, high = min(low, aa.Low), max(high, aa.High)
	}
	switch {
	case m.Low > high:
		return above
	case m.High < low:
		return below
	}
	return "NOISE"
}

// headline is the word of a result: that of CPU, which is steadier than time, and that of time where CPU says nothing.
func (v *view) headline(r result.Result) string {
	_, hasCPU := metric(r, result.CPURatio)
	_, hasWall := metric(r, result.Slowdown)
	word := ""
	if hasCPU {
		word = v.word(r, result.CPURatio, "DEARER", "CHEAPER")
	}
	if hasWall && (word == "" || word == "CANNOT TELL") {
		if wall := v.word(r, result.Slowdown, "SLOWER", "FASTER"); word == "" || wall != "RANGE" {
			word = wall
		}
	}
	return word
}

// wouldTell says what would tell where a verdict is not told: "" where it is.
func (v *view) wouldTell(r result.Result) string {
	if m, ok := metric(r, result.CPURatio); !ok || !v.firm(m.N) {
		return ""
	}
	c, ok := v.run.Compared(r.Scenario, r.Arm, v.noAudit, result.CPURatio)
	if !ok || c.Verdict != result.VerdictCannotTell {
		return ""
	}
	return "CPU: " + cannotTell(c)
}

// cannotTell says what a comparison without a verdict could have told, and what would tell it.
func cannotTell(c result.Comparison) string {
	text := "no verdict"
	if c.Why != "" {
		return text + ": " + c.Why
	}
	if c.Detectable > 1 {
		text += fmt.Sprintf(": %s find %s or more", plural(c.N, "round"), unit.Change(c.Detectable))
	} else {
		text += fmt.Sprintf(": %s find nothing among so many tests", plural(c.N, "round"))
	}
	if c.RoundsNeeded > 0 {
		return text + fmt.Sprintf(", about %d rounds would tell a difference as large as this", c.RoundsNeeded)
	}
	return text + fmt.Sprintf(", and %d would not tell one as small as this", result.RoundsLimit)
}

// changes prints what the candidates are beside the set that was loaded and beside the first of them.
func (v *view) changes(p *page) {
	label := "change"
	for _, c := range v.run.Comparisons {
		if c.Metric != result.CPURatio || c.Against == v.noAudit || v.arm(c.Arm).TwinOf != "" {
			continue
		}
		if label != "" {
			p.gap()
		}
		p.prose(plain, label, "%s", v.change(c))
		label = ""
	}
}

// change is one line: an arm against another on a scenario, CPU first.
func (v *view) change(c result.Comparison) string {
	line := fmt.Sprintf("%s against %s on %s: ", c.Arm, c.Against, c.Scenario)
	if c.Verdict == result.VerdictNoFigure {
		return line + "no figure: " + c.Why
	}
	line += "CPU " + v.ratioText(c)
	if wall, ok := v.run.Compared(c.Scenario, c.Arm, c.Against, result.Slowdown); ok && wall.N > 0 {
		line += ", wall time " + v.ratioText(wall)
	}
	return line
}

// ratioText is a ratio with its interval and verdict.
func (v *view) ratioText(c result.Comparison) string {
	text := fmt.Sprintf("%s [%s %s]", unit.Ratio(c.Ratio), unit.Ratio(c.Low), unit.Ratio(c.High))
	if !v.firm(c.N) || c.Verdict == result.VerdictNotTested {
		return text
	}
	words := map[string]string{result.VerdictSlower: "slower", result.VerdictFaster: "faster"}
	if c.Metric == result.CPURatio {
		words = map[string]string{result.VerdictSlower: "dearer", result.VerdictFaster: "cheaper"}
	}
	if word, ok := words[c.Verdict]; ok {
		return text + " " + word
	}
	return text + " (cannot tell)"
}

// controlsFound prints the planted controls: a run that does not find what is known to be there would not find it in a rule set either.
func (v *view) controlsFound(p *page) {
	for _, scenario := range v.run.Scenarios {
		var parts []string
		s := plain
		for _, c := range v.run.Trust.Planted {
			if c.Scenario != scenario.Name {
				continue
			}
			what := map[string]string{result.CPURatio: "CPU", result.Slowdown: "wall time"}[c.Metric]
			found := "found"
			if !c.Found {
				found, s = "NOT found", alarm
			}
			if !v.firm(v.run.RoundsDone) {
				found, s = "not looked for in so few rounds", plain
			}
			parts = append(parts, fmt.Sprintf("%s %s %s", unit.Percent(c.Share), what, found))
		}
		if len(parts) > 0 {
			p.prose(s, "", "planted on %s: %s", scenario.Name, strings.Join(parts, "; "))
		}
	}
}

// invalidAA says before any figure that the run cannot be believed.
func (v *view) invalidAA(p *page) {
	if on := v.run.AADiffers(); len(on) > 0 {
		p.prose(alarm, "INVALID", "A/A differs on %s: the same rule set was measured twice and is not the same, so no other difference there means anything; "+
			"run it again on a quieter machine, or with more rounds", strings.Join(on, ", "))
	}
}
