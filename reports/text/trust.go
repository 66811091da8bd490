package text

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/reports/unit"
)

// trust prints what the run says of itself: noise floor, rejected slots, proofs, rounds.
func (v *view) trust(p *page) {
	p.gap()
	v.noiseFloor(p)
	v.protocol(p)
	v.controlsFound(p)
	v.rejected(p)
	v.disturbed(p)
	if proof := v.run.Trust.ContextProof; proof != "" {
		p.prose(plain, "", "audit context: %s", proof)
	}
	v.matcher(p)
	if prices := v.run.Prices; prices.Slots > 0 {
		p.prose(plain, "", "CPU per record type fitted over %s, residual %s", plural(prices.Slots, "slot"), unit.Percent(prices.Residual))
	}
	if e := v.run.Environment; e.StealShare > 0 || e.PressureCPU > 0 {
		p.prose(plain, "", "steal %s, CPU pressure %s", unit.Percent(e.StealShare), unit.Percent(e.PressureCPU/100))
	}
	if v.run.Quick || v.run.RoundsDone < verdictRounds {
		p.prose(bold, "", "%s: no verdict words, ranges in place of intervals", plural(v.run.RoundsDone, "round"))
	}
	p.prose(plain, "", "seed %d of the order of arms", v.run.Seed)
	told := map[result.Control]bool{}
	for _, a := range v.run.Arms {
		v.controls(p, a, told)
	}
}

// noiseFloor prints A/A: the same set against itself. Where even that differs, no other difference on the scenario means anything.
func (v *view) noiseFloor(p *page) {
	var parts, differing []string
	for _, scenario := range slices.Sorted(maps.Keys(v.run.Trust.AA)) {
		m := v.run.Trust.AA[scenario]
		parts = append(parts, scenario+" "+interval(m))
		if v.aaDiffers(scenario, m) {
			differing = append(differing, scenario)
		}
	}
	if len(parts) == 0 {
		p.prose(plain, "trust", "no A/A: the noise floor is not known")
		return
	}
	p.prose(plain, "trust", "A/A, CPU per op: %s", strings.Join(parts, "; "))
	if len(differing) > 0 {
		p.prose(alarm, "", "A/A DIFFERS on %s: the machine drifted, smaller differences there mean nothing", strings.Join(differing, ", "))
	}
}

// rejected counts invalid slots by arm: when one arm loses more of them than the others, the comparison is biased.
func (v *view) rejected(p *page) {
	slots, invalid := 0, 0
	byArm := map[string]int{}
	for _, r := range v.run.Results {
		slots, invalid = slots+r.Slots+r.Invalid, invalid+r.Invalid
		byArm[r.Arm] += r.Invalid
	}
	text := fmt.Sprintf("%d of %s rejected", invalid, plural(slots, "timed slot"))
	var parts []string
	for _, a := range v.run.Arms {
		if n := byArm[a.Name]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", a.Name, n))
		}
	}
	if len(parts) > 0 {
		text += ": " + strings.Join(parts, ", ")
	}
	p.prose(plain, "", "%s", text)
}

// controls prints the control lines that were not measured as written. What is told of the host already, under another arm, is not told again.
func (v *view) controls(p *page, a result.Arm, told map[result.Control]bool) {
	if a.TwinOf != "" {
		return
	}
	for _, c := range a.Controls {
		if c.Note == "" && c.Measured == c.Text || c.File == "" && told[c] {
			continue
		}
		told[c] = true
		as := "not sent"
		if c.Measured != "" {
			as = "measured as " + c.Measured
		}
		if c.Note != "" {
			as += ": " + c.Note
		}
		if c.File == "" { // a setting of the host that no line names
			p.prose(plain, "", "%s %s", c.Text, as)
			continue
		}
		p.prose(plain, "", "%s:%d %s %s", v.file(c.File), c.Line, c.Text, as)
	}
}

// matcher prints how often the matcher, with which logs of other hosts are analyzed, says what the kernel said. What differs is a warning too.
func (v *view) matcher(p *page) {
	var agree, disagree, unknown uint64
	for _, a := range v.run.Attribution {
		agree, disagree, unknown = agree+a.Agreement.Agree, disagree+a.Agreement.Disagree, unknown+a.Agreement.Unknown
	}
	if agree+disagree+unknown == 0 {
		return
	}
	text := fmt.Sprintf("matcher agrees %s of %s", count(float64(agree)), count(float64(agree+disagree)))
	if unknown > 0 {
		text += fmt.Sprintf(" (of %s more it says that the log does not tell)", count(float64(unknown)))
	}
	s := plain
	if disagree > 0 {
		s = alarm
	}
	p.prose(s, "", "%s", text)
}
