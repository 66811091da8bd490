package bench

import (
	"fmt"
	"math"
	"time"

	"github.com/auditprof/auditprof/bench/result"
)

// sweepBounds bound the search for the rate that an arm holds.
type sweepBounds struct {
	slot      time.Duration // of one step
	near      float64       // the search ends where what broke is at most so many times what was held
	confirm   int           // how often the rate that was held must be held once more
	mostSteps int
	leastRate float64 // operations per second
	mostRate  float64
}

// The spec of a workload takes rates from 1 to a million (scenarios.Spec). Twenty-four steps are: a thousand-fold down or up by twos, four halvings
// of what is left, twice two repeats, and a few more.
var (
	sweepFull  = sweepBounds{slot: 3 * time.Second, near: 1.1, confirm: 2, mostSteps: 24, leastRate: 1, mostRate: 1e6}
	sweepQuick = sweepBounds{slot: time.Second, near: 1.3, confirm: 1, mostSteps: 16, leastRate: 1, mostRate: 1e6}
)

// A step holds its rate where it did at least reached of it, and the log was whole after late of the step's time: records that are still on
// their way then were piling up, however much room there was for them.
const (
	reached = 0.97
	late    = 0.1
)

// brokeBy says in one line what a step did not hold, "" where it held. What cannot be repaired stands first.
func brokeBy(st result.SweepStep, drain, slot time.Duration) string {
	switch {
	case st.Lost > 0:
		return fmt.Sprintf("%d records or events lost", st.Lost)
	case st.WaitNs > 0:
		return fmt.Sprintf("records waited %v for room in the backlog", time.Duration(st.WaitNs).Round(time.Millisecond))
	case st.DonePerSec < reached*st.OpsPerSecond:
		return fmt.Sprintf("the workload came to %.4g per second only", st.DonePerSec)
	case drain > time.Duration(late*float64(slot)):
		return fmt.Sprintf("the log was %v behind at the end: records piled up", drain.Round(time.Millisecond))
	}
	return ""
}

// try runs one step. why is "" where the rate was held.
type try func(rate float64) (st result.SweepStep, why string, err error)

// search finds the highest rate that is held: from start twice as much until it breaks, or half as much until it holds, then between the two by
// their geometric mean; in the end the rate must hold again. The sweep holds what was run also with an error.
func search(start float64, b sweepBounds, t try) (result.Sweep, error) {
	s := seeker{bounds: b, try: t}
	s.sweep.Steps = []result.SweepStep{}
	err := s.run(math.Min(math.Max(start, b.leastRate), b.mostRate))
	s.finish()
	return s.sweep, err
}

// seeker is a search on its way.
type seeker struct {
	bounds    sweepBounds
	try       try
	sweep     result.Sweep
	held      float64 // the highest rate that held, 0 for none
	broke     float64 // the lowest that did not, 0 for none
	confirmed int     // times that held was repeated
}

func (s *seeker) run(rate float64) error {
	for len(s.sweep.Steps) < s.bounds.mostSteps {
		if err := s.step(rate); err != nil {
			return err
		}
		next, more := s.next()
		if !more {
			return nil
		}
		rate = next
	}
	s.sweep.OutOfSteps = true
	return nil
}

// step runs a rate. One that held and now does not is not held, nor is any that was taken to be so for the sake of it.
func (s *seeker) step(rate float64) error {
	st, why, err := s.try(rate)
	if err != nil {
		return err
	}
	st.Held = why == ""
	s.sweep.Steps = append(s.sweep.Steps, st)
	switch {
	case st.Held && rate == s.held:
		s.confirmed++
	case st.Held:
		s.held, s.confirmed = rate, 0
	default:
		s.broke, s.sweep.Why = rate, why
		if s.held >= rate {
			s.held, s.confirmed = s.heldBelow(rate), 0
		}
	}
	return nil
}

// heldBelow is the highest rate below one that was held in every step that ran it.
func (s *seeker) heldBelow(rate float64) float64 {
	best := 0.0
	for _, st := range s.sweep.Steps {
		if st.Held && st.OpsPerSecond < rate {
			best = math.Max(best, st.OpsPerSecond)
		}
	}
	return best
}

// next is the rate to run, false where the search is over.
func (s *seeker) next() (float64, bool) {
	b := s.bounds
	switch {
	case s.held == 0 && s.broke <= b.leastRate:
		return 0, false // nothing is held
	case s.held == 0:
		return math.Max(b.leastRate, s.broke/2), true
	case s.broke == 0 && s.held < b.mostRate:
		return math.Min(b.mostRate, s.held*2), true
	case s.broke > s.held*b.near:
		return math.Sqrt(s.held * s.broke), true
	}
	return s.held, s.confirmed < b.confirm
}

// finish writes what was found. A rate is held where it held in all its steps, the repeats among them.
func (s *seeker) finish() {
	s.sweep.Broke = s.broke
	if s.sweep.OutOfSteps {
		s.sweep.HeldOnce = s.held
	}
	if s.held == 0 || s.confirmed < s.bounds.confirm {
		return
	}
	s.sweep.OpsPerSecond = s.held
	lowest := math.Inf(1)
	for _, st := range s.sweep.Steps {
		if st.Held && st.OpsPerSecond == s.held {
			lowest = math.Min(lowest, st.EventsPerSec)
		}
	}
	s.sweep.EventsPerSecond = lowest
}
