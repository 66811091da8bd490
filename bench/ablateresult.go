package bench

import (
	"math"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/bench/stat"
)

// leftOut is what the pairs say that a rule adds to a system call, and each pair's difference; nil where it was not left out.
func (r *Runner) leftOut(scenario, arm, rule int, callsPerOp float64) (*result.Metric, []float64) {
	perOp := r.ablation.pairs[ablationOf{arm, scenario, rule}]
	if len(perOp) == 0 || callsPerOp <= 0 {
		return nil, nil
	}
	var ns []float64
	for _, x := range perOp {
		ns = append(ns, x/callsPerOp)
	}
	v, low, high := stat.HodgesLehmann(ns, stat.Confidence)
	return &result.Metric{Unit: "ns", Value: v, Low: low, High: high, N: len(ns)}, ns
}

// normal95 is how many standard errors a 95 % interval reaches to each side.
const normal95 = 1.96

// intoCheck holds the prices of the rules that were left out against what that showed.
func (r *Runner) intoCheck(out *result.PriceCheck, c armCensus, prices []result.RulePrice) {
	var foretold, measured, noise []float64
	for _, p := range prices {
		if p.Measured == nil {
			continue
		}
		foretold, measured = append(foretold, p.MuteNs), append(measured, p.Measured.Value)
		noise = append(noise, (p.Measured.High-p.Measured.Low)/2/normal95)
		if samePrice(p.MuteNs, p.Measured.Value) {
			out.Within++
		}
	}
	out.LeftOut = len(foretold)
	out.Control, _ = r.leftOut(c.scenario, c.arm, wholeSet, c.mute.Calls)
	if len(foretold) < 2 {
		return
	}
	tau := stat.Kendall(foretold, measured)
	out.Kendall = &tau
	if apart, pairs := stat.KendallApart(foretold, measured, samePrice); pairs > 0 {
		out.KendallApart, out.ApartPairs = &apart, pairs
		if ceiling, ok := stat.KendallCeiling(measured, noise, samePrice); ok {
			out.KendallCeiling = &ceiling
		}
	}
}

// samePrice tells prices that nobody needs to tell apart: within the larger of 5 ns and 20 %.
func samePrice(a, b float64) bool {
	return math.Abs(a-b) <= max(sameNs, sameShare*max(math.Abs(a), math.Abs(b)))
}
