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
	"golang.org/x/sys/unix"
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

// census runs few operations, to learn how many are enough, and those. What the first run counted is taken off the second.
func (r *Runner) census(ctx context.Context, scenario int) error {
	ops := max(1, min(censusFirst, r.ops[scenario]))
	var first []setCounters
	for firstOps := uint64(0); ; {
		r.step("census of " + r.Plan.Scenarios[scenario].Name)
		s, reg, err := r.slot(ctx, slotSpec{kind: result.SlotCensus, arm: r.quietArm(), scenario: scenario, ops: ops, marked: true})
		if err != nil {
			return err
		}
		if !s.Valid || s.Ended || !s.Complete() {
			return r.noCensus(scenario, whyIncomplete(s))
		}
		counted, err := r.count(reg)
		if err != nil {
			return err
		}
		if s.Events >= censusEvents/2 || ops == r.ops[scenario] {
			r.keepCensus(scenario, counted, first, ops-firstOps)
			return nil
		}
		first, firstOps = counted, ops
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

// setCounters are the counters of one set: as it is, and its mute copy.
type setCounters struct {
	arm         int
	exact, mute *ruleprice.Counter
}

// count goes through every system call of a slot with each set.
func (r *Runner) count(reg region) ([]setCounters, error) {
	var sets []setCounters
	for i, a := range r.Plan.Arms {
		if !a.candidate() {
			continue
		}
		mute, _ := Mute(a.Rules)
		e, err := r.counter(a.Rules)
		if err != nil {
			return nil, err
		}
		m, err := r.counter(mute)
		if err != nil {
			return nil, err
		}
		sets = append(sets, setCounters{i, e, m})
	}
	return sets, r.eachMarked(reg, func(c *event.Call) {
		for _, s := range sets {
			s.exact.Add(c)
			s.mute.Add(c)
		}
	})
}

// keepCensus keeps what one operation makes, of so many that were counted beyond the first.
func (r *Runner) keepCensus(scenario int, counted, first []setCounters, ops uint64) {
	for i, s := range counted {
		if first != nil {
			s.exact, s.mute = s.exact.Beyond(first[i].exact), s.mute.Beyond(first[i].mute)
		}
		r.pricing.counted = append(r.pricing.counted, armCensus{s.arm, scenario, s.exact.PerOp(ops), s.mute.PerOp(ops)})
	}
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

// eachMarked reads the slot's system calls that carry the mark, but for nanosleep: the runtime of our workloads makes those by the clock, on a
// thread of its own, and a census, in which every call is recorded, takes many times as long as a timed slot.
func (r *Runner) eachMarked(reg region, see func(*event.Call)) error {
	reader := record.NewReader(r.tail.section(reg.from, reg.to))
	var call event.Call
	for ev := range event.NewAssembler(event.Options{}).Events(reader, nil) {
		if !reg.outside(ev.Serial) && call.Read(ev) && call.Per == kernel.MarkPersonality && call.Syscall != unix.SYS_NANOSLEEP {
			see(&call)
		}
	}
	if err := reader.Err(); err != nil {
		return fmt.Errorf("read the log of the census: %w", err)
	}
	return nil
}
