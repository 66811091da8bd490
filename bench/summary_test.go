package bench

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"github.com/auditprof/auditprof/bench/result"
)

// timedSlot is a slot of the rounds on scenario s1.
func timedSlot(arm string, round int, wall time.Duration, ended bool) result.Slot {
	return result.Slot{Kind: result.SlotTimed, Scenario: "s1", Arm: arm, Round: round, Valid: true, Ops: 10, WallNs: wall.Nanoseconds(), Ended: ended}
}

// Where some slots of an arm reached the limit and some did not, the bound holds for all: those that ended are no proof of less than they show,
// and "no figure" means that the few fast ones make none.
func TestTheBoundHoldsForTheSlotsThatWereNotEndedToo(t *testing.T) {
	r, _, _ := fakeRunner(t, 3)
	for round, wall := range []time.Duration{2 * time.Second, 4 * time.Second, slotLimit} {
		r.slots = append(r.slots, timedSlot("no audit", round+1, time.Second, false), timedSlot("a", round+1, wall, wall == slotLimit))
	}
	res := find(t, r.summary(), "s1", "a")
	bound := res.Metrics[result.AtLeastSlowdown]
	if bound.Value != 4 || bound.N != 3 {
		t.Errorf("at least %v of %d slots, want 4 of 3", bound.Value, bound.N)
	}
	for _, name := range []string{result.Slowdown, result.CPURatio, result.Wall, result.OpsPerSecond, result.CPUPerOp, result.LatencyP50} {
		if m, ok := res.Metrics[name]; ok {
			t.Errorf("%s is %v from the slots that happened to be fast", name, m)
		}
	}
	if base := find(t, r.summary(), "s1", "no audit"); base.Metrics[result.Slowdown].N != 3 || base.Metrics[result.Wall].N != 3 {
		t.Errorf("the arm without audit has its figures: %v", base.Metrics)
	}
}

// The slots of a unit may take longer than those of our workloads, and the words about them say how long.
func TestALimitIsSaidAsItWas(t *testing.T) {
	r, _, _ := fakeRunner(t, 3)
	r.Plan.UnitSlot = 30 * time.Second
	for round := 1; round <= 3; round++ {
		r.slots = append(r.slots, timedSlot("no audit", round, time.Minute, false), timedSlot("a", round, r.Plan.slotLimit(), true))
	}
	if got := find(t, r.summary(), "s1", "a").Findings; len(got) != 1 || got[0] != "3 of 3 slots were ended after 1m10s" {
		t.Errorf("%q", got)
	}
}

// An arm of which no slot counts must not be silent.
func TestAnArmWithoutAValidSlotSaysWhy(t *testing.T) {
	r, _, _ := fakeRunner(t, 2)
	for round := 1; round <= 2; round++ {
		s := timedSlot("a", round, time.Second, false)
		s.Valid, s.Why = false, "the log was not whole"
		r.slots = append(r.slots, s)
	}
	res := find(t, r.summary(), "s1", "a")
	if res.Invalid != 2 || res.Complete || !strings.Contains(strings.Join(res.Findings, "\n"), "2 slots do not count: the log was not whole") {
		t.Errorf("%+v", res)
	}
}

// A workload that sends user messages logs more in the timed slots than its rules record: that is no sign that the attribution slot was another.
func TestMessagesAreNotHeldAgainstTheAttribution(t *testing.T) {
	r, _, _ := fakeRunner(t, 1)
	s := timedSlot("a", 1, time.Second, false)
	s.Events, s.OtherEvents, s.OwnMessages = 50, 10, 30
	r.slots = append(r.slots, s)
	if at := r.priced(result.Attribution{Scenario: "s1", Arm: "a", Ops: 10, EventsPerOp: 1}, result.Prices{}); at.EventsPerOpTimed != 1 {
		t.Errorf("%v events per operation of the rules in the timed slots, want 1", at.EventsPerOpTimed)
	}
}

// Rounds have more operations or fewer, and the rules of a host record others too: the records of an operation are those of the workload, round by round.
func TestRecordsPerOperation(t *testing.T) {
	i := slices.IndexFunc(slotFigures, func(f figure) bool { return f.name == result.RecordsPerOp })
	if i < 0 {
		t.Fatal("there is no such figure")
	}
	for _, s := range []result.Slot{{Ops: 100, Records: 280}, {Ops: 110, Records: 1308, OtherRecords: 1000}} {
		if v, ok := slotFigures[i].of(s); !ok || v != 2.8 {
			t.Errorf("%+v: %v", s, v)
		}
	}
}

// The latency of an arm is of the rounds that count, and of none where one was stopped at the limit.
func TestLatencyIsOfAllRoundsTogether(t *testing.T) {
	r, _, _ := fakeRunner(t, 2)
	h := hdrhistogram.New(1, 600_000_000_000, 3)
	for ns := range int64(2000) {
		if err := h.RecordValue(ns + 1); err != nil {
			t.Fatal(err)
		}
	}
	text, err := h.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
	if err != nil {
		t.Fatal(err)
	}
	for round := 1; round <= 3; round++ {
		s := timedSlot("a", round, time.Second, false)
		s.Latency, s.LatencyCount, s.LatencyMaxNs, s.Valid = string(text), 2000, 2000, round < 3
		r.slots = append(r.slots, s)
	}
	got := find(t, r.summary(), "s1", "a").Latency
	if got == nil || got.Slots != 2 || got.Operations != 4000 || got.P50Ns != 1000 || got.P999Ns < 1990 || got.MaxNs != 2000 {
		t.Errorf("%+v", got)
	}
	r.slots[1].Ended = true
	if got := find(t, r.summary(), "s1", "a").Latency; got != nil {
		t.Errorf("one of two rounds makes %+v", got)
	}
}
