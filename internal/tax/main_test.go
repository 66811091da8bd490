package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/bench/result"
)

// lineRun has three arms on a line of 4 ns a rule, with noise that is the same for a whole round.
func lineRun() (*result.Run, []result.Slot) {
	run := &result.Run{Rounds: 3, Scenarios: []result.Scenario{{Name: "null-syscall", Op: "getppid"}}, Arms: []result.Arm{
		{Name: "no audit", Kind: result.ArmNoAudit}, {Name: "no rules", Kind: result.ArmNoRules},
		{Name: "n10", Kind: result.ArmCandidate, Rules: make([]result.Rule, 10)}, {Name: "n50", Kind: result.ArmCandidate, Rules: make([]result.Rule, 50)},
		{Name: "n50 again", Kind: result.ArmCandidate, TwinOf: "n50"}}}
	var slots []result.Slot
	for round := 1; round <= 3; round++ {
		for arm, ns := range map[string]int64{"no audit": 100, "no rules": 300, "n10": 340, "n50": 500, "n50 again": 900} {
			slots = append(slots, result.Slot{Kind: result.SlotTimed, Round: round, Scenario: "null-syscall", Arm: arm, Valid: true, Ops: 1000,
				WorkloadCPUNs: 1000 * (ns + int64(50*round))})
		}
	}
	return run, slots
}

func TestSlopeIsOfTheArmsAndNoOthers(t *testing.T) {
	run, slots := lineRun()
	got := slopes(run, slots, "null-syscall")
	if len(got) != 3 {
		t.Fatalf("%d rounds", len(got))
	}
	for _, s := range got {
		if math.Abs(s-4) > 1e-9 {
			t.Errorf("slope %v, want 4 ns a rule", s)
		}
	}
}

func TestRoundsThatLackAnArmAreLeftOut(t *testing.T) {
	run, slots := lineRun()
	for i := range slots {
		if slots[i].Round == 2 && slots[i].Arm == "n10" {
			slots[i].Valid = false
		}
	}
	if got := slopes(run, slots, "null-syscall"); len(got) != 2 {
		t.Errorf("%d rounds, want the 2 whole ones", len(got))
	}
}

func TestTable(t *testing.T) {
	run, slots := lineRun()
	var b strings.Builder
	table(&b, run, slots)
	want := "| rules | null-syscall, ns per getppid |\n|---|---|\n| n10, 10 rules | 40 [40 40] |\n| n50, 50 rules | 200 [200 200] |\n"
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
	if got := fmt.Sprint(interval(nil)); got != "-" {
		t.Errorf("nothing measured: %s", got)
	}
}

// What drops records is fast for the wrong reason: it has no figure, and no slope rests on it.
func TestAnArmThatLostHasNoFigure(t *testing.T) {
	run, slots := lineRun()
	for i := range slots {
		if slots[i].Round == 2 && slots[i].Arm == "n10" {
			slots[i].Lost = 1
		}
	}
	var b strings.Builder
	table(&b, run, slots)
	if !strings.Contains(b.String(), "| n10, 10 rules | lost records |\n| n50, 50 rules | 200 [200 200] |") {
		t.Error(b.String())
	}
	if got := slopes(run, slots, "null-syscall"); len(got) != 0 {
		t.Errorf("slopes %v", got)
	}
}

func TestHalfARunIsNoTable(t *testing.T) {
	dir := t.TempDir()
	keepRun(t, dir, &result.Run{Ended: "interrupted"})
	if err := printed(io.Discard, []string{"table", dir}); err == nil || !strings.Contains(err.Error(), "not whole: interrupted") {
		t.Error(err)
	}
	for _, args := range [][]string{nil, {"table"}, {"over", dir}} {
		if err := printed(io.Discard, args); err == nil {
			t.Errorf("%q", args)
		}
	}
}

// keepRun writes a run directory.
func keepRun(t *testing.T, dir string, run *result.Run, slots ...result.Slot) {
	t.Helper()
	w, err := result.NewWriter(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range slots {
		if err := w.Slot(s); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Run(run), w.Close()); err != nil {
		t.Fatal(err)
	}
}
