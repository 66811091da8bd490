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

// Dropper is a Kernel that can take one rule out of what is loaded and leave the others where they lie.
type Dropper interface {
	// Drop takes away rule i of those applied last.
	Drop(i int) error
}

// ablate measures the dearest rules of each set: the mute copy is loaded and timed, the rule is taken out of it, and it is timed again. Loaded
// anew, the same rules lie elsewhere in the kernel's memory, which can make a walk dearer by more than a rule is worth; so both slots of a pair
// share one load. Rounds are of their own, each in a new random order.
func (r *Runner) ablate(ctx context.Context) error {
	drop, ok := r.Kernel.(Dropper)
	if !r.Plan.Ablate || r.pricing.costs == nil || !ok {
		return nil
	}
	for round := 1; round <= r.Plan.Rounds; round++ {
		order := r.ablations()
		rng := rand.New(rand.NewPCG(r.Plan.Seed, ablationStream+uint64(round)))
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for place, v := range order {
			if err := r.pairWithout(ctx, drop, round, place, v); err != nil {
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

// ablation is the mute copy of an arm, and the rule that is taken out of it.
type ablation struct{ arm, without int }

func (r *Runner) ablations() []ablation {
	var vs []ablation
	for i, a := range r.Plan.Arms {
		if !a.candidate() {
			continue
		}
		for _, n := range r.dearest(i, ablated) {
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
		for i, ns := range c.mute.Prices(r.pricing.costs[arm]) {
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

// pairWithout is one pair: the scenarios under the whole mute copy, and once more without the rule.
func (r *Runner) pairWithout(ctx context.Context, drop Dropper, round, place int, v ablation) error {
	a := r.Plan.Arms[v.arm]
	if err := r.load(variant{arm: v.arm, mute: true}); err != nil {
		return err
	}
	for _, without := range []int{wholeSet, v.without} {
		if without != wholeSet {
			r.beat()
			if err := drop.Drop(without); err != nil {
				return fmt.Errorf("%w: take %s out of arm %s: %w", ErrDisturbed, r.ruleName(a.Info.Name, without), a.Info.Name, err)
			}
		}
		for j, sc := range r.Plan.Scenarios {
			r.step(fmt.Sprintf("round %d of %d: %s, %s left out, %s", round, r.Plan.Rounds, a.Info.Name, r.ruleName(a.Info.Name, v.without), sc.Name))
			if err := ctx.Err(); err != nil {
				return err
			}
			spec := slotSpec{kind: result.SlotAblation, round: round, place: place, arm: v.arm, scenario: j, ops: max(1, r.ops[j]/ablationShare), without: &without}
			if _, _, err := r.slot(ctx, spec); err != nil {
				return err
			}
		}
	}
	return r.Kernel.Check()
}

// leftOut is what the rounds say that a rule adds to a system call: the mute copy minus the mute copy without it, pair by pair.
func (r *Runner) leftOut(scenario, arm string, n int, callsPerOp float64) *result.Metric {
	type pair struct{ round, place int }
	whole, without := map[pair]result.Slot{}, map[int]result.Slot{}
	for _, s := range r.slots {
		if s.Kind != result.SlotAblation || s.Scenario != scenario || s.Arm != arm || !s.Valid || s.Without == nil {
			continue
		}
		switch *s.Without {
		case wholeSet:
			whole[pair{s.Round, s.Place}] = s
		case n:
			without[s.Round] = s
		}
	}
	before := map[int]result.Slot{}
	for round, s := range without {
		if w, ok := whole[pair{round, s.Place}]; ok {
			before[round] = w
		}
	}
	xs := r.paired(before, without, func(x, y result.Slot) float64 { return (cpuPerOp(x) - cpuPerOp(y)) / callsPerOp })
	if len(xs) == 0 || callsPerOp <= 0 {
		return nil
	}
	v, low, high := stat.HodgesLehmann(xs, stat.Confidence)
	return &result.Metric{Unit: "ns", Value: v, Low: low, High: high, N: len(xs)}
}
