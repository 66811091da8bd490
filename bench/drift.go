package bench

import (
	"fmt"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/bench/stat"
)

// drifts are the arms whose CPU per operation rose or fell as the rounds went, all arms and scenarios being tests of one family. Pairs within a
// round bear a drift that all arms share; it is said all the same, since figures that are not ratios are of no one time.
func (r *Runner) drifts() []result.Drift {
	var all []result.Drift
	var p []float64
	for _, sc := range r.Plan.Scenarios {
		for _, a := range r.Plan.Arms {
			values := r.collect(r.byRound(result.SlotTimed, sc.Name, a.Info.Name), finished(cpuPerOp))
			correlation, one := stat.Drift(values)
			all, p = append(all, result.Drift{Scenario: sc.Name, Arm: a.Info.Name, Correlation: correlation, P: one}), append(p, one)
		}
	}
	var drifted []result.Drift
	for i, adjusted := range stat.Holm(p) {
		if all[i].PAll = adjusted; adjusted < result.Alpha {
			drifted = append(drifted, all[i])
		}
	}
	return drifted
}

// driftWarnings say of each drift which way it went.
func driftWarnings(drifts []result.Drift) (ws []result.Warning) {
	for _, d := range drifts {
		way := "rose"
		if d.Correlation < 0 {
			way = "fell"
		}
		ws = append(ws, result.Warning{
			Text: fmt.Sprintf("CPU per operation of %s on %s %s from round to round (rank correlation %.2f): its ratios are taken within rounds and stand, its times are of no one state of the machine",
				d.Arm, d.Scenario, way, d.Correlation),
			Cure: "let the machine settle (CPU frequency, caches, what else starts) and run it again"})
	}
	return ws
}
