package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/bench/ruleprice"
	"github.com/auditprof/auditprof/bench/stat"
	"github.com/auditprof/auditprof/internal/audit/rule"
	"github.com/auditprof/auditprof/internal/kernel"
)

// Loops time one system call in a process of their own that has an audit context.
type Loops interface {
	// Files are what calibrating rules may name.
	Files() ruleprice.Files
	// Time is nanoseconds of one call in the fastest of some short batches.
	Time(ctx context.Context, loop string) (float64, error)
	Close() error
}

// calibrationPasses is how often all settings are gone through, each time in another order. In a pass the fastest batch counts, so that a
// neighbour is not seen; over the passes the median, since the same rules loaded again lie elsewhere in the kernel's memory, and a walk over
// some 80 of them then takes up to a tenth longer or shorter. What prices begin from, the loops without a rule or with one and the sets' own, has all
// passes in a quick run too: a small set takes less than one load differs from another.
const (
	calibrationPasses = 5
	quickPasses       = 2
)

// calibrate learns what the kernel's steps cost on this host, now, under sets of its own making.
func (r *Runner) calibrate(ctx context.Context) error {
	if !r.Plan.RulePrices || r.Loops == nil {
		return nil
	}
	loops, err := r.Loops(ctx)
	if err != nil {
		return fmt.Errorf("calibrate: %w", err)
	}
	defer loops.Close()
	settings := ruleprice.Settings(r.rulesInUse(), loops.Files())
	synthetic := len(settings)
	var arms []int
	for i, a := range r.Plan.Arms {
		if a.candidate() {
			mute, _ := Mute(a.Rules)
			settings = append(settings, ruleprice.Own(a.Info.Name, a.Rules), ruleprice.Whole(a.Info.Name, mute, ruleprice.LoopNothing),
				ruleprice.Whole(a.Info.Name, mute, ruleprice.LoopName))
			arms = append(arms, i)
		}
	}
	ns, err := r.timeAll(ctx, loops, settings, synthetic)
	// At once, whatever happened: the rules name files that go with the run, and the kernel miscounts rules that it has to remove by itself
	// (kernel/audit_watch.c: audit_remove_parent_watches, kernel/audit_tree.c: kill_rules), so that no later "no rules" would be free.
	if err := errors.Join(err, r.unload()); err != nil {
		return fmt.Errorf("calibrate: %w", err)
	}
	costs, residual := ruleprice.Fit(settings[:synthetic], ns[:synthetic])
	r.pricing.costs = map[int]ruleprice.SetCosts{}
	for n, arm := range arms {
		own := synthetic + 3*n
		c, err := r.setCosts(arm, costs.WithWalk(settings[own], ns[0], ns[own], ns[own+1]), loops.Files().Inode, ns[own+1]-ns[0], ns[own+2]-ns[1])
		if err != nil {
			return err
		}
		r.pricing.costs[arm] = c
	}
	r.pricing.calibration = calibrationOf(costs, residual, settings, ns, synthetic)
	return nil
}

// setCosts holds what the mute copy of a set takes in the two loops, over no rules, against what the steps make of it.
func (r *Runner) setCosts(arm int, k ruleprice.Costs, inode uint64, nothingNs, nameNs float64) (ruleprice.SetCosts, error) {
	out := ruleprice.SetCosts{Costs: k}
	mute, _ := Mute(r.Plan.Arms[arm].Rules)
	for _, a := range []struct {
		loop     string
		measured float64
		anchor   *float64
	}{{ruleprice.LoopNothing, nothingNs, &out.Anchors.Nothing}, {ruleprice.LoopName, nameNs, &out.Anchors.Name}} {
		c, err := r.counter(mute)
		if err != nil {
			return out, err
		}
		c.Add(ruleprice.LoopCall(a.loop, machines[runtime.GOARCH], inode))
		foretold, bounded := c.PerOp(1).TaxPerOp(ruleprice.Unanchored(k)), false
		if *a.anchor, bounded = ruleprice.AnchorOf(a.measured, foretold); bounded {
			r.warn = append(r.warn, result.Warning{
				Text: fmt.Sprintf("prices of rules of %s: the whole set takes %.0f ns in a loop of %s, its steps one by one make %.0f: more apart than is believed, prices are bounded at %.1f times the steps'",
					r.Plan.Arms[arm].Info.Name, a.measured, a.loop, foretold, *a.anchor),
				Cure: "repeat the run when the machine is quieter"})
		}
	}
	return out, nil
}

// timeAll goes through all settings some times and gives the time of a call under each. Those from synthetic on are the sets' own.
func (r *Runner) timeAll(ctx context.Context, loops Loops, settings []ruleprice.Setting, synthetic int) ([]float64, error) {
	times := make([][]float64, len(settings))
	for pass := range calibrationPasses {
		r.step(fmt.Sprintf("calibration %d of %d", pass+1, calibrationPasses))
		for _, i := range rand.New(rand.NewPCG(r.Plan.Seed, uint64(pass))).Perm(len(settings)) {
			if r.Plan.Quick && pass >= quickPasses && i < synthetic && len(settings[i].Rules) > 1 {
				continue
			}
			t, err := r.timeUnder(ctx, loops, settings[i])
			if err != nil {
				return nil, fmt.Errorf("under %q: %w", settings[i].Name, err)
			}
			times[i] = append(times[i], t)
		}
	}
	ns := make([]float64, len(settings))
	for i := range times {
		ns[i] = stat.Median(times[i])
	}
	return ns, nil
}

func (r *Runner) timeUnder(ctx context.Context, loops Loops, s ruleprice.Setting) (float64, error) {
	r.beat()
	if err := r.Kernel.Apply(s.Rules, kernel.Limits{}); err != nil {
		return 0, err
	}
	return loops.Time(ctx, s.Loop)
}

// rulesInUse are the rules of all sets with their mute copies' field: what the calibration must have a price for.
func (r *Runner) rulesInUse() []rule.Wire {
	var all []rule.Wire
	for _, a := range r.Plan.Arms {
		if a.candidate() {
			mute, _ := Mute(a.Rules)
			all = append(all, mute...)
		}
	}
	return all
}

// calibrationOf is what the run keeps of it: the steps, and each setting with what the steps make of it. The sets' own are no part of the fit.
func calibrationOf(costs ruleprice.Costs, residual float64, settings []ruleprice.Setting, ns []float64, synthetic int) *result.Calibration {
	c := &result.Calibration{StepNs: map[string]float64{}, Residual: residual}
	for s, k := range costs {
		c.StepNs[ruleprice.Step(s).String()] = k
	}
	for i, s := range settings {
		set := result.Setting{Name: s.Name, Loop: s.Loop, Rules: len(s.Rules), Ns: ns[i]}
		if i < synthetic {
			set.FittedNs = ruleprice.Fitted(costs, settings, ns, i)
		}
		c.Settings = append(c.Settings, set)
	}
	slices.SortStableFunc(c.Settings, func(a, b result.Setting) int { return a.Rules - b.Rules })
	return c
}
