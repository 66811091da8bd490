package scenarios

import (
	"errors"
	"fmt"
	"sync/atomic"
)

var errStopped = errors.New("stopped by the end of file on stdin")

// runner executes orders for one workload.
type runner struct {
	info  Info
	work  Workload
	site  *Site
	pacer Pacer
	plant Plant
	stop  *atomic.Bool
	// watched are the servers of the workload, nil where it has none.
	watched *serverTimes
}

// run does ops operations and measures the time from before the first to after the last.
func (r *runner) run(ops uint64) (Outcome, error) {
	if c, ok := r.work.(*crew); ok {
		out, err := c.run(ops)
		if err != nil && r.stop.Load() {
			err = errStopped
		}
		return out, err
	}
	var lat *latency
	if r.info.Timed {
		lat = newLatency()
	}
	before := r.site.counts()
	cpu, err := r.cpuNs()
	if err != nil {
		return Outcome{}, err
	}
	clk, err := startClock()
	if err != nil {
		return Outcome{}, err
	}
	if err := r.order(ops, clk, lat); err != nil {
		return Outcome{}, err
	}
	if err := r.makePlanted(cpu, clk); err != nil {
		return Outcome{}, err
	}
	wall := clk.now()
	cpuAfter, err := r.cpuNs()
	if err != nil {
		return Outcome{}, err
	}
	out := Outcome{Ops: ops, WallNs: wall, BeganNs: clk.monotonicNs, CPUNs: cpuAfter - cpu, Expected: r.site.since(before), Trouble: r.site.trouble}
	return out, lat.fill(&out)
}

// ended is called when the orders have ended: workers hear of it only from here.
func (r *runner) ended() {
	if c, ok := r.work.(*crew); ok {
		c.stop()
	}
}

// makePlanted makes what is planted, nothing where nothing is. cpu is the CPU time before the operations.
func (r *runner) makePlanted(cpu int64, clk clock) error {
	if r.plant == (Plant{}) {
		return nil
	}
	now, err := r.cpuNs()
	if err != nil {
		return err
	}
	return r.plant.slow(now-cpu, clk)
}

// servers are the processes whose children work for the workload.
func (r *runner) servers() []int {
	if s, ok := r.work.(serving); ok {
		return s.Servers()
	}
	return nil
}

// cpuNs is the CPU so far of this process, the children it waited for, and its servers with theirs.
func (r *runner) cpuNs() (int64, error) {
	own, err := cpuNs()
	if err != nil {
		return 0, err
	}
	if r.watched == nil {
		return own, nil
	}
	servers, err := r.watched.cpuNs()
	return own + servers, err
}

// order does the operations, with what a workload does beside them.
func (r *runner) order(ops uint64, clk clock, lat *latency) error {
	beside, ok := r.work.(accompanied)
	if !ok {
		return r.operations(ops, clk, lat)
	}
	if err := beside.Begin(ops); err != nil {
		return err
	}
	if err := r.operations(ops, clk, lat); err != nil {
		return err
	}
	return beside.End()
}

func (r *runner) operations(ops uint64, clk clock, lat *latency) error {
	if b, ok := r.work.(batching); ok {
		return b.DoMany(ops)
	}
	for i := range ops {
		if r.stop.Load() {
			return errStopped
		}
		start, scheduled := r.pacer.Due(i)
		if scheduled {
			if err := clk.sleepUntil(start); err != nil {
				return err
			}
		} else if lat != nil {
			start = clk.now()
		}
		if err := r.work.Do(); err != nil {
			return fmt.Errorf("operation %d of %d: %w", i+1, ops, err)
		}
		if lat != nil {
			lat.record(clk.now() - start)
		}
	}
	return nil
}
