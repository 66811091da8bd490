package text

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/reports/unit"
)

// aaDiffers tells whether the set differs from itself: by the run's own verdict, or by the interval in a run of an earlier version.
func (v *view) aaDiffers(scenario string, m result.Metric) bool {
	if !v.firm(m.N) {
		return false
	}
	for _, c := range v.run.AA() {
		if c.Scenario == scenario && c.Metric == result.CPURatio {
			return c.Verdict == result.VerdictSlower || c.Verdict == result.VerdictFaster
		}
	}
	return m.Low > 1 || m.High < 1
}

// protocol prints how many verdicts the run gives, and what its rounds could find.
func (v *view) protocol(p *page) {
	if pr := v.run.Protocol; pr != nil && pr.Tests > 0 && v.firm(v.run.RoundsDone) {
		p.prose(plain, "", "%s, each with the p-value that holds for all of them (Holm, %s)", plural(pr.Tests, "verdict"), unit.Percent(pr.Alpha))
	}
	smallest := 0.0
	for _, c := range v.run.Comparisons {
		if c.Detectable > 1 && (smallest == 0 || c.Detectable < smallest) && v.arm(c.Arm).TwinOf == "" {
			smallest = c.Detectable
		}
	}
	if smallest > 1 && v.firm(v.run.RoundsDone) {
		p.prose(plain, "", "smallest change that the rounds find in 4 of 5 runs under the noise seen: %s", unit.Change(smallest))
	}
}

// disturbed prints the slots that a rule laid down beforehand turned away, by arm.
func (v *view) disturbed(p *page) {
	slots, rejected := 0, 0
	var parts []string
	for _, r := range v.run.Trust.Rejected {
		slots, rejected = slots+r.Slots, rejected+r.Rejected
		if r.Rejected == 0 {
			continue
		}
		var by []string
		for _, rule := range slices.Sorted(maps.Keys(r.ByRule)) {
			by = append(by, fmt.Sprintf("%s %d", rule, r.ByRule[rule]))
		}
		parts = append(parts, fmt.Sprintf("%s %d of %d (%s)", r.Arm, r.Rejected, r.Slots, strings.Join(by, ", ")))
	}
	if slots == 0 {
		return
	}
	text := fmt.Sprintf("%d of %s disturbed and run again", rejected, plural(slots, "slot"))
	if len(parts) > 0 {
		text += ": " + strings.Join(parts, "; ")
	}
	p.prose(plain, "", "%s", text)
}
