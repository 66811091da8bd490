package main

import (
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
