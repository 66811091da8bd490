package bench

import (
	"context"
	"fmt"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/bench/stat"
)

// The rules by which a slot is turned away, laid down before the first. They look at the machine, never at what the slot measured.
const (
	maxSteal     = 0.02 // share of CPU time
	maxLoop      = 1.5  // times the median of the run so far
	loopsKnown   = 5    // runs of the loop from which there is a median
	stalledMore  = 0.20 // of the slot's time, above the median of the same arm's slots
	stalledKnown = 3    // slots of the arm from which there is a median
	retries      = 2    // of one slot; then it counts as it is
	retriedShare = 0.25 // of all slots of the rounds: a machine that is always disturbed is measured as it is
)

// Names of the rules, as in Slot.Rejected.
const (
	bySteal    = "steal"
	byLoop     = "calibration"
	byPressure = "pressure"
)

// rejectionRules are the rules in words.
func rejectionRules() []string {
	return []string{
		fmt.Sprintf("%s: more than %g %% of the CPU time was stolen by the hypervisor during the slot", bySteal, 100*maxSteal),
		fmt.Sprintf("%s: the loop before the slot took more than %g times its median of the run so far", byLoop, maxLoop),
		// Audit itself makes processes wait for a CPU on a small machine: a fixed bound would turn away the slots of the dearer arms.
		fmt.Sprintf("%s: for %g %% more of the slot's time than in the median slot of the same arm some process waited for a CPU", byPressure, 100*stalledMore),
		"a slot in which something was lost counts, whatever the machine did meanwhile: a loss is a finding",
		fmt.Sprintf("a slot is run again at most %d times, and at most %g %% of all slots; then it counts as it is", retries, 100*retriedShare),
	}
}

// disturbedBy names the rule that turns a slot away, "" where none does.
func (r *Runner) disturbedBy(s result.Slot) string {
	switch {
	case s.StealShare > maxSteal:
		return bySteal
	case len(r.loops) >= loopsKnown && float64(s.CalibrationNs) > maxLoop*stat.Median(r.loops):
		return byLoop
	}
	var usual []float64
	for _, o := range r.slots {
		if o.Kind == s.Kind && o.Arm == s.Arm && o.Scenario == s.Scenario && o.Valid {
			usual = append(usual, o.StalledShare)
		}
	}
	if len(usual) >= stalledKnown && s.StalledShare > stat.Median(usual)+stalledMore {
		return byPressure
	}
	return ""
}

// undisturbed runs a slot, again where a rule turns it away.
func (r *Runner) undisturbed(ctx context.Context, sp slotSpec) (result.Slot, region, error) {
	room := int(retriedShare * float64(r.Plan.Rounds*len(r.Plan.variants())*len(r.Plan.Scenarios)))
	for try := 0; ; try++ {
		sp.mayReject = r.Loop != nil && try < retries && r.retried < room
		s, reg, err := r.slot(ctx, sp)
		if err != nil || s.Valid || s.Rejected == "" {
			return s, reg, err
		}
		r.retried++
	}
}

// turnAway lets the rules look at a slot that is whole otherwise. One that may not be run again counts, and keeps the name of the rule; so does one
// that lost something: what starves auditd makes it lose, and with the slot the loss would be gone.
func (r *Runner) turnAway(s *result.Slot, sp slotSpec) {
	if r.Loop == nil || sp.kind != result.SlotTimed && sp.kind != result.SlotMute {
		return
	}
	if s.Rejected = r.disturbedBy(*s); s.Rejected != "" && sp.mayReject && s.Complete() {
		s.Valid, s.Why = false, "disturbed: "+s.Rejected
	}
}

// rejections counts, by arm, the slots of the rounds that were turned away.
func (r *Runner) rejections() (list []result.Rejected) {
	if r.Loop == nil {
		return nil
	}
	for _, a := range r.Plan.Arms {
		x := result.Rejected{Arm: a.Info.Name, ByRule: map[string]int{}}
		for _, s := range r.slots {
			if s.Arm != x.Arm || s.Kind != result.SlotTimed && s.Kind != result.SlotMute {
				continue
			}
			x.Slots++
			if s.Rejected != "" && !s.Valid {
				x.Rejected++
				x.ByRule[s.Rejected]++
			}
		}
		list = append(list, x)
	}
	return list
}

// unequal warns where an arm lost far more of its slots than all of them together: what is left of it was measured in quieter times.
func unequal(list []result.Rejected) (ws []result.Warning) {
	slots, rejected := 0, 0
	for _, x := range list {
		slots, rejected = slots+x.Slots, rejected+x.Rejected
	}
	for _, x := range list {
		others := float64(rejected-x.Rejected) / float64(max(slots-x.Slots, 1))
		if own := float64(x.Rejected) / float64(max(x.Slots, 1)); x.Rejected >= 3 && own > 2*others+0.05 {
			ws = append(ws, result.Warning{
				Text: fmt.Sprintf("%d of %d slots of %s were turned away, and %.0f %% of the other arms': what is left of it was measured in quieter times",
					x.Rejected, x.Slots, x.Arm, 100*others),
				Cure: "run it again on a quieter machine; slots.jsonl has the slots that were turned away"})
		}
	}
	return ws
}
