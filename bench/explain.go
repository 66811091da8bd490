package bench

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"time"

	"github.com/auditprof/auditprof/bench/probe"
	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/audit/names"
)

// explainer is what the explain slots of a run came to.
type explainer struct {
	probeNs float64
	note    string // why probeNs is not known
	again   bool   // what comes now is the arm without audit once more
	all     []result.Explained
}

// explain runs one slot for each arm, mute copy and scenario under probes, with the operations of the timed slots, and the arm without audit
// once more at the end: what differs between its two is noise. All of it comes after the timed slots: none of it is timed.
func (r *Runner) explain(ctx context.Context) error {
	if r.Probes == nil {
		return nil
	}
	if err := r.unload(); err != nil { // the calibration's own calls must not be recorded
		return err
	}
	r.step("calibrate the probes")
	var err error
	if r.explained.probeNs, err = r.Probes.Calibrate(); err != nil {
		r.explained.probeNs, r.explained.note = 0, "what the probes cost is not known: "+oneLine(err.Error())
	}
	watched := &watchedWorkloads{Workloads: r.Workloads, probes: r.Probes}
	r.Workloads = watched
	defer func() { r.Workloads = watched.Workloads }()
	for _, v := range r.Plan.variants() {
		if r.Plan.Arms[v.arm].Info.TwinOf != "" {
			continue
		}
		if err := r.explainArm(ctx, v, watched); err != nil {
			return err
		}
	}
	r.explained.again = true
	if err := r.explainArm(ctx, variant{arm: r.Plan.baseline()}, watched); err != nil {
		return err
	}
	r.explained.shifts(r)
	r.warnOfCountedRules()
	return r.unload()
}

// explainArm runs every scenario under one arm or its mute copy.
func (r *Runner) explainArm(ctx context.Context, v variant, watched *watchedWorkloads) error {
	if err := r.load(v); err != nil {
		return err
	}
	for j := range r.Plan.Scenarios {
		if err := r.explainOne(ctx, v, j, watched); err != nil {
			return err
		}
	}
	return r.Kernel.Check()
}

// fewSamples in audit's filter with nothing loaded may be the harness's own tail; more are not.
const fewSamples = 5

// warnOfCountedRules says where the kernel filters though nothing is loaded. Whether it does hangs on a count of rules that it does not keep when
// it takes a rule away by itself, because a watched directory is gone (kernel/audit_watch.c: audit_remove_parent_watches; kernel/auditsc.c:
// __audit_syscall_entry, audit_n_rules).
func (r *Runner) warnOfCountedRules() {
	for _, e := range r.explained.all {
		kind := ""
		for _, a := range r.Plan.Arms {
			if a.Info.Name == e.Arm {
				kind = a.Info.Kind
			}
		}
		if n := e.Samples[result.AuditFilter]; kind == result.ArmNoRules && n > fewSamples {
			r.warn = append(r.warn, result.Warning{
				Text: fmt.Sprintf("with no rule loaded this kernel filters system calls all the same (%d samples on %s): it still counts rules that it took away itself "+
					"when a watched directory was deleted, so the arm %q is not free of the tax", n, e.Scenario, e.Arm),
				Cure: "restart the machine before measuring; the arm without audit and what is compared with it stand"})
			return
		}
	}
}

// explainOne runs one explain slot. One that does not count is a warning: the run's figures do not rest on it.
func (r *Runner) explainOne(ctx context.Context, v variant, scenario int, watched *watchedWorkloads) error {
	a, sc := r.Plan.Arms[v.arm].Info.Name, r.Plan.Scenarios[scenario].Name
	r.step("explain " + sc + " " + a)
	watched.seen = nil
	s, _, err := r.slot(ctx, slotSpec{kind: result.SlotExplain, arm: v.arm, scenario: scenario, ops: r.ops[scenario]})
	if err != nil {
		return err
	}
	if !s.Valid || watched.seen == nil {
		why := "the probes could not be read"
		if s.Why != "" {
			why = oneLine(s.Why)
		}
		r.warn = append(r.warn, result.Warning{Text: fmt.Sprintf("%s, arm %s, is not explained: %s", sc, a, why), Cure: "none needed for the timed figures"})
		return nil
	}
	e := explained(watched.seen, names.Syscall)
	e.Scenario, e.Arm, e.Mute, e.Again, e.Ops, e.ProbeNs = sc, a, v.mute, r.explained.again, s.Ops, r.explained.probeNs
	if s.Ended {
		e.Notes = append(e.Notes, fmt.Sprintf("ended after %v, before all operations were done", time.Duration(s.WallNs)))
	}
	if r.explained.note != "" {
		e.Notes = append(e.Notes, r.explained.note)
	}
	r.explained.all = append(r.explained.all, e)
	return nil
}

// explained is what was seen in the words of the result.
func explained(seen *probe.Seen, name func(arch uint32, nr int) (string, bool)) result.Explained {
	e := result.Explained{Levels: seen.Levels, Notes: slices.Clone(seen.Notes), Workload: schedulerTimes(seen.Workload), Auditd: schedulerTimes(seen.Auditd),
		Kauditd: schedulerTimes(seen.Kauditd), Samples: placed(seen.WorkloadSamples), AuditdSamples: placed(seen.AuditdSamples), KauditdSamples: placed(seen.KauditdSamples)}
	for nr, c := range seen.Calls {
		n, known := name(machines[runtime.GOARCH], nr)
		if !known {
			n = fmt.Sprintf("%d", nr)
		}
		e.Syscalls = append(e.Syscalls, result.SyscallTimes{Name: n, Count: c.Count, OnCPUNs: c.OnCPU, AsleepNs: c.Asleep, WaitingNs: c.Waiting,
			Log2: c.Steps.Log2(), MedianNs: known0(c.Steps.Quantile(0.5)), MeanNs: known0(c.Steps.Mean())})
	}
	slices.SortFunc(e.Syscalls, func(a, b result.SyscallTimes) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Name, b.Name))
	})
	return e
}

// known0 is 0 for what is not known.
func known0(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return x
}

func schedulerTimes(t probe.Turns) result.SchedulerTimes {
	return result.SchedulerTimes{OnCPUNs: t.OnCPU, WaitingNs: t.Waiting, Switches: t.Switches}
}

var placeNames = map[probe.Place]string{probe.Filter: result.AuditFilter, probe.Names: result.AuditNames, probe.Format: result.AuditFormat,
	probe.Queue: result.AuditQueue, probe.OtherAudit: result.AuditOther, probe.OutsideAudit: result.OutsideAudit}

func placed(samples map[probe.Place]uint64) map[string]uint64 {
	if len(samples) == 0 {
		return nil
	}
	m := map[string]uint64{}
	for p, n := range samples {
		m[placeNames[p]] += n
	}
	return m
}
