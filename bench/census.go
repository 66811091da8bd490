package bench

import (
	"context"
	"fmt"
	"runtime"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/bench/ruleprice"
	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/record"
	"github.com/auditprof/auditprof/internal/audit/rule"
	"github.com/auditprof/auditprof/internal/kernel"
)

// A census records every system call of a workload, so that what no rule matches can be counted too. It is short: its counts per operation
// hardly vary, and its log is long.
const (
	censusKey    = "auditprof-census"
	censusFirst  = 50   // operations that tell how many events one makes
	censusEvents = 6000 // of the census itself
)

// censusRule records all system calls of marked processes.
func censusRule() rule.Wire {
	w := rule.Wire{List: rule.ListExit, Action: rule.ActionAlways, Fields: []rule.WireField{
		{Type: rule.FieldPers, Op: rule.OpEqual, Value: kernel.MarkPersonality},
		{Type: rule.FieldFilterKey, Op: rule.OpEqual, Value: uint32(len(censusKey)), Str: censusKey},
	}}
	for i := range w.Mask {
		w.Mask[i] = ^uint32(0)
	}
	w.Mask[len(w.Mask)-1] = 1<<16 - 1 // the rest stands for classes (kernel/auditfilter.c: audit_to_entry_common)
	return w
}

// armCensus is one set on one scenario: the steps through it as it is, and through its mute copy, which ends at no match.
type armCensus struct {
	arm, scenario int
	exact, mute   ruleprice.Census
}

// censuses counts, for every workload, what its system calls make the kernel do under each set.
func (r *Runner) censuses(ctx context.Context) error {
	if r.pricing.costs == nil {
		return nil
	}
	if err := r.Kernel.Apply([]rule.Wire{censusRule()}, r.attributionLimits()); err != nil {
		return fmt.Errorf("load the rule of the census: %w", err)
	}
	for j := range r.Plan.Scenarios {
		if err := r.census(ctx, j); err != nil {
			return fmt.Errorf("census of %s: %w", r.Plan.Scenarios[j].Name, err)
		}
	}
	return r.unload()
}

// census runs few operations, to learn how many are enough, and those.
func (r *Runner) census(ctx context.Context, scenario int) error {
	ops := max(1, min(censusFirst, r.ops[scenario]))
	for {
		r.step("census of " + r.Plan.Scenarios[scenario].Name)
		s, reg, err := r.slot(ctx, slotSpec{kind: result.SlotCensus, arm: r.quietArm(), scenario: scenario, ops: ops, marked: true})
		if err != nil {
			return err
		}
		if !s.Valid || s.Ended || !s.Complete() {
			return r.noCensus(scenario, whyIncomplete(s))
		}
		enough := s.Events >= censusEvents/2 || ops == r.ops[scenario]
		if enough {
			return r.count(scenario, s, reg)
		}
		ops = min(r.ops[scenario], max(2*ops, ops*censusEvents/uint64(max(1, s.Events))))
	}
}

// quietArm is the arm in whose name a census runs: it has no rules of its own.
func (r *Runner) quietArm() int {
	for i, a := range r.Plan.Arms {
		if a.Info.Kind == result.ArmNoRules {
			return i
		}
	}
	return max(0, r.Plan.baseline())
}

func (r *Runner) noCensus(scenario int, why string) error {
	r.warn = append(r.warn, result.Warning{Text: fmt.Sprintf("rules have no price on %s: its system calls could not be counted: %s", r.Plan.Scenarios[scenario].Name, why),
		Cure: "repeat the run when the machine is quieter"})
	return nil
}

// count goes through every system call of the slot with each set.
func (r *Runner) count(scenario int, s result.Slot, reg region) error {
	type pair struct {
		arm         int
		exact, mute *ruleprice.Counter
	}
	var pairs []pair
	for i, a := range r.Plan.Arms {
		if !a.candidate() {
			continue
		}
		mute, _ := Mute(a.Rules)
		e, err := r.counter(a.Rules)
		if err != nil {
			return err
		}
		m, err := r.counter(mute)
		if err != nil {
			return err
		}
		pairs = append(pairs, pair{i, e, m})
	}
	err := r.eachMarked(reg, func(c *event.Call) {
		for _, p := range pairs {
			p.exact.Add(c)
			p.mute.Add(c)
		}
	})
	for _, p := range pairs {
		r.pricing.counted = append(r.pricing.counted, armCensus{p.arm, scenario, p.exact.PerOp(s.Ops), p.mute.PerOp(s.Ops)})
	}
	return err
}

func (r *Runner) counter(rules []rule.Wire) (*ruleprice.Counter, error) {
	v, err := match.ParseVersion(r.Base.Environment.Kernel)
	if err != nil {
		v = match.Version{}
	}
	return ruleprice.NewCounter(rules, match.Host{Machine: machines[runtime.GOARCH], Kernel: v}, func(i int) int { return bucketOf(rules[i]) })
}

// bucketOf is where the kernel's hash keeps a rule with path= or inode= (kernel/auditfilter.c: audit_to_inode, kernel/audit_watch.c:
// audit_add_watch): by the inode of the file, that of one that is not there being all ones.
func bucketOf(w rule.Wire) int {
	for _, f := range w.Fields {
		switch f.Type {
		case fieldInode:
			return int(f.Value % match.InodeBuckets)
		case rule.FieldWatch:
			if ino, err := inodeOf(f.Str); err == nil {
				return int(ino % match.InodeBuckets)
			}
		}
	}
	return match.InodeBuckets - 1
}

const fieldInode = 102 // include/uapi/linux/audit.h

// eachMarked reads the slot's system calls that carry the mark.
func (r *Runner) eachMarked(reg region, see func(*event.Call)) error {
	reader := record.NewReader(r.tail.section(reg.from, reg.to))
	var call event.Call
	for ev := range event.NewAssembler(event.Options{}).Events(reader, nil) {
		if !reg.outside(ev.Serial) && call.Read(ev) && call.Per == kernel.MarkPersonality {
			see(&call)
		}
	}
	if err := reader.Err(); err != nil {
		return fmt.Errorf("read the log of the census: %w", err)
	}
	return nil
}
