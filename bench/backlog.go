package bench

import (
	"sync"
	"time"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/kernel"
)

// backlogEvery is the pause between two readings of the backlog: 50 a second, more than twice the 20 that a report promises.
const backlogEvery = 20 * time.Millisecond

// backlogWatch samples the kernel's main queue while a slot runs.
type backlogWatch struct {
	end  chan struct{}
	wait sync.WaitGroup
	peak uint32
	sum  uint64
	n    int
	over series
}

func watchBacklog(status func() (kernel.Status, error)) *backlogWatch {
	w := &backlogWatch{end: make(chan struct{}), over: series{step: backlogEvery}}
	begin := time.Now()
	w.wait.Go(func() {
		tick := time.NewTicker(backlogEvery)
		defer tick.Stop()
		for {
			if st, err := status(); err == nil {
				w.peak, w.sum, w.n = max(w.peak, st.Backlog), w.sum+uint64(st.Backlog), w.n+1
				w.over.add(time.Since(begin), int64(st.Backlog))
			}
			select {
			case <-w.end:
				return
			case <-tick.C:
			}
		}
	})
	return w
}

// stop ends the sampling and writes peak, mean and course into the slot.
func (w *backlogWatch) stop(s *result.Slot) {
	close(w.end)
	w.wait.Wait()
	s.BacklogPeak, s.BacklogSamples = int64(w.peak), w.n
	s.BacklogSeries = w.over.result()
	if w.n > 0 {
		s.BacklogMean = float64(w.sum) / float64(w.n)
	}
}
