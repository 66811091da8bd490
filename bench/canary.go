package bench

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/record"
	"github.com/auditprof/auditprof/scenarios"
)

// canaryLaunches are who does the canaries: a service with a program of its own, somebody logged in, and each workload's own program and account,
// since an exclusion made for it is what an intruder would want to be in.
func (r *Runner) canaryLaunches() []Launch {
	launches := []Launch{{Scenario: scenarios.CanaryInfo(scenarios.SessionService)}, {Scenario: scenarios.CanaryInfo(scenarios.SessionLogin)}}
	for _, sc := range r.Plan.Scenarios {
		launches = append(launches, Launch{Scenario: scenarios.CanaryInfo(sc.Session), As: sc.Name})
	}
	for i := range launches {
		launches[i].Seed = r.Plan.Seed
	}
	return launches
}

// canaries does the harmless acts that a set must record, under each set exactly as given but for its limits: here nothing may be lost.
func (r *Runner) canaries(ctx context.Context) error {
	if !r.Plan.Canaries {
		return nil
	}
	for i := range r.Plan.Arms {
		a := &r.Plan.Arms[i]
		if !a.candidate() {
			continue
		}
		if err := r.useAuditd(*a); err != nil {
			return err
		}
		if err := r.Kernel.Apply(a.Rules, r.attributionLimits()); err != nil {
			return disturbedAt("load arm "+a.Info.Name, err)
		}
		r.step("canaries " + a.Info.Name)
		for _, l := range r.canaryLaunches() {
			seen, err := r.canaryPass(ctx, a, l)
			if err != nil {
				return fmt.Errorf("canaries under %s: %w", a.Info.Name, err)
			}
			r.birds = append(r.birds, seen...)
		}
		if err := r.Kernel.Check(); err != nil {
			return err
		}
	}
	return r.unload()
}

// canaryPass starts one process that does all canaries, and looks for each in the log.
func (r *Runner) canaryPass(ctx context.Context, a *Arm, l Launch) ([]result.Canary, error) {
	r.beat()
	if err := r.emptyLog(); err != nil {
		return nil, err
	}
	before, err := r.Status()
	if err != nil {
		return nil, err
	}
	w, err := r.Workloads.Start(ctx, l)
	if err != nil {
		return nil, err
	}
	defer w.Close()
	mayDrop := func() bool { return a.MayDropMarks }
	first, err := r.drain(ctx, r.tail, r.mark("canaries"), mayDrop)
	if err != nil {
		return nil, err
	}
	limited, cancel := context.WithTimeout(ctx, slotLimit)
	defer cancel()
	out, err := w.Run(limited, 1)
	if err != nil {
		return nil, err
	}
	end, err := r.drain(ctx, r.tail, r.mark("canaries-end"), mayDrop)
	if err != nil {
		return nil, err
	}
	to, err := r.settle(ctx, r.tail)
	if err != nil {
		return nil, err
	}
	after, err := r.Status()
	if err != nil {
		return nil, err
	}
	if lost := after.Lost - before.Lost; lost > 0 {
		return nil, fmt.Errorf("%d records were lost: what is not in the log says nothing", lost)
	}
	reg := region{firstSerial: first.Serial, lastSerial: end.Serial, pids: w.PIDs()}
	seen, err := sightings(r.tail.section(first.Start, r.tail.wholeLines(to)), reg)
	if err != nil {
		return nil, err
	}
	return canariesOf(a.Info.Name, l, seen, out), nil
}

// canariesOf puts together what was done and what was seen.
func canariesOf(arm string, l Launch, seen map[string]uint64, out scenarios.Outcome) (list []result.Canary) {
	for _, c := range scenarios.Canaries() {
		if l.As != "" && c.Ordinary {
			continue
		}
		by := l.As
		if by == "" {
			by = scenarios.CanaryName
		}
		list = append(list, result.Canary{Arm: arm, Name: c.Name, What: c.What, Session: l.Scenario.Session, By: by,
			Done: out.Expected[c.Name] > 0, Why: oneLine(out.Trouble[c.Name]), Events: seen[c.Name]})
	}
	return list
}

// sightings counts, for each canary, the events of the region's processes and their children that show it.
func sightings(log io.Reader, reg region) (map[string]uint64, error) {
	seen := map[string]uint64{}
	list := scenarios.Canaries()
	reader := record.NewReader(log)
	asm := event.NewAssembler(event.Options{})
	var c event.Call
	own := event.NewProcesses(reg.pids)
	for ev := range asm.Events(reader, func(*record.Record) {}) {
		if reg.outside(ev.Serial) || !c.Read(ev) || !isOf(ev, own) {
			continue
		}
		name, _ := names.Syscall(c.Arch, int(c.Syscall))
		for i := range list {
			if shows(&c, name, &list[i]) {
				seen[list[i].Name]++
			}
		}
	}
	return seen, reader.Err()
}

// shows tells whether an event is of a canary: its syscall, and a path or a program with its marker. An event whose PATH records are
// kept out of the log shows no canary that is known by a path: no detection would find it either.
func shows(c *event.Call, syscall string, k *scenarios.Canary) bool {
	if !slices.Contains(k.Syscalls, syscall) {
		return false
	}
	if k.Marker == "" || holds(c.Exe, k.Marker) {
		return true
	}
	return slices.ContainsFunc(c.Names, func(n event.Name) bool { return holds(n.Name, k.Marker) })
}

func holds(v record.Value, marker string) bool {
	text, ok := v.AppendUntrusted(nil)
	return ok && strings.Contains(string(text), marker)
}
