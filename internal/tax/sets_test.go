package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/bench/result"
)

// setsRun is a run on one workload, in which the sets a and b cost what their intervals say.
func setsRun(scenario, ended string, a, b result.Comparison) *result.Run {
	named := func(c result.Comparison, arm, against string) result.Comparison {
		c.Scenario, c.Arm, c.Against, c.Metric = scenario, arm, against, result.CPURatio
		return c
	}
	return &result.Run{Ended: ended, Rounds: 6, RoundsDone: 6, Scenarios: []result.Scenario{{Name: scenario}},
		Arms: []result.Arm{{Name: "no audit", Kind: result.ArmNoAudit}, {Name: "a", Kind: result.ArmCandidate}, {Name: "b", Kind: result.ArmCandidate},
			{Name: "a again", Kind: result.ArmCandidate, TwinOf: "a"}},
		Comparisons: []result.Comparison{named(a, "a", "no audit"), named(b, "b", "no audit"),
			named(result.Comparison{Ratio: 1.01, Low: 0.99, High: 1.02}, "a again", "a")}}
}

func TestTheRuleOfThumbIsHeldAgainstIntervals(t *testing.T) {
	at := func(low, ratio, high float64) result.Comparison {
		return result.Comparison{Low: low, Ratio: ratio, High: high, N: 6}
	}
	dir := t.TempDir()
	var dirs []string
	for name, run := range map[string]*result.Run{
		"1": setsRun("one", "complete", at(1.11, 1.12, 1.14), at(1.01, 1.02, 1.03)),
		"2": setsRun("two", "complete", at(1.3, 1.4, 1.5), at(1.05, 1.12, 1.2)),
		"3": setsRun("three", "complete", result.Comparison{Verdict: result.VerdictNoFigure, Why: "a lost 3 records | x"}, at(1.2, 1.3, 1.4)),
		"4": setsRun("four", "interrupted", at(1.3, 1.4, 1.5), at(1.3, 1.4, 1.5)),
	} {
		keepRun(t, filepath.Join(dir, name), run)
	}
	for _, name := range []string{"1", "2", "3", "4", "5"} {
		dirs = append(dirs, filepath.Join(dir, name))
	}
	few := at(1.11, 1.12, 1.14)
	few.N = 5
	if text, _ := ofSet(setsRun("one", "complete", few, few), "one", "a"); text != "1.12 [1.11 1.14] cannot tell" {
		t.Errorf("5 rounds: %s", text)
	}
	var b strings.Builder
	if err := printed(&b, append([]string{"sets", "a,b"}, dirs...)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"| one | 1.01 [0.99 1.02] | 1.12 [1.11 1.14] holds | 1.02 [1.01 1.03] less |", "| two | 1.01 [0.99 1.02] | 1.40 [1.30 1.50] more | 1.12 [1.05 1.20] cannot tell |",
		"| three | 1.01 [0.99 1.02] | a lost 3 records / x | 1.30 [1.20 1.40] more |", "| 4: not measured |", "| holds, less, more, cannot tell | | 1, 0, 1, 0 | 0, 1, 1, 1 |",
		"6 rounds, in brackets their interval at 95 %"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("lacks %q:\n%s", want, b.String())
		}
	}
	if strings.Count(b.String(), "not measured") != 2 {
		t.Error(b.String())
	}
}
