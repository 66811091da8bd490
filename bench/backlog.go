package bench

import (
	"sync"
	"time"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/kernel"
)

// backlogEvery is the pause between two readings of the backlog: 50 a second, more than twice the 20 that a report promises.
const backlogEvery = 20 * time.Millisecond

// slotWatch samples the kernel's main queue while a slot runs, and at the same moments auditd's CPU and memory.
type slotWatch struct {
	end    chan struct{}
	wait   sync.WaitGroup
	began  time.Time
	status func() (kernel.Status, error)
	peak   uint32
	sum    uint64
	n      int
	over   series
	auditd auditdWatch
}

// watchSlot begins at once; stop closes the gauge.
func watchSlot(status func() (kernel.Status, error), gauge Gauge) *slotWatch {
	w := &slotWatch{end: make(chan struct{}), began: time.Now(), status: status, over: series{step: backlogEvery}, auditd: newAuditdWatch(gauge)}
	w.wait.Go(func() {
		tick := time.NewTicker(backlogEvery)
		defer tick.Stop()
		for {
			w.sample()
			select {
			case <-w.end:
				w.auditd.sample(time.Since(w.began)) // what it used since the last tick is the slot's too
				return
			case <-tick.C:
			}
		}
	})
	return w
}

func (w *slotWatch) sample() {
	if st, err := w.status(); err == nil {
		w.peak, w.sum, w.n = max(w.peak, st.Backlog), w.sum+uint64(st.Backlog), w.n+1
		w.over.add(time.Since(w.began), int64(st.Backlog))
	}
	w.auditd.sample(time.Since(w.began))
}

// stop ends the sampling and writes peak, mean and course into the slot.
func (w *slotWatch) stop(s *result.Slot) {
	close(w.end)
	w.wait.Wait()
	s.BacklogPeak, s.BacklogSamples = int64(w.peak), w.n
	s.BacklogSeries = w.over.result()
	if w.n > 0 {
		s.BacklogMean = float64(w.sum) / float64(w.n)
	}
	w.auditd.stop(s)
}
