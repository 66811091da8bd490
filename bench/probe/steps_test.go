package probe

import (
	"math"
	"slices"
	"testing"
)

// stepOf is the step of a time, found by the bounds: what bpf/watch.bpf.c computes with shifts.
func stepOf(ns uint64) int {
	for i := range stepCount {
		if from, to := stepBounds(i); float64(ns) >= from && float64(ns) < to {
			return i
		}
	}
	return stepCount - 1
}

func TestStepsAreWhole(t *testing.T) {
	end := 0.0
	for i := range stepCount {
		from, to := stepBounds(i)
		if from != end || to <= from {
			t.Fatalf("step %d is %v to %v, the one before ends at %v", i, from, to, end)
		}
		if i > 0 && i < stepCount-1 && (to-from)/from > 1.0/16 {
			t.Errorf("step %d is %v wide at %v", i, to-from, from)
		}
		end = to
	}
	var c watchCalls
	if len(c.Steps) != stepCount {
		t.Errorf("the program has %d steps, this package %d", len(c.Steps), stepCount)
	}
}

func TestQuantile(t *testing.T) {
	var even Steps
	for ns := uint64(100); ns < 100000; ns += 10 {
		even[stepOf(ns)]++
	}
	for _, q := range []float64{0.01, 0.25, 0.5, 0.9, 0.99} {
		want := 100 + q*99900
		if got := even.Quantile(q); math.Abs(got-want) > 0.02*want {
			t.Errorf("quantile %v of 100 to 100000: %v, want %v", q, got, want)
		}
	}
	if got := new(Steps).Quantile(0.5); !math.IsNaN(got) {
		t.Errorf("quantile of nothing: %v", got)
	}
	var long Steps
	long[stepCount-1] = 3
	if got := long.Quantile(0.5); got < 1<<26 {
		t.Errorf("median of three calls over 2^26 ns: %v", got)
	}
	if got := even.Quantile(1); got < 99000 || got > 110000 {
		t.Errorf("the longest: %v", got)
	}
}

// A shift of a twentieth of an octave must show, though it is less than a step: that is what filter taxes look like.
func TestQuantileSeesASmallShift(t *testing.T) {
	var a, b Steps
	for i := range uint64(1000) {
		a[stepOf(240+i/25)]++
		b[stepOf(252+i/25)]++
	}
	if got := b.Quantile(0.5) - a.Quantile(0.5); math.Abs(got-12) > 3 {
		t.Errorf("shift %v, want 12", got)
	}
}

func TestLog2(t *testing.T) {
	var s Steps
	for _, ns := range []uint64{3, 63, 64, 127, 128, 1000, 1023, 1024} {
		s[stepOf(ns)]++
	}
	want := []uint64{0, 0, 0, 0, 0, 2, 2, 1, 0, 2, 1}
	if got := s.Log2(); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	s[stepOf(1<<40)]++
	if got := s.Log2(); len(got) != lastOctave+2 || got[lastOctave+1] != 1 {
		t.Errorf("a call of 2^40 ns: %v", got)
	}
	if got := new(Steps).Log2(); len(got) != 0 {
		t.Errorf("nothing: %v", got)
	}
}
