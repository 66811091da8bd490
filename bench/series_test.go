package bench

import (
	"slices"
	"testing"
	"time"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/kernel"
)

func TestSeriesKeepsPeaksInBoundedRoom(t *testing.T) {
	s := &series{step: 20 * time.Millisecond}
	if s.result() != nil {
		t.Error("a series without a sample")
	}
	for i := range 1000 { // 20 s
		value := int64(i % 7)
		if i == 333 {
			value = 8000
		}
		s.add(time.Duration(i)*20*time.Millisecond, value)
	}
	got := s.result()
	if len(got.Values) > result.SeriesPoints || len(got.Values) < result.SeriesPoints/2 || got.StepNs != (320*time.Millisecond).Nanoseconds() {
		t.Errorf("%d values of %d ns", len(got.Values), got.StepNs)
	}
	for i, v := range got.Values {
		if peak := i == 333*20/320; peak != (v == 8000) || !peak && v != 6 {
			t.Errorf("step %d: %d", i, v)
		}
	}
}

// A slot in which samples came late has steps without one: they are 0, and nothing is moved.
func TestSeriesWithPauses(t *testing.T) {
	s := &series{step: time.Second}
	s.add(0, 3)
	s.add(4500*time.Millisecond, 5)
	s.add(time.Hour, 7)
	got := s.result()
	if last := len(got.Values) - 1; got.Values[0] != 5 || got.Values[last] != 7 || int64(last) != time.Hour.Nanoseconds()/got.StepNs {
		t.Errorf("%+v", got)
	}
}

// What was used up stays the same in sum, however the steps are cut and joined.
func TestSeriesOfSums(t *testing.T) {
	s := &series{step: 20 * time.Millisecond, sums: true}
	at, want := time.Duration(0), int64(0)
	for i := range 1000 {
		next := at + 17*time.Millisecond + time.Duration(i%9)*time.Millisecond
		if i == 500 {
			next += time.Second // a reader that was late
		}
		s.spread(at, next, int64(next-at)/4) // a quarter of a CPU throughout
		want += int64(next-at) / 4
		at = next
	}
	got, sum := s.result(), int64(0)
	for i, v := range got.Values {
		sum += v
		if share := float64(v) / float64(got.StepNs); i < len(got.Values)-1 && (share < 0.2499 || share > 0.2501) {
			t.Errorf("step %d has %.4f of a CPU, not a quarter", i, share)
		}
	}
	if sum != want || len(got.Values) > result.SeriesPoints {
		t.Errorf("%d ns in %d steps, want %d", sum, len(got.Values), want)
	}
}

// Memory does not fall to nothing because a sample came late.
func TestSeriesThatHolds(t *testing.T) {
	s := &series{step: time.Second, holds: true}
	s.add(0, 9)
	s.add(3500*time.Millisecond, 4)
	s.add(3600*time.Millisecond, 5)
	if got := s.result().Values; !slices.Equal(got, []int64{9, 9, 9, 5}) {
		t.Errorf("%v", got)
	}
}

// Backlog, CPU and memory of a slot are sampled at the same moments, and what auditd used after the last tick is counted.
func TestSlotIsWatched(t *testing.T) {
	gauge := &fakeGauge{}
	w := watchSlot(func() (kernel.Status, error) { return kernel.Status{Backlog: 7}, nil }, gauge)
	time.Sleep(3 * backlogEvery)
	var s result.Slot
	w.stop(&s)
	var sum int64
	for _, v := range s.AuditdCPUNsSeries.Values {
		sum += v
	}
	if sum != (gauge.n-1)*1e6 || int64(s.BacklogSamples) != gauge.n-1 {
		t.Errorf("%d ns of CPU in %d readings, beside %d of the backlog", sum, gauge.n, s.BacklogSamples)
	}
	if m := s.AuditdRSSBytesSeries.Values; m[len(m)-1] != gauge.n*4096 || s.BacklogSeries.Values[0] != 7 {
		t.Errorf("memory %v after %d readings, backlog %v", m, gauge.n, s.BacklogSeries.Values)
	}
}
