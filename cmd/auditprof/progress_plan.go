package main

import (
	"fmt"

	"github.com/auditprof/auditprof/bench"
	"github.com/auditprof/auditprof/bench/stat"
	"github.com/auditprof/auditprof/reports/unit"
)

// planLines are what the run is going to do and what it could find, as laid down before the first round.
func planLines(f bench.Forecast) []string {
	lines := []string{fmt.Sprintf("plan: %d arms on %d workloads, %d rounds; %d slots, about %s; at most %s of log on disk at a time",
		f.Arms, len(f.Ops), f.Rounds, f.Slots, unit.Long(f.Expected), unit.Bytes(float64(f.DiskBytes)))}
	p := f.Protocol
	if p.Noise.LoopNs == 0 {
		return lines
	}
	enough := stat.FewestRounds(p.Tests, p.Alpha)
	can := fmt.Sprintf("finds changes of about %s or more at best: slots mostly vary more than the probe", unit.Change(p.Detectable))
	if p.Detectable <= 1 {
		can = fmt.Sprintf("too few rounds for a verdict among so many: %d can give all of them", enough)
	}
	lines = append(lines, fmt.Sprintf("plan: %d verdicts at %s together; %s (loop varies by %s, steal %s, CPU pressure %s)",
		p.Tests, unit.Percent(p.Alpha), can, unit.Percent(p.Noise.Variation), unit.Percent(p.Noise.Steal), unit.Percent(p.Noise.Pressure/100)))
	if p.Detectable > 1 && f.Rounds < enough {
		lines = append(lines, fmt.Sprintf("plan: %d rounds cannot give all %d verdicts: --rounds %d can, or fewer workloads and rule sets at a time", f.Rounds, p.Tests, enough))
	}
	return lines
}
