package bench

import (
	"time"

	"github.com/auditprof/auditprof/bench/result"
)

// series keeps what was sampled in each step in bounded room: where a slot lasts longer than there is room for, steps are joined in pairs.
type series struct {
	step   time.Duration
	sums   bool // a step holds the sum of what fell into it, in place of the largest sample
	holds  bool // a step without a sample holds what the one before it did, in place of 0
	values []int64
}

// add takes a sample of so long after the begin; times only grow.
func (s *series) add(after time.Duration, value int64) {
	at, fresh := s.reach(after)
	if fresh {
		s.values[at] = value // what was held there was a guess
		return
	}
	s.values[at] = max(s.values[at], value)
}

// reach makes room up to a moment and tells the step that it is in, and whether it is the first time that it is reached.
func (s *series) reach(after time.Duration) (at int, fresh bool) {
	at = int(after / s.step)
	for at >= result.SeriesPoints {
		s.join()
		at = int(after / s.step)
	}
	for len(s.values) <= at {
		s.values, fresh = append(s.values, s.between()), true
	}
	return at, fresh
}

// between is what a step without a sample holds.
func (s *series) between() int64 {
	if !s.holds || len(s.values) == 0 {
		return 0
	}
	return s.values[len(s.values)-1]
}

// spread adds an amount that was used up between two moments: each step gets its part of the time, and all of them together the whole amount.
func (s *series) spread(from, to time.Duration, amount int64) {
	last, _ := s.reach(to)
	if to <= from {
		s.values[last] += amount
		return
	}
	var given int64
	for at := int(from / s.step); at <= last; at++ {
		end := min(to, time.Duration(at+1)*s.step)
		upTo := int64(float64(amount) * float64(end-from) / float64(to-from))
		if at == last {
			upTo = amount
		}
		s.values[at] += upTo - given
		given = upTo
	}
}

// join makes steps twice as long.
func (s *series) join() {
	s.step *= 2
	for i := 0; i < len(s.values); i += 2 {
		both := s.values[i]
		if i+1 < len(s.values) && s.sums {
			both += s.values[i+1]
		} else if i+1 < len(s.values) {
			both = max(both, s.values[i+1])
		}
		s.values[i/2] = both
	}
	s.values = s.values[:(len(s.values)+1)/2]
}

// result is nil where nothing was sampled.
func (s *series) result() *result.Series {
	if len(s.values) == 0 {
		return nil
	}
	return &result.Series{StepNs: s.step.Nanoseconds(), Values: s.values}
}
