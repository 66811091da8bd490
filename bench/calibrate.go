package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
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
// some 80 of them then takes up to a tenth longer or shorter.
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
	times := make([][]float64, len(settings))
	passes := calibrationPasses
	if r.Plan.Quick {
		passes = quickPasses
	}
	for pass := range passes {
		r.step(fmt.Sprintf("calibration %d of %d", pass+1, passes))
		order := rand.New(rand.NewPCG(r.Plan.Seed, uint64(pass))).Perm(len(settings))
		for _, i := range order {
			t, err := r.timeUnder(ctx, loops, settings[i])
			if err != nil {
				return fmt.Errorf("calibrate under %q: %w", settings[i].Name, err)
			}
			times[i] = append(times[i], t)
		}
	}
	ns := make([]float64, len(settings))
	for i := range times {
		ns[i] = stat.Median(times[i])
	}
	r.pricing.costs, r.pricing.calibration = fitCosts(settings, ns)
	return r.unload()
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

func fitCosts(settings []ruleprice.Setting, ns []float64) (ruleprice.Costs, *result.Calibration) {
	costs, residual := ruleprice.Fit(settings, ns)
	c := &result.Calibration{StepNs: map[string]float64{}, Residual: residual}
	for s, k := range costs {
		c.StepNs[ruleprice.Step(s).String()] = k
	}
	for i, s := range settings {
		c.Settings = append(c.Settings, result.Setting{Name: s.Name, Loop: s.Loop, Rules: len(s.Rules), Ns: ns[i], FittedNs: ruleprice.Fitted(costs, settings, ns, i)})
	}
	slices.SortFunc(c.Settings, func(a, b result.Setting) int { return a.Rules - b.Rules })
	return costs, c
}
