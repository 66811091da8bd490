package bench

import (
	"testing"
	"time"

	"github.com/auditprof/auditprof/bench/result"
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
