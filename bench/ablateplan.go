package bench

import (
	"fmt"
	"math"
	"time"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/bench/stat"
)

// How many pairs there are is decided once, before the first rule is left out.
const (
	probePairs = 6 // control pairs of each set that tell the noise
	leastPairs = 6 // fewer have no interval
	mostPairs  = 400
	// What two prices may differ by and still be the same: the larger of nanoseconds and a share.
	sameNs, sameShare = 5, 0.2

	ablationBudget      = 12 * time.Minute
	quickAblationBudget = 4 * time.Minute
)

// planAblation decides the pairs from the noise of the control pairs, which took so long: so many that the interval of the noisiest scenario
// reaches no further than sameNs to each side, within the budget.
func (r *Runner) planAblation(probe time.Duration) {
	p := &result.Ablation{Wanted: leastPairs, ControlPairs: probePairs, ToleranceNs: sameNs, ToleranceShare: sameShare, NoiseNs: map[string]float64{}}
	for _, j := range r.ablatable() {
		noise := r.pairNoise(j)
		p.NoiseNs[r.Plan.Scenarios[j].Name] = noise
		p.Wanted = max(p.Wanted, pairsFor(noise))
	}
	budget := ablationBudget
	if r.Plan.Quick {
		budget = quickAblationBudget
	}
	p.BudgetNs = budget.Nanoseconds()
	round := time.Duration(0) // of pairs: one for each rule left out and one control for each set
	arms := r.pricedArms()
	for _, arm := range arms {
		round += probe / time.Duration(probePairs*len(arms)) * time.Duration(1+len(r.dearest(arm, ablated)))
	}
	p.Pairs = min(p.Wanted, mostPairs, max(leastPairs, int((budget-probe)/max(round, 1))))
	if p.Pairs < p.Wanted {
		r.warn = append(r.warn, result.Warning{
			Text: fmt.Sprintf("rules are left out %d times each, and %d would be needed to know their prices to %d ns: the time for it is %s, and %d is the most", p.Pairs, p.Wanted, sameNs, budget, mostPairs),
			Cure: "fewer workloads or rule sets in one run, without --quick, on a quieter machine"})
	}
	r.ablation.plan = p
}

// overdue tells whether the time for all pairs is used up, after so many: a machine that got slower since the control pairs. It looks at the clock
// and not at what the pairs have shown.
func (r *Runner) overdue(done int, used time.Duration) bool {
	p := r.ablation.plan
	if done < leastPairs || used.Nanoseconds() < p.BudgetNs {
		return false
	}
	r.warn = append(r.warn, result.Warning{
		Text: fmt.Sprintf("rules were left out %d times each in place of %d: pairs took longer than those that told how many", done, p.Pairs),
		Cure: "repeat the run when the machine is quieter"})
	return true
}

// pairNoise is the standard deviation of a pair in ns per system call, from the control pairs of all sets. What disturbs one pair in three does
// not move it (median of the absolute differences; 1.4826 makes it that of a normal distribution).
func (r *Runner) pairNoise(scenario int) float64 {
	var away []float64
	for _, c := range r.pricing.counted {
		if c.scenario != scenario || c.mute.Calls <= 0 {
			continue
		}
		for _, ns := range r.ablation.pairs[ablationOf{c.arm, scenario, wholeSet}] {
			away = append(away, math.Abs(ns)/c.mute.Calls)
		}
	}
	if len(away) == 0 {
		return 0
	}
	return 1.4826 * stat.Median(away)
}

// pairsFor is how many pairs make a 95 % interval of sameNs to each side. The Hodges-Lehmann estimate needs 1/0.955 as many as the mean.
func pairsFor(noiseNs float64) int {
	z := normal95 * noiseNs / sameNs
	return int(min(1e9, math.Ceil(z*z/0.955)))
}
