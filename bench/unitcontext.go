package bench

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/audit/rule"
	"github.com/auditprof/auditprof/internal/kernel"
)

// How a unit is looked at for its audit context: all its system calls are recorded, at most contextRate records a second, until one is seen.
const (
	contextLook    = 3 * time.Second
	contextEvery   = 100 * time.Millisecond
	contextRate    = 200
	contextKey     = "auditprof-unit"
	contextPIDs    = 16        // a service of more processes is looked at by these, and by what they fork
	contextLeastNs = 2_000_000 // CPU that a service used which did something
	fieldPID       = 0         // include/uapi/linux/audit.h
	fieldPPID      = 18
)

// contextRules record every system call of these processes and of their children, and nobody else's.
func contextRules(pids []int) []rule.Wire {
	arch := machines[runtime.GOARCH]
	var rules []rule.Wire
	for _, pid := range pids[:min(len(pids), contextPIDs)] {
		for _, field := range []uint32{fieldPID, fieldPPID} {
			w := rule.Wire{List: rule.ListExit, Action: rule.ActionAlways, Fields: []rule.WireField{
				{Type: fieldArch, Op: rule.OpEqual, Value: arch},
				{Type: field, Op: rule.OpEqual, Value: uint32(pid)},
				{Type: rule.FieldFilterKey, Op: rule.OpEqual, Value: uint32(len(contextKey)), Str: contextKey},
			}}
			for i := range len(w.Mask) - 1 { // the last word stands for classes of calls (kernel/auditfilter.c: audit_to_entry_common)
				w.Mask[i] = ^uint32(0)
			}
			rules = append(rules, w)
		}
	}
	return rules
}

// proveUnit shows before anything is timed that rules can record what the unit does, and settles whether there is an arm without audit.
func (r *Runner) proveUnit(ctx context.Context) error {
	if err := r.settleNoContext(ctx); err != nil {
		return err
	}
	r.step("look at " + r.Unit.Name)
	w, err := r.Unit.Start(ctx, Launch{Arm: "(look)"})
	if err != nil {
		return err
	}
	before, err := r.Unit.group.CPUNs()
	if err != nil {
		return err
	}
	seen, err := r.seesUnit(ctx, w.PIDs())
	if uerr := r.unload(); err == nil {
		err = uerr
	}
	if err != nil {
		return err
	}
	after, err := r.Unit.group.CPUNs()
	switch {
	case err != nil:
		return err
	case seen:
		r.Base.Unit.HasContext = true
		return nil
	case after-before < contextLeastNs:
		return fmt.Errorf("%w: %w", ErrUnit, ErrUnitIdle)
	}
	return fmt.Errorf("%w: %w", ErrUnit, ErrUnitContext)
}

// seesUnit records what these processes do, until one event of theirs is in the log or the time is over. The rate is limited and nobody waits:
// what is beyond is lost, and needed by nobody.
func (r *Runner) seesUnit(ctx context.Context, pids []int) (bool, error) {
	if err := r.emptyLog(); err != nil {
		return false, err
	}
	rate, wait, silent := uint32(contextRate), uint32(0), uint32(kernel.FailSilent)
	if err := r.Kernel.Apply(contextRules(pids), kernel.Limits{RateLimit: &rate, BacklogWaitTime: &wait, Failure: &silent}); err != nil {
		return false, fmt.Errorf("look at the unit: %w", err)
	}
	for range int(contextLook / contextEvery) {
		if err := r.sleep(ctx, contextEvery); err != nil {
			return false, err
		}
		r.beat()
		size, err := r.tail.size()
		if err != nil {
			return false, err
		}
		if seen, err := holdsKey(r.tail.section(0, r.tail.wholeLines(size)), contextKey); seen || err != nil {
			return seen, err
		}
	}
	return false, nil
}

// settleNoContext restarts the unit under the rule of the arm without audit and looks whether the mark came through. Where init forks the unit
// it does not, and then there is no such arm: every figure of it would be one of the arm without rules.
func (r *Runner) settleNoContext(ctx context.Context) error {
	i := slices.IndexFunc(r.Plan.Arms, func(a Arm) bool { return a.Info.Kind == result.ArmNoAudit })
	if i < 0 {
		return nil
	}
	a := r.Plan.Arms[i]
	if err := r.load(variant{arm: i}); err != nil {
		return err
	}
	r.step("restart " + r.Unit.Name)
	w, err := r.Unit.Start(ctx, Launch{Arm: a.Info.Name, NoContext: true})
	if err == nil {
		err = r.unload()
	}
	if err != nil {
		return err
	}
	if allMarked(w.PIDs(), personalityOf) {
		return nil
	}
	r.Plan.Arms = slices.DeleteFunc(slices.Clone(r.Plan.Arms), func(b Arm) bool { return b.Info.Kind == result.ArmNoAudit })
	r.warn = append(r.warn, result.Warning{
		Text: fmt.Sprintf("there is no arm without audit: init starts %s, and what init starts has an audit context; all is compared with audit on and no rule", r.Unit.Name),
		Cure: "none needed: the figures are what rules add to auditing that is on",
	})
	return nil
}

// allMarked tells whether every process carries the mark under which it got no audit context.
func allMarked(pids []int, of func(pid int) (uint64, bool)) bool {
	return !slices.ContainsFunc(pids, func(pid int) bool {
		per, ok := of(pid)
		return !ok || per&kernel.MarkPersonality == 0
	})
}

// personalityOf reads /proc/pid/personality (fs/proc/base.c: proc_pid_personality), eight hex digits.
func personalityOf(pid int) (uint64, bool) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/personality", pid))
	if err != nil {
		return 0, false
	}
	per, err := strconv.ParseUint(strings.TrimSpace(string(b)), 16, 64)
	return per, err == nil
}
