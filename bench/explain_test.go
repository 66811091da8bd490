package bench

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/bench/probe"
	"github.com/auditprof/auditprof/bench/result"
)

// fakeProbes sees the same of every workload, and writes down when it is started and stopped.
type fakeProbes struct {
	m        *fakeMachine
	seen     probe.Seen
	dear     error
	refused  error
	watching int
}

func (p *fakeProbes) Calibrate() (float64, error) {
	p.m.note("calibrate rules=%d", len(p.m.rules))
	return 250, p.dear
}

func (p *fakeProbes) Start(workload []int) (Watch, error) {
	p.m.note("watch %d", workload[0])
	if p.refused != nil {
		return nil, p.refused
	}
	p.watching++
	return p, nil
}

func (p *fakeProbes) Stop() (*probe.Seen, error) {
	p.watching--
	p.m.note("unwatch")
	return &p.seen, nil
}

func TestExplainComesAfterTheRounds(t *testing.T) {
	r, m, rec := fakeRunner(t, 2)
	probes := &fakeProbes{m: m, seen: probe.Seen{Levels: []string{probe.Syscalls}, Notes: []string{"no samples: none here"}}}
	r.Probes = probes
	run, err := r.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	last := slices.IndexFunc(rec.slots, func(s result.Slot) bool { return s.Kind == result.SlotExplain })
	if last < 0 || slices.ContainsFunc(rec.slots[last:], func(s result.Slot) bool { return s.Kind != result.SlotExplain }) {
		t.Errorf("explain slots from place %d of %d, and others behind", last, len(rec.slots))
	}
	var got []string
	for _, e := range run.Explained {
		name := e.Scenario + " " + e.Arm
		if e.Mute {
			name += " mute"
		}
		if e.Again {
			name += " again"
		}
		got = append(got, name)
		if e.ProbeNs != 250 || !slices.Equal(e.Notes, probes.seen.Notes) {
			t.Errorf("%s: probes %v ns, notes %q", name, e.ProbeNs, e.Notes)
		}
	}
	want := []string{"s1 no audit", "s2 no audit", "s1 no rules", "s2 no rules", "s1 a", "s2 a", "s1 a mute", "s2 a mute", "s1 no audit again", "s2 no audit again"}
	if !slices.Equal(got, want) {
		t.Errorf("explained %q, want %q", got, want)
	}
	if probes.watching != 0 {
		t.Errorf("%d workloads are still watched", probes.watching)
	}
	checkWatched(t, m.log)
}

// checkWatched: probes are there from the order to the end of explain slots, and calibrated without rules.
func checkWatched(t *testing.T, log []string) {
	t.Helper()
	at := slices.Index(log, "calibrate rules=0")
	if at < 0 || contains(log[:at], "watch") {
		t.Fatalf("calibration at %d, without rules and before everything that is watched", at)
	}
	open := false
	for _, l := range log[at:] {
		switch {
		case l == "unwatch":
			open = false
		case strings.HasPrefix(l, "watch"):
			open = true
		case strings.HasPrefix(l, "start") && open, strings.HasPrefix(l, "run") && !open:
			t.Errorf("%s: watched %t", l, open)
		}
	}
}

func TestExplainThatCannotBe(t *testing.T) {
	r, m, _ := fakeRunner(t, 1)
	r.Probes = &fakeProbes{m: m, dear: errors.New("not here")}
	run, err := r.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if len(run.Explained) == 0 || !contains(run.Explained[0].Notes, "what the probes cost is not known: not here") || run.Explained[0].ProbeNs != 0 {
		t.Errorf("explained %+v", run.Explained)
	}
	r, m, _ = fakeRunner(t, 1)
	m.onRun = nil
	r.Probes = &fakeProbes{m: m, refused: errors.New("gone")}
	if _, err = r.Run(context.Background()); err == nil || !strings.Contains(err.Error(), "gone") {
		t.Errorf("a workload that cannot be watched: %v", err)
	}
}

// seenCalls are n calls that all took the time of one step.
func seenCalls(n uint64, step int, onCPU, asleep uint64) probe.Calls {
	c := probe.Calls{Count: n, OnCPU: onCPU, Asleep: asleep}
	c.Steps[step] = n
	return c
}

func TestExplainedNamesWhatWasSeen(t *testing.T) {
	seen := &probe.Seen{
		Levels:          []string{probe.Syscalls, probe.Scheduler},
		Calls:           map[int]probe.Calls{1: seenCalls(10, 40, 5000, 0), 2: seenCalls(30, 40, 6000, 7000), 509: {Count: 1, Asleep: 9}},
		Auditd:          probe.Turns{OnCPU: 1, Waiting: 2, Switches: 3},
		WorkloadSamples: map[probe.Place]uint64{probe.Filter: 4, probe.OutsideAudit: 5},
	}
	e := explained(seen, func(_ uint32, nr int) (string, bool) { return map[int]string{1: "one", 2: "two"}[nr], nr < 3 })
	if len(e.Syscalls) != 3 || e.Syscalls[0].Name != "two" || e.Syscalls[1].Name != "one" || e.Syscalls[2].Name != "509" {
		t.Fatalf("system calls %+v, want the most frequent first", e.Syscalls)
	}
	if c := e.Syscalls[0]; c.AsleepNs != 7000 || c.OnCPUNs != 6000 || undisturbedCalls(c) != 30 || c.MedianNs <= 0 {
		t.Errorf("two: %+v", c)
	}
	if c := e.Syscalls[2]; c.MedianNs != 0 || c.MeanNs != 0 {
		t.Errorf("a call that always slept has no median: %+v", c)
	}
	if e.Auditd != (result.SchedulerTimes{OnCPUNs: 1, WaitingNs: 2, Switches: 3}) || e.Samples[result.AuditFilter] != 4 || e.Samples[result.OutsideAudit] != 5 {
		t.Errorf("auditd %+v, samples %v", e.Auditd, e.Samples)
	}
}

func callTimes(name string, count, recorded uint64, median, mean float64, asleep uint64) result.SyscallTimes {
	return result.SyscallTimes{Name: name, Count: count, Recorded: recorded, Log2: []uint64{count}, MedianNs: median, MeanNs: mean, AsleepNs: asleep}
}

func TestTaxShift(t *testing.T) {
	blocking := callTimes("futex", 5000, 0, 9000, 9000, 0)
	blocking.Log2 = []uint64{2600} // half of its calls slept
	base := []result.SyscallTimes{callTimes("getppid", 3000, 0, 200, 0, 0), callTimes("read", 1000, 0, 300, 0, 0), callTimes("openat", 1000, 0, 900, 0, 0),
		callTimes("rare", 100, 0, 1, 0, 0), blocking}
	arm := []result.SyscallTimes{callTimes("getppid", 3000, 0, 250, 0, 0), callTimes("read", 1000, 0, 390, 0, 0), callTimes("openat", 1000, 1000, 5000, 0, 0),
		callTimes("rare", 100, 0, 9999, 0, 0), blocking, callTimes("new", 1000, 0, 100, 0, 0)}
	got := taxShift(arm, base)
	if got == nil || got.Ns != 60 || got.Low != 50 || got.High != 90 || got.Calls != 4000 || got.Syscalls != 2 {
		t.Errorf("got %+v, want 60 ns over 4000 calls of two system calls", got)
	}
	if got := taxShift(arm, nil); got != nil {
		t.Errorf("nothing to compare with: %+v", got)
	}
}

func TestRecordShift(t *testing.T) {
	mute := []result.SyscallTimes{callTimes("unlink", 1000, 0, 2000, 2100, 0), callTimes("openat", 10000, 0, 900, 1000, 0), callTimes("read", 1000, 0, 300, 300, 0)}
	arm := []result.SyscallTimes{callTimes("unlink", 1000, 1000, 6000, 7000, 1e6), callTimes("openat", 10000, 1000, 900, 1500, 0), callTimes("read", 1000, 0, 900, 900, 0)}
	got := recordShift(arm, mute)
	// unlink: 4000 by the medians; openat: (1500-1000)/0.1 = 5000 by the means.
	if got == nil || math.Abs(got.Ns-4500) > 1e-6 || got.Low != 4000 || math.Abs(got.High-5000) > 1e-6 || got.Calls != 2000 {
		t.Fatalf("got %+v", got)
	}
	if got.AsleepNs != 500 {
		t.Errorf("asleep %v, want 500: 1000 for each unlink", got.AsleepNs)
	}
}

// Where the scheduler cannot be watched, calls that slept are among the times: futex looks as quick to compare as getppid.
func TestWithoutTheSchedulerNothingIsCompared(t *testing.T) {
	calls := []result.SyscallTimes{callTimes("futex", 5000, 0, 9000, 9000, 0)}
	for _, levels := range [][]string{{probe.Syscalls}, {probe.Syscalls, probe.Scheduler}} {
		r, _, _ := fakeRunner(t, 1)
		x := explainer{}
		for _, arm := range []string{r.Plan.Arms[r.Plan.baseline()].Info.Name, "a"} {
			x.all = append(x.all, result.Explained{Scenario: "s1", Arm: arm, Levels: levels, Syscalls: calls})
		}
		x.shifts(r)
		if got := x.all[1].Tax != nil; got != (len(levels) == 2) {
			t.Errorf("levels %q: a tax: %t", levels, got)
		}
	}
}

func TestRecordedBringsEventsToTheSlot(t *testing.T) {
	e := result.Explained{Ops: 200, Syscalls: []result.SyscallTimes{{Name: "unlink", Count: 500}, {Name: "read", Count: 50}, {Name: "rename", Count: 10}}}
	recorded(&e, result.Attribution{Ops: 100, Rows: []result.Row{
		{Rule: 1, Type: "SYSCALL", Syscall: "unlink", Events: 150}, {Rule: 2, Type: "SYSCALL", Syscall: "unlink", Events: 50},
		{Rule: 1, Type: "PATH", Syscall: "unlink", Events: 150}, {Rule: -1, Type: "SYSCALL", Syscall: "read", Events: 70},
		{Rule: 1, Type: "SYSCALL", Syscall: "rename", Events: 90}}})
	if got := []uint64{e.Syscalls[0].Recorded, e.Syscalls[1].Recorded, e.Syscalls[2].Recorded}; !slices.Equal(got, []uint64{400, 0, 10}) {
		t.Errorf("recorded %v, want 400, none, and not more than there were", got)
	}
}

func TestFilterWithoutRulesIsAWarning(t *testing.T) {
	for samples, want := range map[uint64]bool{3: false, 180: true} {
		r, m, _ := fakeRunner(t, 1)
		r.Probes = &fakeProbes{m: m, seen: probe.Seen{WorkloadSamples: map[probe.Place]uint64{probe.Filter: samples}}}
		run, err := r.Run(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, w := range run.Warnings {
			if strings.Contains(w.Text, "filters system calls all the same") {
				n++
			}
		}
		if n == 1 != want || n > 1 {
			t.Errorf("%d samples in the filter of every arm: %d warnings, want one: %t", samples, n, want)
		}
	}
}
