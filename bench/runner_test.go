package bench

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/scenarios"
)

func TestEveryRoundRunsEveryArmOnEveryScenario(t *testing.T) {
	r, _, rec := fakeRunner(t, 3)
	run, err := r.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if run.Ended != "complete" || run.RoundsDone != 3 {
		t.Errorf("ended %q after %d rounds", run.Ended, run.RoundsDone)
	}
	got := timedSlots(rec)
	want := 3 * (4 + 1) * 2 // rounds × (arms + the candidate's mute copy) × scenarios
	if len(got) != want {
		t.Fatalf("%d slots, want %d", len(got), want)
	}
	slices.Sort(got)
	if len(slices.Compact(slices.Clone(got))) != want {
		t.Errorf("some slot ran twice: %q", got)
	}
	for _, name := range []string{"no audit", "no rules", "a", "a again"} {
		for round := 1; round <= 3; round++ {
			if !contains(got, fmt.Sprintf("%d timed %s s1", round, name)) {
				t.Errorf("round %d lacks arm %q", round, name)
			}
		}
	}
}

func TestOrderIsSeededAndDiffersByRound(t *testing.T) {
	p := Plan{Seed: 3}
	for i := range 8 {
		p.Arms = append(p.Arms, Arm{Info: result.Arm{Name: fmt.Sprint(i), Kind: result.ArmNoRules}})
	}
	if !slices.Equal(p.order(1), p.order(1)) {
		t.Error("the same round of the same seed has two orders")
	}
	differ := 0
	for round := 2; round < 12; round++ {
		if !slices.Equal(p.order(1), p.order(round)) {
			differ++
		}
	}
	if differ < 9 {
		t.Errorf("only %d of 10 rounds have another order than the first", differ)
	}
	other := p
	other.Seed = 4
	if slices.Equal(p.order(1), other.order(1)) && slices.Equal(p.order(2), other.order(2)) {
		t.Error("another seed, the same orders")
	}
}

// The rules of an arm are loaded once, then every scenario's process is started under them: one that was forked before would not be
// audited as the arm says.
func TestWorkloadsStartAfterTheirRules(t *testing.T) {
	r, m, _ := fakeRunner(t, 1)
	if _, err := r.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	rules := -1
	for _, l := range m.log {
		if _, err := fmt.Sscanf(l, "apply %d", &rules); err == nil {
			continue
		}
		if !strings.HasPrefix(l, "start ") {
			continue
		}
		var at int
		fmt.Sscanf(l[strings.Index(l, "rules="):], "rules=%d", &at)
		if at != rules {
			t.Errorf("%q after apply %d", l, rules)
		}
		if marked := strings.Contains(l, "marked=true"); marked && rules == 0 {
			t.Errorf("%q: nothing to be marked for without rules", l)
		}
	}
	if last := m.log[len(m.log)-1]; last != "apply 0" {
		t.Errorf("the last thing done is %q, want the rules gone", last)
	}
}

func TestSameWorkInEveryArm(t *testing.T) {
	r, _, rec := fakeRunner(t, 2)
	if _, err := r.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	type turn struct {
		round    int
		scenario string
	}
	work := map[turn]uint64{}
	for _, s := range rec.slots {
		if s.Kind != result.SlotTimed && s.Kind != result.SlotMute {
			continue
		}
		at := turn{s.Round, s.Scenario}
		if ops, seen := work[at]; seen && s.Ops != ops {
			t.Errorf("round %d: %s on %s did %d operations, others %d", s.Round, s.Arm, s.Scenario, s.Ops, ops)
		}
		work[at] = s.Ops
	}
	if work[turn{1, "s1"}] == work[turn{2, "s1"}] {
		t.Error("the work of a slot is the same in every round")
	}
}

func TestWorkPerSlot(t *testing.T) {
	for _, c := range []struct {
		name  string
		sc    scenarios.Info
		costs []cost
		want  uint64
	}{
		{"time bounds the dearest", scenarios.Info{MaxOps: 1e9}, []cost{{1000, 0}, {26000, 0}}, 100_000},
		{"log bounds the dearest", scenarios.Info{MaxOps: 1e9}, []cost{{100_000, 0}, {100_000, 6000}}, 10_000},
		{"the cheapest has its floor", scenarios.Info{MaxOps: 1e9}, []cost{{1000, 0}, {1e6, 0}}, 50_000},
		{"the scenario's own bound", scenarios.Info{MaxOps: 500}, []cost{{1, 0}}, 500},
		{"a pace that the dearest arm cannot keep", scenarios.Info{MaxOps: 5000, PilotOps: 3200, FixedTime: true}, []cost{{1e6, 0}, {1e7, 100}}, 800},
		{"a pace that logs too much", scenarios.Info{MaxOps: 5000, PilotOps: 3200, FixedTime: true}, []cost{{1e6, 60e3}}, 1000},
		{"fixed time is fixed", scenarios.Info{MaxOps: 500, PilotOps: 100, FixedTime: true}, []cost{{1e7, 0}}, 100},
		{"never nothing", scenarios.Info{MaxOps: 500}, []cost{{1e12, 0}}, 1},
	} {
		if got := workPerSlot(c.sc, c.costs, 2600*time.Millisecond); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

func TestASlotThatDoesNotEndIsEnded(t *testing.T) {
	r, m, rec := fakeRunner(t, 2)
	m.onRun = func(m *fakeMachine, _ string) error {
		if len(m.rules) == 1 && m.rules[0].Action != 0 && !mutedWire(m.rules[0]) && contains(m.log, "start s1") && rounds(rec) {
			return context.DeadlineExceeded
		}
		return nil
	}
	run, err := r.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	res := find(t, run, "s1", "a")
	bound, ok := res.Metrics[result.AtLeastSlowdown]
	if _, has := res.Metrics[result.Slowdown]; has || !ok || bound.Value <= 1 {
		t.Errorf("metrics %v: want a lower bound and no slowdown", res.Metrics)
	}
	if len(res.Findings) == 0 {
		t.Error("nothing is said of the slots that were ended")
	}
}

// A pilot that is ended has said only that its arm is slower than that: less is tried until it says how slow.
func TestAPilotThatIsEndedIsTriedWithLess(t *testing.T) {
	for _, fixed := range []bool{false, true} {
		r, m, rec := fakeRunner(t, 1)
		for i := range r.Plan.Scenarios {
			r.Plan.Scenarios[i].FixedTime = fixed
		}
		m.nsPerOp = func(int) int64 { return 1e6 }
		m.onRun = func(m *fakeMachine, _ string) error {
			var name string
			var ops int64
			fmt.Sscanf(m.log[len(m.log)-1], "run %s %d", &name, &ops)
			if ops*1e6 > slotLimit.Nanoseconds() {
				return context.DeadlineExceeded
			}
			return nil
		}
		if _, err := r.Run(context.Background()); err != nil {
			t.Fatal(err)
		}
		for _, s := range rec.slots {
			if s.Kind != result.SlotPilot && s.Ended {
				t.Errorf("fixed time %t: a slot of %d operations is ended, as its pilot was", fixed, s.Ops)
				break
			}
		}
	}
}

// rounds tells whether the run has reached its rounds: pilots and attribution are over.
func rounds(rec *memory) bool {
	for _, s := range rec.slots {
		if s.Kind == result.SlotAttribution && s.Scenario == "s2" {
			return true
		}
	}
	return false
}

func find(t *testing.T, run *result.Run, scenario, arm string) result.Result {
	t.Helper()
	for _, r := range run.Results {
		if r.Scenario == scenario && r.Arm == arm {
			return r
		}
	}
	t.Fatalf("no result of %s on %s", arm, scenario)
	return result.Result{}
}

func TestLossAndGapsAreFindings(t *testing.T) {
	r, m, rec := fakeRunner(t, 2)
	m.onRun = func(m *fakeMachine, _ string) error {
		if rounds(rec) {
			m.lost += 3
			m.skip = 5
		}
		return nil
	}
	run, err := r.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	res := find(t, run, "s1", "a")
	if res.Complete || res.Metrics[result.Lost].Value != 6 || res.Metrics[result.EventsMissing].Value != 10 || len(res.Findings) == 0 {
		t.Errorf("complete %t, lost %v, missing %v, findings %q", res.Complete, res.Metrics[result.Lost], res.Metrics[result.EventsMissing], res.Findings)
	}
}

func TestLossInTheAttributionSlotIsTriedWithLessWorkThenInvalid(t *testing.T) {
	r, m, rec := fakeRunner(t, 1)
	m.onRun = func(m *fakeMachine, _ string) error {
		if len(m.rules) == 1 && strings.Contains(m.rules[0].Key(), KeyPrefix) {
			m.lost++
		}
		return nil
	}
	_, err := r.Run(context.Background())
	if !errors.Is(err, ErrAttribution) {
		t.Fatalf("error %v", err)
	}
	var ops []uint64
	for _, s := range rec.slots {
		if s.Kind == result.SlotAttribution {
			ops = append(ops, s.Ops)
		}
	}
	if len(ops) != maxRepeats+1 || ops[1] != ops[0]/2 || ops[3] != ops[0]/8 {
		t.Errorf("tried with %v operations", ops)
	}
}

func TestBooksThatDoNotCloseMakeTheRunInvalid(t *testing.T) {
	r, _, _ := fakeRunner(t, 1)
	r.Attributor = fakeAttributor{unexplained: 9}
	if _, err := r.Run(context.Background()); !errors.Is(err, ErrBooks) {
		t.Errorf("error %v", err)
	}
}

// What the matcher gets wrong is said with the event and its rules, and the run stands: its figures are the kernel's word.
func TestADisagreementOfTheMatcherIsAWarning(t *testing.T) {
	for _, c := range []struct {
		agreement result.Agreement
		want      string
	}{
		{result.Agreement{Agree: 5, Unknown: 2}, ""},
		{result.Agreement{NotCompared: "no reason"}, "not compared with the kernel on s1, arm a: no reason"},
		{result.Agreement{Agree: 5, Disagree: 1, Disagreements: []result.Disagreement{{Event: "1.002:3", Kernel: 0, Matcher: -1}}},
			"disagrees with the kernel on 1 of 6 events of s1, arm a: event 1.002:3 was recorded by f.rules:7, and the matcher says no rule"},
	} {
		r, _, _ := fakeRunner(t, 1)
		r.Attributor, r.Plan.Quick = fakeAttributor{agreement: c.agreement}, true
		r.Plan.Arms[2].Info.Rules[0] = result.Rule{File: "f.rules", Line: 7, Text: "x"}
		run, err := r.Run(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if c.want == "" && len(run.Warnings) != 0 || c.want != "" && (len(run.Warnings) != 2 || !strings.Contains(run.Warnings[0].Text, c.want)) {
			t.Errorf("%+v: %+v", c.agreement, run.Warnings)
		}
	}
}

func TestADeadAuditdEndsTheRunAndKeepsWhatWasMeasured(t *testing.T) {
	r, m, rec := fakeRunner(t, 3)
	n := 0
	m.onRun = func(m *fakeMachine, _ string) error {
		if rounds(rec) {
			if n++; n == 4 {
				m.dead, m.deafMarks = errBroken, true
			}
		}
		return nil
	}
	clock := time.Unix(0, 0)
	r.Now = func() time.Time { clock = clock.Add(50 * time.Millisecond); return clock }
	run, err := r.Run(context.Background())
	if !errors.Is(err, ErrDaemon) {
		t.Fatalf("error %v", err)
	}
	last := rec.slots[len(rec.slots)-1]
	if last.Valid || last.Why == "" || len(timedSlots(rec)) != 4 || len(run.Results) == 0 {
		t.Errorf("last slot %+v, %d timed slots, %d results", last, len(timedSlots(rec)), len(run.Results))
	}
}

func TestAMarkThatNeverComesMakesTheSlotInvalid(t *testing.T) {
	r, m, rec := fakeRunner(t, 1)
	m.onRun = func(m *fakeMachine, name string) error {
		m.deafMarks = rounds(rec) && name == "s2" && len(m.rules) == 0
		return nil
	}
	clock := time.Unix(0, 0)
	r.Now = func() time.Time { clock = clock.Add(10 * time.Millisecond); return clock }
	r.Sleep = func(ctx context.Context, _ time.Duration) error {
		m.mu.Lock()
		defer m.mu.Unlock()
		if clock.Sub(time.Unix(0, 0)) > 0 && len(rec.slots) > 0 && !rec.slots[len(rec.slots)-1].Valid {
			m.deafMarks = false
		}
		return ctx.Err()
	}
	run, err := r.Run(context.Background())
	if err != nil && !errors.Is(err, errNotDrained) {
		t.Fatal(err)
	}
	res := find(t, run, "s2", "no rules")
	if res.Invalid != 1 || res.Complete {
		t.Errorf("invalid %d, complete %t: a log that never got whole must not count", res.Invalid, res.Complete)
	}
}

func TestInterruptKeepsWhatWasMeasured(t *testing.T) {
	r, m, rec := fakeRunner(t, 5)
	ctx, cancel := context.WithCancel(context.Background())
	m.onRun = func(*fakeMachine, string) error {
		if len(timedSlots(rec)) == 13 {
			cancel()
		}
		return nil
	}
	run, err := r.Run(ctx)
	if !errors.Is(err, context.Canceled) || run.Ended != "interrupted" || run.RoundsDone != 1 {
		t.Errorf("error %v, ended %q, %d rounds", err, run.Ended, run.RoundsDone)
	}
	if res := find(t, run, "s1", "no audit"); res.Slots == 0 {
		t.Error("the slots before the interrupt are gone")
	}
}

func TestAFullDiskEndsTheRun(t *testing.T) {
	r, _, rec := fakeRunner(t, 2)
	rec.fail = errBroken
	if _, err := r.Run(context.Background()); !errors.Is(err, errBroken) {
		t.Errorf("error %v", err)
	}
}

func TestAnArmWithoutContextWhereOneIsDueEndsTheRun(t *testing.T) {
	r, m, _ := fakeRunner(t, 1)
	r.Workloads = contextless{m}
	if _, err := r.Run(context.Background()); !errors.Is(err, ErrNoContext) {
		t.Errorf("error %v", err)
	}
}

// contextless is a machine whose workloads are never audited, as those of a host that runs under "-a never,task".
type contextless struct{ *fakeMachine }

func (contextless) Probe(context.Context, bool) error { return nil }

func TestQuietEndsASlotOnlyWhereMarksCanBeDropped(t *testing.T) {
	r, m, rec := fakeRunner(t, 1)
	m.dropMarks = true // in every arm: the proof learns it
	clock := time.Unix(0, 0)
	r.Now = func() time.Time { clock = clock.Add(5 * time.Millisecond); return clock }
	if _, err := r.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	for _, s := range rec.slots {
		if !s.Valid || s.EndedBy != byQuiet {
			t.Errorf("slot of %s: valid %t, ended by %q", s.Arm, s.Valid, s.EndedBy)
		}
	}
}

func TestTaxAndRecordCostAreTakenApart(t *testing.T) {
	r, m, _ := fakeRunner(t, 6)
	m.nsPerOp = func(int) int64 { return 0 } // set below, by what is loaded
	base, tax, record := int64(1000), int64(300), int64(5000)
	m.nsPerOp = func(rules int) int64 {
		switch {
		case rules == 0:
			return base
		case m.rules[0].List != anyWire("k").List:
			return base
		case mutedWire(m.rules[0]):
			return base + tax
		}
		return base + tax + record
	}
	run, err := r.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	got := find(t, run, "s1", "a").Metrics
	for name, want := range map[string]int64{result.WorkCPUPerOp: base, result.FilterTaxPerOp: tax, result.RecordCostPerOp: record, result.CPUPerOp: base + tax + record} {
		if got[name].Value != float64(want) || got[name].N != 6 {
			t.Errorf("%s is %v, want %d from 6 rounds", name, got[name], want)
		}
	}
	if s := got[result.Slowdown]; math.Abs(s.Value-6.3) > 1e-9 {
		t.Errorf("slowdown %v, want 6.3", s)
	}
	if aa := run.Trust.AA["s1"]; aa.Value != 1 || aa.N != 6 {
		t.Errorf("A/A %v, want 1", aa)
	}
}
