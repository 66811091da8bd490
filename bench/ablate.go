package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/auditprof/auditprof/bench/result"
)

// ablated is how many rules of a set are left out one by one: the dearest as priced.
const ablated = 10

// wholeSet stands in place of the rule that is left out where none is: the control.
const wholeSet = -1

// Dropper is a Kernel that can take one rule out of what is loaded and leave the others where they lie.
type Dropper interface {
	// Drop takes away rule i of those applied last.
	Drop(i int) error
}

// ablation is what leaving rules out has shown so far.
type ablation struct {
	plan   *result.Ablation
	stalls int                      // batches that did not end
	sizes  map[int]batchSize        // by scenario
	pairs  map[ablationOf][]float64 // ns per operation that the rule takes, in the order of measuring
}

// ablationOf is one rule of an arm, or wholeSet, on one scenario.
type ablationOf struct{ arm, scenario, without int }

// ablate measures the dearest rules of each set, pair by pair: the mute copy is loaded and timed, the rule is taken out of it, and it is timed
// again, in the same processes and within tens of milliseconds. Loaded anew, the same rules lie elsewhere in the kernel's memory, which can make a
// walk dearer by more than a rule is worth; so both halves of a pair share one load. In control pairs nothing is taken out: those before the
// first rule tell the noise, and that tells how many pairs there will be.
func (r *Runner) ablate(ctx context.Context) error {
	drop, ok := r.Kernel.(Dropper)
	if !r.Plan.Ablate || r.pricing.costs == nil || !ok {
		return nil
	}
	if len(r.ablatable()) == 0 {
		r.warn = append(r.warn, result.Warning{Text: "no rule was left out: the time of no workload of this run says what a system call costs",
			Cure: "a workload without a rate, without several workers or users and in a program of ours: null-syscall, open-close, file-churn"})
		return nil
	}
	r.ablation = ablation{sizes: map[int]batchSize{}, pairs: map[ablationOf][]float64{}}
	began := r.now()
	for range probePairs {
		for _, arm := range r.pricedArms() {
			if err := r.block(ctx, drop, arm, []int{wholeSet}, "how noisy pairs are"); err != nil {
				return err
			}
		}
	}
	r.planAblation(r.now().Sub(began) - time.Duration(r.ablation.stalls)*r.Plan.slotLimit()) // what did not end is no measure of a pair
	kept := r.now()
	for round := 1; round <= r.ablation.plan.Pairs; round++ {
		if r.overdue(round-1, r.now().Sub(began)) {
			break
		}
		if err := r.ablationRound(ctx, drop, round); err != nil {
			return err
		}
		r.ablation.plan.Done = round
		if r.now().Sub(kept) < keptEvery {
			continue
		}
		if err := r.Recorder.Run(r.summary()); err != nil {
			return err
		}
		kept = r.now()
	}
	return r.unload()
}

// keptEvery is how often what the pairs have shown is written down: a summary of a large run takes as long as a pair.
const keptEvery = 10 * time.Second

// ablationStream keeps the orders of these rounds apart from those of the others, which have the numbers of the rounds.
const ablationStream = 1 << 32

// ablationRound leaves each of the dearest out once, and nothing once for each set, in a new random order.
func (r *Runner) ablationRound(ctx context.Context, drop Dropper, round int) error {
	rng := rand.New(rand.NewPCG(r.Plan.Seed, ablationStream+uint64(round)))
	arms := r.pricedArms()
	rng.Shuffle(len(arms), func(i, j int) { arms[i], arms[j] = arms[j], arms[i] })
	for _, arm := range arms {
		order := append([]int{wholeSet}, r.dearest(arm, ablated)...)
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		if err := r.block(ctx, drop, arm, order, fmt.Sprintf("pair %d of %d", round, r.ablation.plan.Pairs)); err != nil {
			return err
		}
	}
	return nil
}

// pricedArms are the arms with rules of their own.
func (r *Runner) pricedArms() (list []int) {
	for i, a := range r.Plan.Arms {
		if a.candidate() {
			list = append(list, i)
		}
	}
	return list
}

// ablatable are the scenarios whose time says what a system call costs: those that keep a pace of their own wait for most of it, several workers
// or users share it, and one that does its operations in a program of its own starts that program in each batch.
func (r *Runner) ablatable() (list []int) {
	for j, sc := range r.Plan.Scenarios {
		if !sc.FixedTime && sc.OpsPerSecond == 0 && sc.Workers <= 1 && len(sc.Users.List()) <= 1 && !sc.Batching {
			list = append(list, j)
		}
	}
	return list
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

// block is one pair for each of those left out, all in the same processes. They are forked under the arm: rules of its task list may keep an audit
// context from them.
func (r *Runner) block(ctx context.Context, drop Dropper, arm int, order []int, what string) (err error) {
	var works map[int]Workload
	defer func() {
		for _, w := range works {
			w.Close()
		}
	}()
	for _, without := range order {
		left, name := "nothing", r.Plan.Arms[arm].Info.Name
		if without != wholeSet {
			left = r.ruleName(name, without)
		}
		r.step(fmt.Sprintf("%s: %s, %s left out", what, name, left))
		if err := r.load(variant{arm: arm, mute: true}); err != nil {
			return err
		}
		if works == nil {
			if works, err = r.startAblated(ctx, arm); err != nil {
				return err
			}
		}
		if err := r.pairWithout(ctx, drop, works, arm, without); err != nil {
			return r.stalled(err)
		}
	}
	return r.alive()
}

// mostStalls ends the run: a machine that stands still that often measures nothing.
const mostStalls = 5

// stalled passes an error on, but for the first batches that did not end: the pair is not counted, nor what would have come behind it in the block.
func (r *Runner) stalled(err error) error {
	if !errors.Is(err, errStalled) || r.ablation.stalls >= mostStalls {
		return err
	}
	r.ablation.stalls++
	r.warn = append(r.warn, result.Warning{Text: fmt.Sprintf("leaving out a rule: %v in %s: that pair and the rest of its round are left aside", err, r.Plan.slotLimit()),
		Cure: "none needed where it is rare; else look for what keeps the workload from running"})
	return nil
}

func (r *Runner) startAblated(ctx context.Context, arm int) (map[int]Workload, error) {
	works := map[int]Workload{}
	for _, j := range r.ablatable() {
		w, err := r.Workloads.Start(ctx, Launch{Scenario: r.Plan.Scenarios[j], Arm: r.Plan.Arms[arm].Info.Name, Seed: r.Plan.Seed})
		if err != nil {
			return works, fmt.Errorf("scenario %s: %w", r.Plan.Scenarios[j].Name, err)
		}
		works[j] = w
	}
	return works, nil
}

// pairWithout is one pair: the scenarios under the whole mute copy, and once more without the rule.
func (r *Runner) pairWithout(ctx context.Context, drop Dropper, works map[int]Workload, arm, without int) error {
	before, err := r.timeBatches(ctx, works)
	if err != nil {
		return err
	}
	if without != wholeSet {
		if err := drop.Drop(without); err != nil {
			name := r.Plan.Arms[arm].Info.Name
			return disturbedAt(fmt.Sprintf("take %s out of arm %s", r.ruleName(name, without), name), err)
		}
	}
	after, err := r.timeBatches(ctx, works)
	if err != nil {
		return err
	}
	for j := range works {
		of := ablationOf{arm, j, without}
		r.ablation.pairs[of] = append(r.ablation.pairs[of], before[j]-after[j])
	}
	return r.Kernel.Check()
}
