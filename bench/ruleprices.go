package bench

import (
	"context"
	"slices"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/bench/ruleprice"
	"github.com/auditprof/auditprof/bench/stat"
)

// pricing is what a run knows of the prices of single rules.
type pricing struct {
	costs       map[int]ruleprice.SetCosts // by arm
	calibration *result.Calibration
	counted     []armCensus
}

// rulePrices learns what steps cost and counts them. Neither belongs to the timed slots.
func (r *Runner) rulePrices(ctx context.Context) error {
	if err := r.calibrate(ctx); err != nil {
		return err
	}
	return r.censuses(ctx)
}

// intoPrices writes the prices of all rules, and how well they add up, into the run.
func (r *Runner) intoPrices(run *result.Run) {
	run.Calibration, run.RulePrices, run.PriceChecks, run.Ablation = r.pricing.calibration, nil, nil, r.ablation.plan
	for _, c := range r.pricing.counted {
		prices := r.pricesOf(c)
		run.RulePrices = append(run.RulePrices, prices...)
		run.PriceChecks = append(run.PriceChecks, r.priceCheck(c, prices))
	}
}

// pricesOf are the rules of one arm on one scenario, the dearest first.
func (r *Runner) pricesOf(c armCensus) []result.RulePrice {
	arm, scenario := r.Plan.Arms[c.arm].Info, r.Plan.Scenarios[c.scenario].Name
	var out []result.RulePrice
	exact, mute := c.exact.Prices(r.pricing.costs[c.arm]), c.mute.Prices(r.pricing.costs[c.arm])
	for i, rule := range arm.Rules {
		if i >= len(exact) || exact[i] == 0 && mute[i] == 0 {
			continue
		}
		p := result.RulePrice{Scenario: scenario, Arm: arm.Name, Rule: i, File: rule.File, Line: rule.Line, Ns: exact[i], MuteNs: mute[i], Asked: c.exact.Asked(i)}
		p.Measured, p.PairNs = r.leftOut(c.scenario, c.arm, i, c.mute.Calls)
		out = append(out, p)
	}
	slices.SortStableFunc(out, func(a, b result.RulePrice) int {
		switch {
		case a.Ns > b.Ns:
			return -1
		case a.Ns < b.Ns:
			return 1
		}
		return 0
	})
	return out
}

// priceCheck holds the sum of a set's prices against what the rounds measured: the mute copy over audit without rules.
func (r *Runner) priceCheck(c armCensus, prices []result.RulePrice) result.PriceCheck {
	arm, scenario := r.Plan.Arms[c.arm].Info.Name, r.Plan.Scenarios[c.scenario].Name
	k := r.pricing.costs[c.arm]
	out := result.PriceCheck{Scenario: scenario, Arm: arm, SyscallsPerOp: c.mute.Calls, SharedPerOp: c.mute.SharedPerOp(k), PredictedPerOp: c.mute.TaxPerOp(k)}
	noRules := r.byRound(result.SlotTimed, scenario, r.Plan.Arms[r.quietArm()].Info.Name)
	xs := r.paired(r.byRound(result.SlotMute, scenario, arm), noRules, func(x, y result.Slot) float64 { return cpuPerOp(x) - cpuPerOp(y) })
	if len(xs) > 0 {
		v, low, high := stat.HodgesLehmann(xs, stat.Confidence)
		out.MeasuredPerOp, out.MeasuredLow, out.MeasuredHigh, out.Rounds = v, low, high, len(xs)
		if v != 0 {
			out.Error = (out.PredictedPerOp - v) / v
		}
	}
	r.intoCheck(&out, c, prices)
	return out
}
