package bench

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/audit/rule"
	"github.com/auditprof/auditprof/internal/kernel"
	"github.com/auditprof/auditprof/scenarios"
)

// Arm is a rule set under test, ready for the kernel.
type Arm struct {
	Info   result.Arm
	Rules  []rule.Wire
	Limits kernel.Limits
	// MayDropMarks: rules or limits of this arm can keep the harness's marks out of the log; the proof of the warm-up sets it.
	MayDropMarks bool
	// Auditd is the name of the auditd that must run under the arm, "" for whichever runs.
	Auditd string
	// Plain arms are timed, and nothing else: no mute copy, no attribution, no canaries.
	Plain bool
	// Plant is the known slowdown of a planted control.
	Plant scenarios.Plant
}

// candidate tells the arms that have rules to attribute.
func (a Arm) candidate() bool {
	return !a.Plain && len(a.Rules) > 0 && a.Info.TwinOf == "" && a.Info.Kind != result.ArmNoAudit
}

// Plan is everything that is decided before the first slot.
type Plan struct {
	Arms      []Arm
	Scenarios []scenarios.Info
	Rounds    int
	Seed      uint64
	Quick     bool
	// Sweep: in place of rounds, the rate that each arm holds is searched.
	Sweep bool
	// UnitSlot is how long each slot of the user's own service lasts; 0 where workloads of ours run.
	UnitSlot time.Duration
	// Canaries: under each set the canaries are done and looked for.
	Canaries bool
	// RulePrices: the kernel's steps are calibrated and each rule gets its price. Ablate: the dearest are left out one by one as well.
	RulePrices, Ablate bool
	// Warmup is how many rounds are run first and thrown away.
	Warmup int
	// SlotGoal is how long the slot of the dearest arm may take; 0 for the usual.
	SlotGoal time.Duration
	// HZ is the number of jiffies in a second, for backlog wait times.
	HZ int
}

// Bounds of a slot. The issue of a slot that is too long is the machine's: one matching rule can make 16 s of 0.8 s.
const (
	slotGoal      = 2600 * time.Millisecond // of the dearest arm; the bound is 3 s
	slotGoalQuick = 1 * time.Second
	slotFloor     = 50 * time.Millisecond // of the cheapest arm
	slotLimit     = 10 * time.Second      // then the slot is ended
	drainLimit    = 10 * time.Second
	logGoal       = 60e6 // bytes of log in the dearest arm; the bound is 64 MB
)

func (p Plan) slotGoal() time.Duration {
	if p.SlotGoal > 0 {
		return p.SlotGoal
	}
	if p.Quick {
		return slotGoalQuick
	}
	return slotGoal
}

// variant is an arm as it is loaded in a round: exactly, or as its mute copy.
type variant struct {
	arm  int
	mute bool
}

// variants lists what every round runs: all arms, and the mute copy of each arm that has rules of its own.
func (p Plan) variants() []variant {
	var vs []variant
	for i, a := range p.Arms {
		vs = append(vs, variant{arm: i})
		if a.candidate() {
			vs = append(vs, variant{arm: i, mute: true})
		}
	}
	return vs
}

// order is the variants of one round, shuffled by the seed and the round: a drift of the machine then meets every arm alike.
func (p Plan) order(round int) []variant {
	vs := p.variants()
	r := rand.New(rand.NewPCG(p.Seed, uint64(round)))
	r.Shuffle(len(vs), func(i, j int) { vs[i], vs[j] = vs[j], vs[i] })
	return vs
}

// check refuses a plan that could not answer anything.
func (p Plan) check() error {
	if len(p.Scenarios) == 0 {
		return fmt.Errorf("no scenario to run: name one with --scenario")
	}
	if p.Rounds < 1 {
		return fmt.Errorf("%d rounds: at least 1", p.Rounds)
	}
	if p.baseline() < 0 {
		return fmt.Errorf("a plan needs the arm without audit: every ratio is taken to it")
	}
	return nil
}

// baseline is the index of the arm without audit, -1 if there is none. A service of the user's that is not restarted keeps its audit context:
// then it is the arm without rules.
func (p Plan) baseline() int {
	kinds := []string{result.ArmNoAudit}
	if p.UnitSlot > 0 {
		kinds = append(kinds, result.ArmNoRules)
	}
	for _, kind := range kinds {
		for i, a := range p.Arms {
			if a.Info.Kind == kind {
				return i
			}
		}
	}
	return -1
}

// slotLimit is how long a slot may take before it is ended.
func (p Plan) slotLimit() time.Duration { return slotLimit + 2*p.UnitSlot }

// Forecast is what a run will take, known after the pilots.
type Forecast struct {
	Slots    int
	Expected time.Duration
	// DiskBytes is the largest log of a slot: a private log is emptied between slots. LogBytes is what all slots write together.
	DiskBytes, LogBytes int64
	Ops                 map[string]uint64 // scenario → operations per slot
	Arms, Rounds        int
	Protocol            result.Protocol
}
