package bench

import (
	"context"
	"fmt"

	"github.com/auditprof/auditprof/bench/probe"
	"github.com/auditprof/auditprof/scenarios"
)

// Probes watches a workload, auditd and kauditd from inside the kernel.
type Probes interface {
	// Calibrate is what watching adds to one system call, in ns. The error is why it cannot be told.
	Calibrate() (float64, error)
	// Start watches these processes with all that they start, until Stop. What this machine does not allow is a note of what is seen.
	Start(workload []int) (Watch, error)
}

// Watch is one watched slot.
type Watch interface {
	Stop() (*probe.Seen, error)
}

// liveProbes are those of this kernel.
type liveProbes struct {
	auditd  func() int // that runs now: another one with each auditd.conf
	kauditd []int
}

// liveProbes watch whichever auditd writes the log of the slot.
func (r *Runner) liveProbes(kauditd []int) liveProbes {
	return liveProbes{auditd: func() int { return r.Daemon.PID() }, kauditd: kauditd}
}

// Calibrate measures the probes on a thread of this program.
func (p liveProbes) Calibrate() (float64, error) {
	c, err := probe.Calibrate()
	return c.AddedNs, err
}

// Start puts the probes into the kernel.
func (p liveProbes) Start(workload []int) (Watch, error) {
	s, err := probe.Start(probe.Targets{Workload: workload, Auditd: []int{p.auditd()}, Kauditd: p.kauditd})
	if err != nil {
		return nil, fmt.Errorf("explain slot: %w", err)
	}
	return s, nil
}

// watchedWorkloads starts workloads that are watched from their order until they are closed. The slot around them is like any other, and
// closes them when its last record is in the log: auditd's work for it is seen too, and none of the workload's set-up.
type watchedWorkloads struct {
	Workloads
	probes Probes
	seen   *probe.Seen // of the workload closed last; nil where it did not run
}

// Start begins the workload; it is not watched yet.
func (w *watchedWorkloads) Start(ctx context.Context, l Launch) (Workload, error) {
	inner, err := w.Workloads.Start(ctx, l)
	if err != nil {
		return nil, err
	}
	w.seen = nil
	return &watchedWorkload{Workload: inner, of: w}, nil
}

type watchedWorkload struct {
	Workload
	of    *watchedWorkloads
	watch Watch
}

// Run watches and gives the order.
func (w *watchedWorkload) Run(ctx context.Context, ops uint64) (out scenarios.Outcome, err error) {
	if w.watch, err = w.of.probes.Start(w.PIDs()); err != nil {
		return out, err
	}
	return w.Workload.Run(ctx, ops)
}

// Close ends the watching, then the workload.
func (w *watchedWorkload) Close() error {
	if w.watch == nil {
		return w.Workload.Close()
	}
	seen, err := w.watch.Stop()
	w.watch = nil
	cerr := w.Workload.Close()
	if err != nil {
		return fmt.Errorf("read what the probes saw: %w", err)
	}
	w.of.seen = seen
	return cerr
}
