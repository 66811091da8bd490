package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/bench/result"
)

// What slots alone tell is told as bench tells it: no latency where no operation was timed, and no bytes of others in the log.
func TestRunOfSlotsTellsWhatBenchDoes(t *testing.T) {
	slot := result.Slot{Kind: result.SlotTimed, Round: 1, Scenario: "opens", Arm: "site", Valid: true, Ops: 100, OpsDone: 100, WallNs: 1e6, LogBytes: 1000, OtherBytes: 400}
	metrics := runOfSlots([]result.Slot{slot}).Results[0].Metrics
	if m, there := metrics[result.LatencyP99]; there {
		t.Errorf("a latency of operations that nobody timed: %+v", m)
	}
	if got := metrics[result.LogBytesPerOp].Value; got != 6 {
		t.Errorf("%g bytes per operation, of which 4 are of others", got)
	}
	slot.LatencyCount, slot.LatencyP99Ns = 100, 77
	if got := runOfSlots([]result.Slot{slot}).Results[0].Metrics[result.LatencyP99].Value; got != 77 {
		t.Errorf("a latency of %g", got)
	}
}

// A hostile file of slots names as many arms as it has lines: those that are shown are bounded, and the rest is counted.
func TestRunOfSlotsIsBounded(t *testing.T) {
	var slots []result.Slot
	for i := range mostPairs + 7 {
		slots = append(slots, result.Slot{Kind: result.SlotTimed, Round: 1, Scenario: "opens", Arm: fmt.Sprint("arm", i), Valid: true, OpsDone: 1})
	}
	run := runOfSlots(append(slots, slots[0])) // one that is known counts
	if len(run.Arms) != mostPairs || len(run.Results) != mostPairs || run.Results[0].Slots != 2 {
		t.Errorf("%d arms, %d results, %d slots of the first", len(run.Arms), len(run.Results), run.Results[0].Slots)
	}
	if w := run.Warnings[len(run.Warnings)-1].Text; !strings.HasPrefix(w, "7 slots of slots.jsonl are left out") {
		t.Error(w)
	}
	if run = runOfSlots(slots[:mostPairs]); len(run.Warnings) != 1 {
		t.Errorf("as many as may be: %v", run.Warnings)
	}
}
