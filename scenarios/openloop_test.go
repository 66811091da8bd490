package scenarios

import (
	"sync/atomic"
	"testing"
	"time"
)

// stalling takes 80 ms for its third operation and nothing for the others.
type stalling struct{ n int }

func (s *stalling) Setup(*Site) error { return nil }
func (s *stalling) Teardown() error   { return nil }
func (s *stalling) Do() error {
	if s.n++; s.n == 3 {
		time.Sleep(80 * time.Millisecond)
	}
	return nil
}

// TestStallIsEverybodysLatency: at 1,000 a second a stall of 80 ms is the latency of the eighty operations that were due meanwhile, each counted from
// when it was due. Counted from when they could begin it would be the latency of one.
func TestStallIsEverybodysLatency(t *testing.T) {
	r := runner{info: Info{Timed: true}, work: &stalling{}, site: newSite("", Spec{}), pacer: ConstantRate{OpsPerSecond: 1000}, stop: new(atomic.Bool)}
	o, err := r.run(100)
	must(t, err)
	if o.LatencyCount != 100 || o.Stalls10ms < 65 || o.LatencyMaxNs < 79e6 || o.LatencyP50Ns < 20e6 {
		t.Errorf("open loop: %d of %d over 10 ms, median %d, max %d", o.Stalls10ms, o.LatencyCount, o.LatencyP50Ns, o.LatencyMaxNs)
	}
	r = runner{info: Info{Timed: true}, work: &stalling{}, site: newSite("", Spec{}), pacer: ClosedLoop{}, stop: new(atomic.Bool)}
	o, err = r.run(100)
	must(t, err)
	if o.LatencyCount != 100 || o.LatencyMaxNs < 79e6 || o.LatencyP50Ns > 10e6 {
		t.Errorf("closed loop: %d stalls, median %d, max %d", o.Stalls10ms, o.LatencyP50Ns, o.LatencyMaxNs)
	}
}
