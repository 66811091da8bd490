package result

import (
	"math"
	"testing"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// slotOf has a histogram of n operations of fast ns and slow ones of slow ns.
func slotOf(t *testing.T, n int64, fast int64, slow int64, slowNs int64) Slot {
	t.Helper()
	h := hdrhistogram.New(1, 600_000_000_000, 3)
	if err := h.RecordValues(fast, n); err != nil {
		t.Fatal(err)
	}
	if err := h.RecordValues(slowNs, slow); err != nil {
		t.Fatal(err)
	}
	b, err := h.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
	if err != nil {
		t.Fatal(err)
	}
	return Slot{Kind: SlotTimed, Valid: true, Latency: string(b), LatencyCount: n + slow, LatencyP99Ns: h.ValueAtPercentile(99), LatencyMaxNs: slowNs + 1}
}

// One round of four with a long tail: the median of the rounds' p99 does not see it, all operations together do.
func TestLatencyOfAllSlotsTogether(t *testing.T) {
	slots := []Slot{slotOf(t, 1000, 1000, 1, 2000), slotOf(t, 1000, 1000, 1, 2000), slotOf(t, 1000, 1000, 1, 2000), slotOf(t, 900, 1000, 100, 5_000_000)}
	got := MergeLatency(slots)
	if got == nil || got.Slots != 4 || got.Operations != 4003 || got.MaxNs != 5_000_001 {
		t.Fatalf("%+v", got)
	}
	near := func(a, b int64) bool { return math.Abs(float64(a-b)) <= float64(b)/500 }
	if !near(got.P50Ns, 1000) || !near(got.P99Ns, 5_000_000) || !near(got.P999Ns, 5_000_000) {
		t.Errorf("%+v", got)
	}
	r := Result{Latency: got, Metrics: map[string]Metric{LatencyP99: {Value: 1000}, Wall: {Value: 7}}}
	if m, ok := r.Shown(LatencyP99); !ok || m.Value != float64(got.P99Ns) || m.N != 4 {
		t.Errorf("p99 that is shown: %+v", m)
	}
	if m, _ := r.Shown(Wall); m.Value != 7 {
		t.Errorf("wall time that is shown: %+v", m)
	}
	r.Latency = nil
	if m, _ := r.Shown(LatencyP99); m.Value != 1000 {
		t.Errorf("p99 of an earlier run: %+v", m)
	}
}

// A part of the slots makes no figure of all of them.
func TestNoLatencyOfSomeSlots(t *testing.T) {
	for name, change := range map[string]func(*Slot){
		"no histogram":     func(s *Slot) { s.Latency = "" },
		"stopped":          func(s *Slot) { s.Ended = true },
		"no text of one":   func(s *Slot) { s.Latency = "HISTFAAAxx" },
		"longer than ours": func(s *Slot) { s.Latency = string(make([]byte, maxHistogram+1)) },
	} {
		slots := []Slot{slotOf(t, 10, 1000, 1, 2000), slotOf(t, 10, 1000, 1, 2000)}
		change(&slots[1])
		if got := MergeLatency(slots); got != nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if MergeLatency(nil) != nil {
		t.Error("a latency of no slots")
	}
}
