package bench

import (
	"context"
	"errors"
	"math"
	"time"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/scenarios"
)

// cost is what a pilot learnt of one arm on one scenario.
type cost struct {
	nsPerOp, bytesPerOp float64
}

// pilots runs every scenario once in every arm, little work at first, and sets the operations of a slot: the same in every arm, so that
// slots can be compared without a model of how cost grows with work.
func (r *Runner) pilots(ctx context.Context) error {
	costs := make([][]cost, len(r.Plan.Scenarios)) // scenario → arm
	for i := range r.Plan.Arms {
		if r.Plan.Arms[i].Info.TwinOf != "" {
			continue
		}
		if err := r.load(variant{arm: i}); err != nil {
			return err
		}
		for j := range r.Plan.Scenarios {
			r.step("pilot " + r.Plan.Scenarios[j].Name + " " + r.Plan.Arms[i].Info.Name)
			c, err := r.pilot(ctx, i, j)
			if err != nil {
				return err
			}
			costs[j] = append(costs[j], c)
		}
	}
	r.ops = make([]uint64, len(r.Plan.Scenarios))
	for j, sc := range r.Plan.Scenarios {
		r.ops[j] = r.Plan.work(sc, costs[j])
	}
	if f := r.forecast(costs); r.Preflight != nil {
		if err := r.Preflight(f.LogBytes); err != nil {
			return errors.Join(err, r.unload())
		}
	}
	return r.unload()
}

// pilot grows the work until a slot is long enough to say what an operation costs. One that is ended says only that it costs more: it is run again
// with less, and what it says then is taken, however short it is.
func (r *Runner) pilot(ctx context.Context, arm, scenario int) (cost, error) {
	sc := r.Plan.Scenarios[scenario]
	ops := sc.PilotOps
	if r.Plan.UnitSlot > 0 {
		ops = 1 // a second: how long its slots last is not to be found out
	}
	for shrunk := false; ; {
		s, _, err := r.slot(ctx, slotSpec{kind: result.SlotPilot, arm: arm, scenario: scenario, ops: ops})
		if err != nil {
			return cost{}, err
		}
		if s.Ended && ops > 1 {
			ops, shrunk = max(1, ops/shrinkage), true
			continue
		}
		c := cost{nsPerOp: float64(s.WallNs) / float64(ops), bytesPerOp: float64(s.LogBytes) / float64(ops)}
		long := shrunk || s.Ended || !s.Valid || s.WallNs >= slotFloor.Nanoseconds()
		if long || sc.FixedTime || ops >= sc.MaxOps {
			return c, nil
		}
		ops = min(sc.MaxOps, max(2*ops, uint64(1.3*float64(ops)*float64(slotFloor.Nanoseconds())/float64(max(s.WallNs, 1)))))
	}
}

// shrinkage is how much less work a pilot gets after one that was ended.
const shrinkage = 8

// work is the operations of a slot. A slot of the user's own service lasts as long as was asked: its operations are seconds.
func (p Plan) work(sc scenarios.Info, costs []cost) uint64 {
	if p.UnitSlot > 0 {
		return pacedWork(sc.PilotOps, costs, p.slotLimit())
	}
	return workPerSlot(sc, costs, p.slotGoal())
}

// workPerSlot is the largest number of operations with which the dearest arm stays within the time and the log of a slot, but never so few
// that the cheapest arm is done before its clock means anything.
func workPerSlot(sc scenarios.Info, costs []cost, goal time.Duration) uint64 {
	if sc.FixedTime {
		return pacedWork(sc.PilotOps, costs, slotLimit)
	}
	ops, cheapest := float64(sc.MaxOps), math.Inf(1)
	for _, c := range costs {
		if c.nsPerOp > 0 {
			ops = min(ops, float64(goal.Nanoseconds())/c.nsPerOp)
			cheapest = min(cheapest, c.nsPerOp)
		}
		if c.bytesPerOp > 0 {
			ops = min(ops, logGoal/c.bytesPerOp)
		}
	}
	ops = max(ops, float64(slotFloor.Nanoseconds())/cheapest)
	return max(1, min(uint64(ops), sc.MaxOps))
}

// pacedWork is the work of a scenario that takes its own time: what it asks for, unless the dearest arm cannot keep that pace within the limit of
// a slot, or would log too much.
func pacedWork(ops uint64, costs []cost, limit time.Duration) uint64 {
	for _, c := range costs {
		if c.nsPerOp > 0 {
			ops = min(ops, uint64(0.8*float64(limit.Nanoseconds())/c.nsPerOp))
		}
		if c.bytesPerOp > 0 {
			ops = min(ops, uint64(logGoal/c.bytesPerOp))
		}
	}
	return max(1, ops)
}

// Overheads of a slot besides its workload, measured on a machine with two processors; only a forecast rests on them.
const (
	slotOverhead = 150 * time.Millisecond
	loadOverhead = 100 * time.Millisecond
)

// forecast tells the observer how long the rest will take and how much it will log.
func (r *Runner) forecast(costs [][]cost) Forecast {
	f := Forecast{Ops: map[string]uint64{}}
	var oneRound time.Duration
	var roundBytes, attributionBytes float64
	candidates := 0
	for _, v := range r.Plan.variants() {
		oneRound += loadOverhead
		attributed := !v.mute && r.Plan.Arms[v.arm].candidate()
		if attributed {
			candidates++
		}
		for j := range r.Plan.Scenarios {
			c := r.costOf(costs[j], v)
			oneRound += slotOverhead + min(r.Plan.slotLimit(), time.Duration(c.nsPerOp*float64(r.ops[j])))
			bytes := c.bytesPerOp * float64(r.ops[j])
			f.DiskBytes = max(f.DiskBytes, int64(bytes))
			if !v.mute {
				roundBytes += bytes
			}
			if attributed {
				attributionBytes += keyedShare * bytes
			}
		}
	}
	for j, sc := range r.Plan.Scenarios {
		f.Ops[sc.Name] = r.ops[j]
	}
	if r.Plan.Canaries {
		f.Slots = candidates
	}
	perRound := len(r.Plan.variants()) * len(r.Plan.Scenarios)
	rounds := r.Plan.Rounds + r.Plan.Warmup
	f.Slots += rounds*perRound + candidates*len(r.Plan.Scenarios) + len(pricedTypes)
	f.Expected = time.Duration(rounds)*oneRound + oneRound
	if r.Probes != nil {
		f.Slots, f.Expected = f.Slots+perRound, f.Expected+oneRound
	}
	f.LogBytes = int64(float64(rounds)*roundBytes + attributionBytes + float64(len(pricedTypes))*keyedShare*float64(f.DiskBytes))
	r.total = r.done + f.Slots
	f.Arms, f.Rounds = len(r.Plan.Arms), r.Plan.Rounds
	r.planned = r.protocol(f)
	f.Protocol = *r.planned
	r.warn = append(r.warn, r.Plan.tooFewRounds()...)
	r.Observer.Planned(f)
	return f
}

// keyedShare is how much longer a log gets at the most by a key that is logged in hex and the personality: 60 bytes on an event of 300.
const keyedShare = 1.2

// costOf is what a pilot learnt of a variant's arm. Twins cost what the arm they repeat costs; pilots are per arm that is no twin, in order.
func (r *Runner) costOf(costs []cost, v variant) cost {
	i, want := 0, r.Plan.Arms[v.arm]
	for _, a := range r.Plan.Arms {
		if a.Info.TwinOf != "" {
			continue
		}
		if a.Info.Name == want.Info.Name || a.Info.Name == want.Info.TwinOf {
			break
		}
		i++
	}
	if i >= len(costs) {
		return cost{}
	}
	return costs[i]
}
