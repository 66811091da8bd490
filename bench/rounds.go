package bench

import (
	"context"
	"fmt"

	"github.com/auditprof/auditprof/bench/result"
)

// rounds runs all variants in a new random order each time, first in round 0, which is thrown away: it warms caches, and auditd's log.
// A variant's rules are loaded once, then every scenario runs under them.
func (r *Runner) rounds(ctx context.Context) error {
	for range r.Plan.Warmup {
		for place, v := range r.Plan.order(0) {
			if err := r.visit(ctx, 0, place, v); err != nil {
				return err
			}
		}
	}
	for round := 1; round <= r.Plan.Rounds; round++ {
		for place, v := range r.Plan.order(round) {
			if err := r.visit(ctx, round, place, v); err != nil {
				return err
			}
		}
		r.round = round
		if err := r.Recorder.Run(r.summary()); err != nil {
			return err
		}
	}
	return r.unload()
}

func (r *Runner) visit(ctx context.Context, round, place int, v variant) error {
	if err := r.load(v); err != nil {
		return err
	}
	kind := result.SlotTimed
	if v.mute {
		kind = result.SlotMute
	}
	what := fmt.Sprintf("round %d of %d", round, r.Plan.Rounds)
	if round == 0 {
		kind, what = result.SlotWarmup, "warm-up round"
	}
	for j, sc := range r.Plan.Scenarios {
		r.step(fmt.Sprintf("%s: %s, %s", what, r.Plan.Arms[v.arm].Info.Name, sc.Name))
		if err := ctx.Err(); err != nil {
			return err
		}
		s, reg, err := r.undisturbed(ctx, slotSpec{kind: kind, round: round, place: place, arm: v.arm, scenario: j, ops: r.Plan.jittered(round, j, r.ops[j])})
		if err != nil {
			return err
		}
		if err := r.keepLog(v.arm, s, reg); err != nil {
			return err
		}
	}
	return r.Kernel.Check()
}
