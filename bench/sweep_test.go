package bench

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/auditprof/auditprof/bench/result"
)

// holdsTo is a machine that holds rates up to one.
func holdsTo(most float64) try {
	return func(rate float64) (result.SweepStep, string, error) {
		st := result.SweepStep{OpsPerSecond: rate, DonePerSec: rate, EventsPerSec: 2 * rate}
		if rate > most {
			st.Lost = 1
			return st, "lost", nil
		}
		return st, "", nil
	}
}

func TestASearchFindsTheHighestRateFromEitherSide(t *testing.T) {
	for _, most := range []float64{1, 3, 40, 777, 31000} {
		for _, off := range []float64{0.02, 0.4, 1, 3, 50} {
			s, err := search(most*off, sweepFull, holdsTo(most))
			if err != nil {
				t.Fatal(err)
			}
			if s.OpsPerSecond > most || s.OpsPerSecond < most/1.1 {
				t.Errorf("holds %g, started at %g: found %g in %d steps", most, most*off, s.OpsPerSecond, len(s.Steps))
			}
			if s.EventsPerSecond != 2*s.OpsPerSecond || s.Broke <= most || s.Broke > s.OpsPerSecond*1.1001 || s.Why != "lost" {
				t.Errorf("%+v", s)
			}
			if n := len(s.Steps); n > sweepFull.mostSteps {
				t.Errorf("%d steps", n)
			}
		}
	}
}

func TestASearchSaysWhereThereIsNoEnd(t *testing.T) {
	s, err := search(100, sweepFull, holdsTo(0))
	if err != nil || s.OpsPerSecond != 0 || s.Broke != 1 || s.Why == "" {
		t.Errorf("holds nothing: %+v, %v", s, err)
	}
	s, err = search(900000, sweepFull, holdsTo(math.Inf(1)))
	if err != nil || s.OpsPerSecond != 1e6 || s.Broke != 0 || s.Why != "" {
		t.Errorf("holds everything: %+v, %v", s, err)
	}
}

// A rate that holds once and not again is not held; the next lower one must then be held as often.
func TestARateMustHoldAgain(t *testing.T) {
	lucky := 0
	s, err := search(64, sweepFull, func(rate float64) (result.SweepStep, string, error) {
		st := result.SweepStep{OpsPerSecond: rate, EventsPerSec: rate}
		if rate > 100 && rate < 140 {
			if lucky++; lucky > 1 {
				return st, "waited", nil
			}
			return st, "", nil
		}
		if rate >= 140 {
			return st, "lost", nil
		}
		return st, "", nil
	})
	if err != nil || s.OpsPerSecond > 100 || s.OpsPerSecond < 64 {
		t.Errorf("%g of %+v, %v", s.OpsPerSecond, s.Steps, err)
	}
	held := 0
	for _, st := range s.Steps {
		if st.OpsPerSecond == s.OpsPerSecond {
			if !st.Held {
				t.Errorf("%+v", st)
			}
			held++
		}
	}
	if held < 1+sweepFull.confirm {
		t.Errorf("held %d times", held)
	}
}

// A search that runs out of steps says so: the rate that held so far is not known to hold, and it is not known that nothing does.
func TestASearchSaysThatItsStepsRanOut(t *testing.T) {
	b := sweepFull
	b.mostSteps = 5
	for _, start := range []float64{1, 1000} { // too few steps to come up, and to come down
		s, err := search(start, b, holdsTo(24))
		if err != nil || !s.OutOfSteps || s.OpsPerSecond != 0 {
			t.Errorf("from %g: %+v, %v", start, s, err)
		}
	}
	b.mostSteps = 6
	s, err := search(16, b, holdsTo(24))
	if err != nil || !s.OutOfSteps || s.HeldOnce < 16 || s.HeldOnce > 24 || s.Broke <= 24 {
		t.Errorf("held and not repeated: %+v, %v", s, err)
	}
	for _, most := range []float64{0, 24, math.Inf(1)} {
		if s, err := search(16, sweepFull, holdsTo(most)); err != nil || s.OutOfSteps || s.HeldOnce != 0 {
			t.Errorf("one that came to its end: %+v, %v", s, err)
		}
	}
}

// What never holds twice ends by the number of steps, and says that nothing was held.
func TestASearchEnds(t *testing.T) {
	n := 0
	s, err := search(10, sweepFull, func(rate float64) (result.SweepStep, string, error) {
		n++
		if n%2 == 0 {
			return result.SweepStep{OpsPerSecond: rate}, "flaky", nil
		}
		return result.SweepStep{OpsPerSecond: rate}, "", nil
	})
	if err != nil || n > sweepFull.mostSteps || s.OpsPerSecond != 0 && n < sweepFull.confirm {
		t.Errorf("%d steps: %+v, %v", n, s, err)
	}
	s, err = search(10, sweepFull, func(rate float64) (result.SweepStep, string, error) { return result.SweepStep{}, "", errBroken })
	if !errors.Is(err, errBroken) || s.OpsPerSecond != 0 {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestWhatBreaksAStep(t *testing.T) {
	good := result.SweepStep{OpsPerSecond: 100, DonePerSec: 98}
	for _, c := range []struct {
		change func(*result.SweepStep)
		drain  time.Duration
		want   string
	}{
		{func(*result.SweepStep) {}, 90 * time.Millisecond, ""},
		{func(st *result.SweepStep) { st.Lost = 1; st.WaitNs = 1e6 }, 0, "1 records or events lost"},
		{func(st *result.SweepStep) { st.WaitNs = 4e6 }, 0, "waited 4ms"},
		{func(st *result.SweepStep) { st.DonePerSec = 90 }, 0, "came to 90 per second"},
		{func(*result.SweepStep) {}, 150 * time.Millisecond, "150ms behind"},
	} {
		st := good
		c.change(&st)
		if got := brokeBy(st, c.drain, time.Second); (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
