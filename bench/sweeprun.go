package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/scenarios"
)

// ErrSweep: a scenario whose rate cannot be chosen.
var ErrSweep = errors.New("the scenario has a pace of its own")

// CanSweep is nil for a scenario that can run at any rate.
func CanSweep(sc scenarios.Info) error {
	if sc.FixedTime || sc.Batching || sc.OpsPerSecond > 0 {
		return fmt.Errorf("%w: %s: name another one with --scenario", ErrSweep, sc.Name)
	}
	return nil
}

// sweepStart is the part of the closed loop's speed that a search begins with: a producer that never waits for anything is far above what
// auditd writes in the long run.
const sweepStart = 1.0 / 8

func (p Plan) sweepBounds() sweepBounds {
	if p.Quick {
		return sweepQuick
	}
	return sweepFull
}

// upTo bounds the rate by the most operations that a workload does at a time: at a faster one the step would be shorter than it is meant to be,
// and what fits the backlog for a moment would count as held.
func (b sweepBounds) upTo(maxOps uint64) sweepBounds {
	b.mostRate = max(b.leastRate, min(b.mostRate, float64(maxOps)/b.slot.Seconds()))
	return b
}

// sweeps searches, for every arm with rules and every scenario, the rate that it holds without a loss or a wait.
func (r *Runner) sweeps(ctx context.Context) error {
	for i, a := range r.Plan.Arms {
		if a.Plain || len(a.Rules) == 0 || a.Info.TwinOf != "" || a.Info.Kind == result.ArmNoAudit {
			continue
		}
		if err := r.load(variant{arm: i}); err != nil {
			return err
		}
		for j := range r.Plan.Scenarios {
			if err := r.sweepOne(ctx, i, j); err != nil {
				return err
			}
		}
		if err := r.Kernel.Check(); err != nil {
			return err
		}
	}
	return r.unload()
}

func (r *Runner) sweepOne(ctx context.Context, arm, scenario int) error {
	a, sc := r.Plan.Arms[arm], r.Plan.Scenarios[scenario]
	r.step("sweep " + sc.Name + " " + a.Info.Name)
	c, err := r.pilot(ctx, arm, scenario)
	if err != nil {
		return err
	}
	s, err := search(sweepStart*1e9/max(c.nsPerOp, 1), r.Plan.sweepBounds().upTo(sc.MaxOps), func(rate float64) (result.SweepStep, string, error) {
		r.step(fmt.Sprintf("sweep %s %s at %.4g/s", sc.Name, a.Info.Name, rate))
		return r.sweepStep(ctx, arm, scenario, rate)
	})
	s.Scenario, s.Arm = sc.Name, a.Info.Name
	r.swept = append(r.swept, s)
	return err
}

// sweepStep runs one slot in open loop: as many operations as the rate makes of the step's time.
func (r *Runner) sweepStep(ctx context.Context, arm, scenario int, rate float64) (result.SweepStep, string, error) {
	sc, length := r.Plan.Scenarios[scenario], r.Plan.sweepBounds().slot
	ops := min(sc.MaxOps, max(1, uint64(rate*length.Seconds())))
	s, _, err := r.slot(ctx, slotSpec{kind: result.SlotSweep, arm: arm, scenario: scenario, ops: ops, rate: rate})
	if err != nil {
		return result.SweepStep{OpsPerSecond: rate}, "", err
	}
	st, why := stepOf(s, rate)
	if why != "" {
		err = r.recover(ctx)
	}
	return st, why, err
}

// stepOf is what a slot says of its rate.
func stepOf(s result.Slot, rate float64) (result.SweepStep, string) {
	st := result.SweepStep{OpsPerSecond: rate, Lost: s.Lost + s.EventsMissing + s.PartialEvents, WaitNs: s.BacklogWaitNs, LatencyP99Ns: s.LatencyP99Ns}
	if !s.Valid {
		return st, oneLine(s.Why)
	}
	if s.WallNs > 0 {
		st.DonePerSec = float64(s.OpsDone) / (float64(s.WallNs) / 1e9)
		st.EventsPerSec = float64(s.Events-s.OtherEvents) / (float64(s.WallNs) / 1e9)
	}
	if s.Ended {
		return st, fmt.Sprintf("the operations of %v were not done after %v", (time.Duration(float64(s.Ops) / rate * 1e9)).Round(time.Millisecond), time.Duration(s.WallNs))
	}
	return st, brokeBy(st, time.Duration(s.DrainNs), time.Duration(s.WallNs))
}

// recoverTries bounds the wait for a log that a step left behind: each takes drainLimit at the most.
const recoverTries = 4

// recover waits until auditd has written what a rate that was not held left, so that the next step does not pay for it.
func (r *Runner) recover(ctx context.Context) error {
	for range recoverTries {
		_, err := r.drain(ctx, r.tail, r.mark("recovered"), func() bool { return true })
		if errors.Is(err, errLogCut) {
			return nil // nothing more will come, and the next step empties the log
		}
		if !errors.Is(err, errNotDrained) {
			return err
		}
	}
	return fmt.Errorf("%w, after a rate that was not held", errNotDrained)
}
