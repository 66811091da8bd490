package bench

import (
	"time"

	"github.com/auditprof/auditprof/bench/result"
)

// series keeps the largest sample of each step in bounded room: where a slot lasts longer than there is room for, steps are joined in pairs.
type series struct {
	step   time.Duration
	values []int64
}

// add takes a sample of so long after the begin; times only grow.
func (s *series) add(after time.Duration, value int64) {
	at := int(after / s.step)
	for at >= result.SeriesPoints {
		s.join()
		at = int(after / s.step)
	}
	for len(s.values) <= at {
		s.values = append(s.values, 0)
	}
	s.values[at] = max(s.values[at], value)
}

// join makes steps twice as long.
func (s *series) join() {
	s.step *= 2
	for i := 0; i < len(s.values); i += 2 {
		s.values[i/2] = s.values[i]
		if i+1 < len(s.values) {
			s.values[i/2] = max(s.values[i], s.values[i+1])
		}
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
