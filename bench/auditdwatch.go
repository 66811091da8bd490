package bench

import (
	"time"

	"github.com/auditprof/auditprof/bench/result"
)

// auditdWatch keeps auditd's CPU and memory over a slot.
type auditdWatch struct {
	gauge  Gauge
	at     time.Duration // of the last sample
	used   int64         // CPU by then, in ns; -1 before the first sample
	cpu    series
	memory series
}

func newAuditdWatch(gauge Gauge) auditdWatch {
	return auditdWatch{gauge: gauge, used: -1, cpu: series{step: backlogEvery, sums: true}, memory: series{step: backlogEvery, holds: true}}
}

// sample reads the gauge; an auditd that cannot be read has no sample. That it has ended is found elsewhere.
func (w *auditdWatch) sample(after time.Duration) {
	used, resident, err := w.gauge.Read()
	if err != nil {
		return
	}
	if w.used >= 0 && used >= w.used {
		w.cpu.spread(w.at, after, used-w.used)
	}
	w.at, w.used = after, used
	w.memory.add(after, resident)
}

// stop writes both courses into the slot.
func (w *auditdWatch) stop(s *result.Slot) {
	_ = w.gauge.Close() // it was only read
	s.AuditdCPUNsSeries, s.AuditdRSSBytesSeries = w.cpu.result(), w.memory.result()
}
