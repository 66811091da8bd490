package verify

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/bench/result"
)

// measured is a run of two sets on one workload over six rounds; cpu is by arm, in ns per operation, bytes too.
func measured(bytes, cpu map[string]float64) (*result.Run, []result.Slot) {
	run := &result.Run{Ended: "complete", RoundsDone: rounds, Scenarios: []result.Scenario{{Name: "s", Op: "turn"}}, Trust: result.Trust{AA: map[string]result.Metric{}}}
	var slots []result.Slot
	for arm, b := range bytes {
		run.Arms = append(run.Arms, result.Arm{Name: arm})
		run.Results = append(run.Results, result.Result{Scenario: "s", Arm: arm, Complete: true, Slots: rounds, Metrics: map[string]result.Metric{
			result.LogBytesPerOp: {Value: b}, result.CPUPerOp: {Value: cpu[arm]}}})
		for round := 1; round <= rounds; round++ {
			slots = append(slots, result.Slot{Kind: result.SlotTimed, Round: round, Scenario: "s", Arm: arm, Valid: true, Ops: 100,
				WorkloadCPUNs: int64(cpu[arm] * 100 * (1 + 0.01*float64(round)))})
		}
	}
	return run, slots
}

const rounds = 6

var oldAndNew = Arms{Old: "old", New: "new", Without: map[string]string{"P1": "old"}}

func TestAChangeThatSavesWhatItSays(t *testing.T) {
	run, slots := measured(map[string]float64{"old": 1000, "new": 100}, map[string]float64{"old": 200, "new": 100})
	v := Of(run, slots, oldAndNew, map[string]Predicted{"s": {Bytes: 10_000, Gone: 8_900}})
	w := v.Workloads[0]
	if !v.OK() || math.Abs(w.Measured-0.9) > 1e-9 || math.Abs(w.Predicted-0.89) > 1e-9 || math.Abs(w.Apart-1) > 1e-9 {
		t.Errorf("%+v, failures %q", w, v.Failures)
	}
	if w.CPURatio.N != rounds || math.Abs(w.CPURatio.Value-0.5) > 1e-9 {
		t.Errorf("CPU %+v, want a half", w.CPURatio)
	}
	if p := v.Proposals[0]; !p.Exercised || p.Dropped || p.Scenario != "s" {
		t.Errorf("%+v", p)
	}
}

func TestWhatTheLogLeavesOpenIsNoMiss(t *testing.T) {
	run, slots := measured(map[string]float64{"old": 1000, "new": 100}, map[string]float64{"old": 200, "new": 100})
	for unknown, want := range map[uint64]float64{2_000: 0, 500: 15, 0: 20} {
		v := Of(run, slots, oldAndNew, map[string]Predicted{"s": {Bytes: 10_000, Gone: 7_000, Unknown: unknown}})
		if got := v.Workloads[0].Apart; math.Abs(got-want) > 1e-9 || v.OK() != (want <= MaxApart) {
			t.Errorf("unknown %d: %g points apart, want %g; OK %t", unknown, got, want, v.OK())
		}
	}
}

func TestMeasurementsThatMustNotBeBelieved(t *testing.T) {
	predicted := map[string]Predicted{"s": {Bytes: 10_000, Gone: 9_000}}
	for what, c := range map[string]struct {
		breakIt func(*result.Run)
		want    string
	}{
		"saved less than foretold": {func(r *result.Run) {
			set(r, "new", func(x *result.Result) { x.Metrics[result.LogBytesPerOp] = result.Metric{Value: 130} })
		}, "points apart"},
		"records lost": {func(r *result.Run) {
			set(r, "old", func(x *result.Result) {
				x.Complete = false
				x.Metrics[result.Lost] = result.Metric{Value: 30}
				x.Findings = []string{"30 lost"}
			})
		}, "30 lost"},
		"a slot does not count": {func(r *result.Run) {
			set(r, "new", func(x *result.Result) { x.Slots, x.Invalid, x.Findings = rounds-1, 1, []string{"no mark came"} })
		}, "no mark came"},
		"ended early": {func(r *result.Run) { r.Ended = "auditd died" }, "auditd died"},
		"a canary no longer seen": {func(r *result.Run) {
			r.Canaries = []result.Canary{{Arm: "old", Name: "ptrace", By: "s", Done: true, Events: 2}, {Arm: "new", Name: "ptrace", By: "s", Done: true}}
		}, "1 of the 1 canaries"},
	} {
		run, slots := measured(map[string]float64{"old": 1000, "new": 100}, map[string]float64{"old": 200, "new": 100})
		c.breakIt(run)
		if v := Of(run, slots, oldAndNew, predicted); v.OK() || !strings.Contains(strings.Join(v.Failures, "\n"), c.want) {
			t.Errorf("%s: failures %q, want %q", what, v.Failures, c.want)
		}
	}
}

// A slot that was ended has no figure: that is no miss of the prediction. A handful of lost records is none either.
func TestWhatSaysNothingFailsNothing(t *testing.T) {
	predicted := map[string]Predicted{"s": {Bytes: 10_000, Gone: 9_000}}
	run, slots := measured(map[string]float64{"old": 0, "new": 100}, map[string]float64{"old": 200, "new": 100})
	for i := range slots {
		slots[i].Ended = slots[i].Arm == "old"
	}
	if v := Of(run, slots, oldAndNew, predicted); !v.OK() || !v.Workloads[0].Ended || !strings.Contains(strings.Join(v.Remarks, "\n"), "ended at the limit") {
		t.Errorf("ended: %+v", v)
	}
	run, slots = measured(map[string]float64{"old": 1000, "new": 100}, map[string]float64{"old": 200, "new": 100})
	set(run, "new", func(r *result.Result) {
		r.Complete, r.Metrics[result.Lost], r.Metrics[result.Records] = false, result.Metric{Value: 4}, result.Metric{Value: 1000}
	})
	if v := Of(run, slots, oldAndNew, predicted); !v.OK() || !strings.Contains(strings.Join(v.Remarks, "\n"), "lost 0.067 %") {
		t.Errorf("a few lost: %+v", v)
	}
}

// A slot that does not count is in no ratio.
func TestInvalidSlotsAreLeftOut(t *testing.T) {
	run, slots := measured(map[string]float64{"old": 1000, "new": 100}, map[string]float64{"old": 200, "new": 100})
	for i := range slots {
		if slots[i].Round == 1 && slots[i].Arm == "new" {
			slots[i].Valid, slots[i].WorkloadCPUNs = false, 1e12
		}
	}
	if r := Of(run, slots, oldAndNew, nil).Workloads[0].CPURatio; r.N != rounds-1 || math.Abs(r.Value-0.5) > 1e-9 {
		t.Errorf("CPU %+v, want a half of %d rounds", r, rounds-1)
	}
}

func set(r *result.Run, arm string, change func(*result.Result)) {
	for i := range r.Results {
		if r.Results[i].Arm == arm {
			change(&r.Results[i])
		}
	}
}

func TestAProposalThatCostsMoreThanItSavesIsDropped(t *testing.T) {
	run, slots := measured(map[string]float64{"old": 1000, "new": 100, "without P1": 150, "without P2": 900, "without P3": 100},
		map[string]float64{"old": 200, "new": 100, "without P1": 98, "without P2": 180, "without P3": 90})
	v := Of(run, slots, Arms{Old: "old", New: "new", Without: map[string]string{"P1": "without P1", "P2": "without P2", "P3": "without P3"}},
		map[string]Predicted{"s": {Bytes: 10, Gone: 9}})
	if got := v.Dropped(); !slices.Equal(got, []string{"P1"}) {
		t.Errorf("dropped %q of %+v, want P1: P2 saves, and P3 takes nothing here", got, v.Proposals)
	}
	run.Trust.AA["s"] = result.Metric{Value: 1, Low: 0.9, High: 1.1}
	if got := Of(run, slots, Arms{Old: "old", New: "new", Without: map[string]string{"P1": "without P1"}}, nil).Dropped(); len(got) != 0 {
		t.Errorf("dropped %q for less than the old set differs from itself", got)
	}
	few := slices.DeleteFunc(slices.Clone(slots), func(s result.Slot) bool { return s.Round > 3 })
	delete(run.Trust.AA, "s")
	if p := Of(run, few, Arms{Old: "old", New: "new", Without: map[string]string{"P1": "without P1"}}, nil).Proposals[0]; p.Dropped || !strings.Contains(p.Why, "too few") {
		t.Errorf("%+v: three rounds drop nothing", p)
	}
	if p := v.Proposals[2]; p.ID != "P3" || p.Exercised || !strings.Contains(p.Why, "not measured") {
		t.Errorf("%+v: no workload makes its events", p)
	}
}

func TestCanariesNobodyCouldSeeOrDo(t *testing.T) {
	run, slots := measured(map[string]float64{"old": 1000, "new": 100}, map[string]float64{"old": 200, "new": 100})
	for _, c := range []struct {
		name     string
		old, new uint64
		done     bool
	}{{"seen", 1, 2, true}, {"never seen", 0, 0, true}, {"not done", 0, 0, false}, {"new", 0, 1, true}} {
		run.Canaries = append(run.Canaries, result.Canary{Arm: "old", Name: c.name, Events: c.old, Done: c.done},
			result.Canary{Arm: "new", Name: c.name, Events: c.new, Done: c.done})
	}
	run.Canaries = append(run.Canaries, result.Canary{Arm: "old", Name: "of another workload", Events: 1, Done: true})
	c := Of(run, slots, oldAndNew, map[string]Predicted{"s": {Bytes: 10, Gone: 9}}).Canaries
	if c.Done != 3 || c.Before != 1 || c.After != 2 || len(c.Lost) != 0 {
		t.Errorf("%+v", c)
	}
}

// Readers never meet null where a list is due.
func TestListsAreNeverNull(t *testing.T) {
	b, err := json.Marshal(Of(&result.Run{}, nil, Arms{}, nil))
	if err != nil || bytes.Contains(b, []byte("null")) {
		t.Errorf("%s %v", b, err)
	}
}
