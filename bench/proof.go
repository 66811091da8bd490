package bench

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/audit/rule"
	"github.com/auditprof/auditprof/internal/kernel"
	"golang.org/x/sys/unix"
)

// The marked system call: getpriority with arguments that nobody else uses. It changes nothing and fails.
const (
	ProbeArg0 = 0x61756470
	ProbeArg1 = 0x726f6621
)

// Numbers of include/uapi/linux/audit.h.
const (
	fieldArch      = 11
	fieldMsgType   = 12
	fieldArg0      = 200
	fieldArg1      = 201
	archX8664      = 0xc000003e
	archAArch64    = 0xc00000b7
	probeKey       = "auditprof-context"
	msgTypeSyscall = 1300
)

// probeRule records the marked system call and nothing else.
func probeRule() rule.Wire {
	arch := uint32(archX8664)
	if runtime.GOARCH == "arm64" {
		arch = archAArch64
	}
	w := rule.Wire{List: rule.ListExit, Action: rule.ActionAlways, Fields: []rule.WireField{
		{Type: fieldArch, Op: rule.OpEqual, Value: arch},
		{Type: fieldArg0, Op: rule.OpEqual, Value: ProbeArg0},
		{Type: fieldArg1, Op: rule.OpEqual, Value: ProbeArg1},
		{Type: rule.FieldFilterKey, Op: rule.OpEqual, Value: uint32(len(probeKey)), Str: probeKey},
	}}
	w.Mask[unix.SYS_GETPRIORITY/32] |= 1 << (unix.SYS_GETPRIORITY % 32)
	return w
}

// ErrNoContext: an arm that should be audited is not, or the arm without audit is. Every figure of the run would be wrong.
var ErrNoContext = errors.New("the arms are not what they should be")

// proveContexts shows in each arm, before anything is timed, whether a workload started as the slots start it has an audit context: the
// marked call is recorded or it is not. It also learns in which arms the rules drop the harness's marks.
func (r *Runner) proveContexts(ctx context.Context) error {
	proven, silent := 0, 0
	for i := range r.Plan.Arms {
		a := &r.Plan.Arms[i]
		r.step("warm-up " + a.Info.Name)
		rules := append([]rule.Wire{probeRule()}, a.Rules...)
		if a.Info.Kind == result.ArmNoAudit {
			// The no-context rule goes first: nothing may stand above it on the task list.
			rules = append(append([]rule.Wire(nil), a.Rules...), probeRule())
		}
		seen, marked, err := r.probe(ctx, a, rules)
		if err != nil {
			return err
		}
		hidden := a.MayDropMarks || !marked || hidesCalls(a.Rules)
		a.MayDropMarks = a.MayDropMarks || !marked
		want := a.Info.Kind != result.ArmNoAudit
		switch {
		case seen == want:
			proven++
		case want && hidden:
			silent++ // nothing can be seen either way
		default:
			return fmt.Errorf("%w: arm %s: audit context %t, want %t", ErrNoContext, a.Info.Name, seen, want)
		}
	}
	r.proof = fmt.Sprintf("a marked system call was recorded or absent as it should in %d of %d arms", proven, len(r.Plan.Arms))
	if silent > 0 {
		r.proof += fmt.Sprintf(" (%d cannot tell: their own rules or limits hide it)", silent)
	}
	return r.unload()
}

// hidesCalls tells whether a set can keep a process without context or its SYSCALL records out of the log, whatever else is recorded.
func hidesCalls(rules []rule.Wire) bool {
	for _, w := range rules {
		if w.List == rule.ListTask {
			return true
		}
		if w.List != rule.ListExclude {
			continue
		}
		other := false
		for _, f := range w.Fields {
			other = other || f.Type == fieldMsgType && f.Op == rule.OpEqual && f.Value != msgTypeSyscall
		}
		if !other {
			return true
		}
	}
	return false
}

// probe loads the rules, makes the marked call and looks for its record and for a mark of our own.
func (r *Runner) probe(ctx context.Context, a *Arm, rules []rule.Wire) (seen, marked bool, err error) {
	if err := r.Kernel.Apply(rules, a.Limits); err != nil {
		return false, false, fmt.Errorf("load arm %s: %w", a.Info.Name, err)
	}
	if err := r.emptyLog(); err != nil {
		return false, false, err
	}
	limited, cancel := context.WithTimeout(ctx, slotLimit)
	defer cancel()
	if err := r.Workloads.Probe(limited, a.Info.Kind == result.ArmNoAudit); err != nil {
		return false, false, fmt.Errorf("warm-up of arm %s: %w", a.Info.Name, err)
	}
	d, err := r.drain(ctx, r.tail, r.mark("proof"), func() bool { return true })
	if err != nil {
		return false, false, err
	}
	to, err := r.settle(ctx, r.tail)
	if err != nil {
		return false, false, err
	}
	seen, err = holdsKey(r.tail.section(0, to), probeKey)
	return seen, d.By == byNonce, err
}

// noAuditRules is the rule set of the arm without audit.
func noAuditRules() []rule.Wire { return []rule.Wire{kernel.NoContextRule()} }
