package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/bench/sample"
	"github.com/auditprof/auditprof/scenarios"
)

// slotSpec is what a slot runs: an arm that is loaded already, a scenario, an amount of work.
type slotSpec struct {
	kind     string
	round    int
	place    int
	arm      int
	scenario int
	ops      uint64
	marked   bool // the workload carries the personality bit
	excluded string
	rate     float64 // operations per second in open loop, 0 for the scenario's own pace
	// mayReject: where a rule turns it away it is run again.
	mayReject bool
}

// region is a piece of the log between two marks.
type region struct {
	from, to   int64
	begin, end string // the marks
	// Serials of the marks' records, 0 where a mark was dropped.
	firstSerial, lastSerial uint64
	pids                    []int // of the workload
}

// slot runs one workload and measures it. The error is of the run; what is wrong with the slot alone stands in the slot.
func (r *Runner) slot(ctx context.Context, sp slotSpec) (result.Slot, region, error) {
	a, sc := &r.Plan.Arms[sp.arm], r.Plan.Scenarios[sp.scenario]
	s := result.Slot{Kind: sp.kind, Round: sp.round, Place: sp.place, Scenario: sc.Name, Arm: a.Info.Name,
		Excluded: sp.excluded, Started: r.now().UTC(), Rate: sp.rate, Ops: sp.ops}
	r.beat()
	s.CalibrationNs = r.loop()
	if err := r.emptyLog(); err != nil {
		return s, region{}, err
	}
	w, err := r.Workloads.Start(ctx, Launch{Scenario: sc, Arm: a.Info.Name, NoContext: a.Info.Kind == result.ArmNoAudit, OpsPerSecond: sp.rate, Seed: r.Plan.Seed, Marked: sp.marked || a.Info.Kind == result.ArmNoAudit, Plant: a.Plant})
	if err != nil {
		return s, region{}, fmt.Errorf("scenario %s: %w", sc.Name, err)
	}
	defer w.Close()
	reg := region{begin: r.mark("begin"), end: r.mark("end"), pids: w.PIDs()}
	mayDrop := func() bool { return a.MayDropMarks }
	m, err := r.begin(ctx, &reg, mayDrop)
	if err != nil {
		return r.failed(ctx, s, reg, err)
	}
	runErr := r.work(ctx, w, &s)
	err = r.finish(ctx, &s, m, &reg, func() bool { return a.MayDropMarks || m.lost() > 0 })
	if err != nil {
		return r.failed(ctx, s, reg, err)
	}
	if runErr != nil {
		return r.failed(ctx, s, reg, runErr)
	}
	t, err := tallyLog(r.tail.section(reg.from, reg.to), reg, droppedTypes(a.Rules, sp.excluded))
	if err != nil {
		return s, reg, err
	}
	t.into(&s)
	s.Valid = true
	r.cutLog(&s)
	r.turnAway(&s, sp)
	return s, reg, r.keep(s)
}

// begin waits until what the workload's own start recorded is written, reads the counters, and marks the log. In this order: the reading
// opens files, which is recorded too, and stands before the mark with the rest of what is not the slot's.
func (r *Runner) begin(ctx context.Context, reg *region, mayDrop func() bool) (*meter, error) {
	if _, err := r.drain(ctx, r.tail, r.mark("ready"), mayDrop); err != nil {
		return nil, err
	}
	m, err := r.startMeter()
	if err != nil {
		return nil, err
	}
	first, err := r.drain(ctx, r.tail, reg.begin, mayDrop)
	if err != nil {
		m.watch.stop(&result.Slot{})
		return nil, err
	}
	reg.from, reg.firstSerial = first.Start, first.Serial
	return m, nil
}

// work lets the workload run, within the limit of a slot.
func (r *Runner) work(ctx context.Context, w Workload, s *result.Slot) error {
	limited, cancel := context.WithTimeout(ctx, r.Plan.slotLimit())
	defer cancel()
	out, err := w.Run(limited, s.Ops)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		s.Ended, s.WallNs = true, r.Plan.slotLimit().Nanoseconds()
		return nil
	}
	if err != nil {
		return fmt.Errorf("scenario %s: %w", s.Scenario, err)
	}
	fromOutcome(s, out)
	if u, ok := w.(metered); ok {
		s.UnitMetric = u.Metric()
	}
	return nil
}

// finish waits for the slot's last record and reads the counters behind it.
func (r *Runner) finish(ctx context.Context, s *result.Slot, m *meter, reg *region, mayDrop func() bool) error {
	end, err := r.drain(ctx, r.tail, reg.end, mayDrop)
	merr := m.stop(s)
	if err != nil {
		return err
	}
	if merr != nil {
		return merr
	}
	s.DrainNs, s.EndedBy, reg.lastSerial = end.Ns, end.By, end.Serial
	to, err := r.settle(ctx, r.tail)
	reg.to = r.tail.wholeLines(to) // under a set that records everything the log never rests: auditd may be in the middle of a line
	return err
}

// failed keeps a slot that does not count, and passes on what ends the run.
func (r *Runner) failed(ctx context.Context, s result.Slot, reg region, err error) (result.Slot, region, error) {
	s.Valid, s.Why = false, err.Error()
	if kerr := r.keep(s); kerr != nil {
		return s, reg, kerr
	}
	if ctx.Err() != nil {
		return s, reg, ctx.Err()
	}
	if errors.Is(err, ErrDaemon) {
		return s, reg, err
	}
	if dead := r.alive(); dead != nil {
		return s, reg, dead
	}
	if errors.Is(err, errNotDrained) || errors.Is(err, errLogCut) {
		return s, reg, nil
	}
	return s, reg, err
}

func (r *Runner) keep(s result.Slot) error {
	r.slots = append(r.slots, s)
	return r.Recorder.Slot(s)
}

// emptyLog throws away the log of the slot before, or lets the reader begin behind it in a log that is not ours to empty.
func (r *Runner) emptyLog() error {
	if err := r.Daemon.Truncate(); err != nil {
		return fmt.Errorf("begin a log: %w", err)
	}
	return r.tail.rewind()
}

// meter samples one slot.
type meter struct {
	r      *Runner
	before Counters
	status statusMark
	watch  *slotWatch
	began  time.Time
}

// statusMark is what of the kernel's status is cumulative.
type statusMark struct {
	lost, waitJiffies uint32
}

func (r *Runner) startMeter() (*meter, error) {
	if err := r.Sampler.Begin(); err != nil {
		return nil, err
	}
	before, err := r.Sampler.Read()
	if err != nil {
		return nil, err
	}
	st, err := r.Status()
	if err != nil {
		return nil, err
	}
	gauge, err := r.Sampler.Gauge()
	if err != nil {
		return nil, err
	}
	m := &meter{r: r, before: before, status: statusMark{st.Lost, st.BacklogWaitTimeActual}, began: r.now()}
	m.watch = watchSlot(r.Status, gauge)
	return m, nil
}

// lost is the number of records lost so far in the slot.
func (m *meter) lost() uint32 {
	st, err := m.r.Status()
	if err != nil {
		return 0
	}
	return st.Lost - m.status.lost
}

// stop ends the sampling and writes what was measured into the slot.
func (m *meter) stop(s *result.Slot) error {
	m.watch.stop(s)
	after, err := m.r.Sampler.Read()
	if err != nil {
		return err
	}
	st, err := m.r.Status()
	if err != nil {
		return err
	}
	b := m.before
	s.AuditdCPUNs, s.KauditdCPUNs = after.AuditdCPUNs-b.AuditdCPUNs, after.KauditdCPUNs-b.KauditdCPUNs
	s.ReadersCPUNs, s.HarnessCPUNs = after.ReadersCPUNs-b.ReadersCPUNs, after.HarnessCPUNs-b.HarnessCPUNs
	s.WriteCalls, s.AuditdRSSPeakBytes = after.WriteCalls-b.WriteCalls, after.RSSPeakBytes
	s.PressureCPU = after.PressureCPU
	if took := m.r.now().Sub(m.began).Seconds(); took > 0 {
		s.StalledShare = (after.StalledSec - b.StalledSec) / took
	}
	s.StealShare = sample.StealShare(sample.CPUTimes{TotalSec: b.CPUTotalSec, StealSec: b.CPUStealSec},
		sample.CPUTimes{TotalSec: after.CPUTotalSec, StealSec: after.CPUStealSec})
	s.Lost = int64(st.Lost - m.status.lost)
	s.BacklogWaitNs = int64(st.BacklogWaitTimeActual-m.status.waitJiffies) * int64(time.Second) / int64(m.r.Plan.HZ)
	return nil
}

// fromOutcome writes what the workload measured of itself into the slot.
func fromOutcome(s *result.Slot, o scenarios.Outcome) {
	s.OpsDone, s.WallNs, s.WorkloadCPUNs = o.Ops, o.WallNs, o.CPUNs
	s.LatencyP50Ns, s.LatencyP90Ns, s.LatencyP99Ns, s.LatencyMaxNs = o.LatencyP50Ns, o.LatencyP90Ns, o.LatencyP99Ns, o.LatencyMaxNs
	s.LatencyCount, s.Stalls10ms, s.Latency = o.LatencyCount, o.Stalls10ms, o.Latency
}
