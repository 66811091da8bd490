package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/bench/result"
)

// daemonRun has two arms on one workload: an event takes 100 us of auditd and kauditd under raw, half as much again under enriched.
func daemonRun() (*result.Run, []result.Slot) {
	run := &result.Run{Ended: "complete", Rounds: 6, RoundsDone: 6, Scenarios: []result.Scenario{{Name: "exec-storm@400", Op: "exec"}},
		Arms: []result.Arm{{Name: "no audit", Kind: result.ArmNoAudit}, {Name: "raw", Kind: result.ArmCandidate}, {Name: "enriched", Kind: result.ArmCandidate},
			{Name: "raw again", Kind: result.ArmCandidate, TwinOf: "raw"}}}
	var slots []result.Slot
	for round := 1; round <= 6; round++ {
		for arm, us := range map[string]int64{"no audit": 0, "raw": 100, "enriched": 150, "raw again": 100} {
			slots = append(slots, result.Slot{Kind: result.SlotTimed, Round: round, Scenario: "exec-storm@400", Arm: arm, Valid: true, Ops: 800, OpsDone: 800,
				WallNs: 2e9, Events: 800, LogBytes: 800 * 1000, AuditdCPUNs: 800 * us * 1e3 * 3 / 4, KauditdCPUNs: 800 * us * 1e3 / 4, WorkloadCPUNs: 800 * 500e3})
		}
	}
	return run, slots
}

func TestWhatAnEventTakes(t *testing.T) {
	run, slots := daemonRun()
	dir := filepath.Join(t.TempDir(), "run")
	keepRun(t, dir, run, slots...)
	var b strings.Builder
	if err := printed(&b, []string{"daemon", dir}); err != nil {
		t.Fatal(err)
	}
	if err := printed(&b, []string{"over", dir, "enriched", "raw"}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"| exec-storm@400 | raw | 400 [400 400] | 100 [100 100] | 1000 [1000 1000] | 600 [600 600] |",
		"| exec-storm@400 | enriched | 400 [400 400] | 150 [150 150] |", "6 rounds, in brackets their interval at 95 %.",
		"enriched over raw on exec-storm@400: 1.50 [1.50 1.50] times the CPU of auditd and kauditd per event, p = 0.031."} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("lacks %q:\n%s", want, b.String())
		}
	}
	if strings.Contains(b.String(), "again") {
		t.Error(b.String())
	}
}

func TestLossIsSaidInPlaceOfFigures(t *testing.T) {
	run, slots := daemonRun()
	for i := range slots {
		if slots[i].Arm == "raw" && slots[i].Round == 4 {
			slots[i].PartialEvents = 1
		}
	}
	var b strings.Builder
	daemon(&b, run, slots)
	over(&b, run, slots, "enriched", "raw")
	if !strings.Contains(b.String(), "| raw | lost records | lost records |") || !strings.Contains(b.String(), "enriched over raw on exec-storm@400: lost records.") {
		t.Error(b.String())
	}
}

func TestTheRateThatWasHeld(t *testing.T) {
	step := func(rate float64, held bool) result.SweepStep {
		return result.SweepStep{OpsPerSecond: rate, Held: held}
	}
	slot := func(rate float64, us int64) result.Slot {
		return result.Slot{Kind: result.SlotSweep, Scenario: "s", Arm: "flood+NONE", Valid: true, Rate: rate, Events: 1000, AuditdCPUNs: us * 1e6}
	}
	run := &result.Run{Sweeps: []result.Sweep{{Scenario: "s", Arm: "flood+NONE", OpsPerSecond: 4000, EventsPerSecond: 3990.4, Broke: 5000, Why: "7 records lost",
		Steps: []result.SweepStep{step(2000, true), step(4000, true), step(5000, false), step(4000, true)}}}}
	var b strings.Builder
	sweep(&b, run, []result.Slot{slot(2000, 20), slot(4000, 10), slot(5000, 99), slot(4000, 12)})
	if !strings.Contains(b.String(), "| flood+NONE | 3990 | 4000, 5000 | 13.5 [10 20] | 7 records lost |") {
		t.Error(b.String())
	}
}
