package scenarios

import (
	"errors"
	"fmt"
	"maps"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// Together is the outcome of processes that did their shares of one order at the same time: counts, CPU and latencies are added up, the time
// is from the first to begin to the last to end.
func Together(outcomes []Outcome) (Outcome, error) {
	all := newSum()
	for _, o := range outcomes {
		if err := all.add(o); err != nil {
			return Outcome{}, err
		}
	}
	total, err := all.outcome()
	if err == nil && !total.possible() {
		err = errors.New("times that cannot be: those who worked at the same time began and ended at others")
	}
	return total, err
}

// sum adds up the outcomes of workers that were at it at the same time.
type sum struct {
	total  Outcome
	endNs  int64 // of the last, by the clock of Outcome.BeganNs
	merged *latency
}

func newSum() *sum { return &sum{total: Outcome{Expected: map[string]uint64{}}} }

// add takes one worker's outcome.
func (s *sum) add(o Outcome) error {
	t := &s.total
	if t.Ops == 0 || o.BeganNs < t.BeganNs {
		t.BeganNs = o.BeganNs
	}
	s.endNs = max(s.endNs, o.BeganNs+o.WallNs)
	t.Ops += o.Ops
	t.CPUNs += o.CPUNs
	for kind, n := range o.Expected {
		t.Expected[kind] += n
	}
	if o.Trouble != nil {
		if t.Trouble == nil {
			t.Trouble = map[string]string{}
		}
		maps.Copy(t.Trouble, o.Trouble)
	}
	return s.addLatency(o)
}

func (s *sum) addLatency(o Outcome) error {
	if o.Latency == "" {
		return nil
	}
	h, err := hdrhistogram.Decode([]byte(o.Latency))
	if err != nil {
		return fmt.Errorf("its latency histogram: %w", err)
	}
	if s.merged == nil {
		s.merged = newLatency()
	}
	s.merged.histogram.Merge(h)
	s.merged.maxNs = max(s.merged.maxNs, o.LatencyMaxNs)
	s.merged.stalls += o.Stalls10ms
	return nil
}

// outcome is that of all workers together.
func (s *sum) outcome() (Outcome, error) {
	s.total.WallNs = s.endNs - s.total.BeganNs
	return s.total, s.merged.fill(&s.total)
}
