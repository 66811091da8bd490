package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/bench/stat"
)

const (
	// ablated is how many rules of a set are left out one by one: the dearest as priced.
	ablated = 10
	// ablationShare of a slot's operations is done without each of them: there are many such slots.
	ablationShare = 3
)

// wholeSet stands in place of the rule that is left out where none is.
const wholeSet = -1

// ablate measures the dearest rules of each set by leaving each out of the mute copy, in rounds of their own, each in a new random order.
func (r *Runner) ablate(ctx context.Context) error {
	if !r.Plan.Ablate || r.pricing.costs == nil {
		return nil
	}
	for round := 1; round <= r.Plan.Rounds; round++ {
		order := r.ablations()
		rng := rand.New(rand.NewPCG(r.Plan.Seed, ablationStream+uint64(round)))
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for place, v := range order {
			if err := r.visitWithout(ctx, round, place, v); err != nil {
				return err
			}
		}
		if err := r.Recorder.Run(r.summary()); err != nil {
			return err
		}
	}
	return r.unload()
}

// ablationStream keeps the orders of these rounds apart from those of the others, which have the numbers of the rounds.
const ablationStream = 1 << 32

// ablation is the mute copy of an arm without one rule.
type ablation struct{ arm, without int }

func (r *Runner) ablations() []ablation {
	var vs []ablation
	for i, a := range r.Plan.Arms {
		if !a.candidate() {
			continue
		}
		dearest := r.dearest(i, ablated)
		if len(dearest) == 0 {
			continue
		}
		vs = append(vs, ablation{i, wholeSet})
		for _, n := range dearest {
			vs = append(vs, ablation{i, n})
		}
	}
	return vs
}

// dearest are the rules of an arm with the highest price on any scenario, the dearest first.
func (r *Runner) dearest(arm, most int) []int {
	price := map[int]float64{}
	for _, c := range r.pricing.counted {
		if c.arm != arm {
			continue
		}
		for i, ns := range c.mute.Prices(r.pricing.costs) {
			price[i] = max(price[i], ns)
		}
	}
	var rules []int
	for i := range r.Plan.Arms[arm].Rules {
		if price[i] > 0 {
			rules = append(rules, i)
		}
	}
	slices.SortStableFunc(rules, func(a, b int) int {
		switch {
		case price[a] > price[b]:
			return -1
		case price[a] < price[b]:
			return 1
		}
		return 0
	})
	return rules[:min(most, len(rules))]
}

func (r *Runner) visitWithout(ctx context.Context, round, place int, v ablation) error {
	a := r.Plan.Arms[v.arm]
	rules, _ := Mute(a.Rules)
	kind, what := result.SlotAblation, "without "+r.ruleName(a.Info.Name, v.without)
	if v.without == wholeSet {
		what = "whole"
	} else {
		rules = slices.Delete(slices.Clone(rules), v.without, v.without+1)
	}
	r.beat()
	if err := r.Kernel.Apply(rules, a.Limits); err != nil {
		return fmt.Errorf("%w: load arm %s %s: %w", ErrDisturbed, a.Info.Name, what, err)
	}
	for j, sc := range r.Plan.Scenarios {
		r.step(fmt.Sprintf("round %d of %d: %s %s, %s", round, r.Plan.Rounds, a.Info.Name, what, sc.Name))
		if err := ctx.Err(); err != nil {
			return err
		}
		without := v.without
		ops := max(1, r.ops[j]/ablationShare)
		if _, _, err := r.slot(ctx, slotSpec{kind: kind, round: round, place: place, arm: v.arm, scenario: j, ops: ops, without: &without}); err != nil {
			return err
		}
	}
	return r.Kernel.Check()
}

// leftOut is what the rounds say that a rule adds to a system call: the mute copy minus the mute copy without it.
func (r *Runner) leftOut(scenario, arm string, n int, callsPerOp float64) *result.Metric {
	whole, without := map[int]result.Slot{}, map[int]result.Slot{}
	for _, s := range r.slots {
		if s.Kind != result.SlotAblation || s.Scenario != scenario || s.Arm != arm || !s.Valid || s.Without == nil {
			continue
		}
		switch *s.Without {
		case wholeSet:
			whole[s.Round] = s
		case n:
			without[s.Round] = s
		}
	}
	xs := r.paired(whole, without, func(x, y result.Slot) float64 { return (cpuPerOp(x) - cpuPerOp(y)) / callsPerOp })
	if len(xs) == 0 || callsPerOp <= 0 {
		return nil
	}
	v, low, high := stat.HodgesLehmann(xs, stat.Confidence)
	return &result.Metric{Unit: "ns", Value: v, Low: low, High: high, N: len(xs)}
}
