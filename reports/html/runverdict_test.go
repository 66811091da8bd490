package html

import (
	"strings"
	"testing"

	"github.com/auditprof/auditprof/bench/result"
)

// dearRun has a workload that writes log and tells nothing, and one that writes none and is told apart.
func dearRun() *result.Run {
	ratio := func(v float64) result.Metric {
		return result.Metric{Unit: "ratio", Value: v, Low: v - 0.05, High: v + 0.05, N: 12}
	}
	of := func(scenario string, cpu, log float64) result.Result {
		return result.Result{Scenario: scenario, Arm: "site", Complete: true, Slots: 12, Metrics: map[string]result.Metric{
			result.CPURatio: ratio(cpu), result.LogBytesPerOp: {Unit: "bytes", Value: log, N: 12}}}
	}
	return &result.Run{Schema: result.Schema, Ended: "complete", Rounds: 12, RoundsDone: 12, Restored: result.Restored{OK: true},
		Arms:      []result.Arm{{Name: "no audit", Kind: result.ArmNoAudit}, {Name: "site", Kind: result.ArmCandidate}},
		Scenarios: []result.Scenario{{Name: "opens"}, {Name: "execs"}, {Name: "calls"}},
		Results:   []result.Result{of("opens", 1.01, 900), of("execs", 1.02, 900), of("calls", 1.8, 0)}}
}

// A cost that is told is the verdict, whatever else is open: a set that makes every system call dearer is not lost in the noise of others.
func TestWhatIsToldComesBeforeWhatIsNot(t *testing.T) {
	got := page(t, dearRun(), RunOptions{})
	for _, want := range []string{"<h1>site costs most on calls: 1.80", "site on calls: 1.80"} {
		if !strings.Contains(strings.ReplaceAll(got, "\u00a0", " "), want) {
			t.Errorf("no %q", want)
		}
	}
}

// A workload that was stopped at its limit is slower by at least that much.
func TestWhatWasStoppedAtTheLimitIsNoNoise(t *testing.T) {
	run := dearRun()
	run.Results[2].Metrics = map[string]result.Metric{result.AtLeastSlowdown: {Unit: "ratio", Value: 8, Low: 8, High: 8, N: 12}}
	if got := page(t, run, RunOptions{}); !strings.Contains(got, "<h1>site costs most on calls: at least 8") {
		t.Error(got[strings.Index(got, "<h1>"):][:200])
	}
}

// The run's own test of A/A, at its level for all workloads together, tells whether they differ: one interval in twenty misses 1 by chance.
func TestNoiseIsToldByTheRunsOwnTest(t *testing.T) {
	run := dearRun()
	run.Arms = append(run.Arms, result.Arm{Name: "site A/A", Kind: result.ArmCandidate, TwinOf: "site"})
	run.Trust.AA = map[string]result.Metric{"opens": {Unit: "ratio", Value: 1.02, Low: 1.001, High: 1.03, N: 12}}
	aa := result.Comparison{Scenario: "opens", Arm: "site A/A", Against: "site", Metric: result.CPURatio, Verdict: result.VerdictCannotTell, PAll: 0.4}
	for verdict, p := range map[string]float64{result.VerdictCannotTell: 0.4, result.VerdictSlower: 0.001} {
		aa.Verdict, aa.PAll = verdict, p
		run.Comparisons = []result.Comparison{aa}
		if got := strings.Contains(page(t, run, RunOptions{}), "The same set measured twice differs on opens"); got != (p < result.AlphaAA) {
			t.Errorf("%s, p %g: alarm %v", verdict, p, got)
		}
	}
}

// One round has a range and no verdict, as in the text report, though the run lists its tests.
func TestFewRoundsHaveARange(t *testing.T) {
	run := dearRun()
	run.Quick = true
	run.Comparisons = []result.Comparison{{Scenario: "execs", Arm: "site", Against: "no audit", Metric: result.CPURatio, Verdict: result.VerdictCannotTell, PAll: 1}}
	if got := page(t, run, RunOptions{}); strings.Contains(got, `<dt class="unsure">cannot tell`) || !strings.Contains(got, `<dt class="unsure">range only`) {
		t.Error("a verdict of too few rounds")
	}
}

func TestAStoppedWorkloadHasAWord(t *testing.T) {
	run := dearRun()
	run.Results[2].Metrics = map[string]result.Metric{result.AtLeastSlowdown: {Unit: "ratio", Value: 8, Low: 8, High: 8, N: 12}}
	if f := newRunView(run, RunOptions{}).finding(run.Results[2]); f.Word != wordSlower {
		t.Errorf("the word is %q", f.Word)
	}
}
