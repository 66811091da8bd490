package bench

import (
	"context"
	"time"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/bench/sample"
	"github.com/auditprof/auditprof/bench/stat"
)

// How long the machine is listened to before the run, and how long the loop takes that tells whether something else runs on it.
const (
	probeTime      = 3 * time.Second
	probeTimeQuick = 300 * time.Millisecond
	loopTime       = 20 * time.Millisecond
)

// steadyLoop is a fixed piece of arithmetic, no memory and no system calls: whatever makes it take longer is not its own.
type steadyLoop struct{ turns int }

// newSteadyLoop makes a loop that takes loopTime on this machine when nothing disturbs it.
func newSteadyLoop() steadyLoop {
	const turns = 200_000
	best := time.Hour
	for range 20 {
		best = min(best, steadyLoop{turns}.run())
	}
	return steadyLoop{int(turns * loopTime / max(best, time.Microsecond))}
}

// run does the work and tells how long it took.
func (l steadyLoop) run() time.Duration {
	began := time.Now()
	x := uint64(began.UnixNano())
	for range l.turns {
		x = x*6364136223846793005 + 1442695040888963407
	}
	looped = x
	return time.Since(began)
}

// looped keeps the compiler from leaving the loop out.
var looped uint64

// listen learns before anything is measured how quiet the machine is: what the rounds can find depends on it.
func (r *Runner) listen(ctx context.Context) error {
	if r.Loop == nil {
		return nil
	}
	r.step("noise probe")
	goal := probeTime
	if r.Plan.Quick {
		goal = probeTimeQuick
	}
	before, err := r.Sampler.Read()
	if err != nil {
		return err
	}
	var ns []float64
	for began := r.now(); len(ns) == 0 || r.now().Sub(began) < goal; {
		if err := ctx.Err(); err != nil {
			return err
		}
		ns = append(ns, float64(r.loop()))
		r.beat()
	}
	after, err := r.Sampler.Read()
	if err != nil {
		return err
	}
	r.noise = result.Noise{LoopNs: stat.Median(ns), Variation: stat.Spread(ns), Pressure: after.PressureCPU,
		Steal: sample.StealShare(sample.CPUTimes{TotalSec: before.CPUTotalSec, StealSec: before.CPUStealSec},
			sample.CPUTimes{TotalSec: after.CPUTotalSec, StealSec: after.CPUStealSec})}
	return nil
}

// loop runs the steady loop and remembers its time; 0 where there is none.
func (r *Runner) loop() int64 {
	if r.Loop == nil {
		return 0
	}
	ns := r.Loop().Nanoseconds()
	r.loops = append(r.loops, float64(ns))
	return ns
}
