package bench

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"
)

// A half of a pair is some short batches of each scenario, after one that is thrown away. Of many short batches the fastest was disturbed least.
const (
	ablationBatch   = 2 * time.Millisecond
	ablationBatches = 12 // at most: as many as fit ablationHalf
	ablationHalf    = 25 * time.Millisecond
	// sizingShare of a slot's operations tell how long a batch takes, and some batches of that size tell it better.
	sizingShare   = 500
	sizingBatches = 5
)

// batchSize is the work of one half of a pair on one scenario.
type batchSize struct {
	ops     uint64
	batches int
}

// timeBatches is nanoseconds per operation of each scenario under what is loaded.
func (r *Runner) timeBatches(ctx context.Context, works map[int]Workload) (map[int]float64, error) {
	ns := map[int]float64{}
	for _, j := range r.ablatable() {
		r.beat()
		size, err := r.batchSize(ctx, works[j], j)
		if err == nil {
			ns[j], err = r.fastestBatch(ctx, works[j], size)
		}
		if err != nil {
			return nil, fmt.Errorf("scenario %s: %w", r.Plan.Scenarios[j].Name, err)
		}
	}
	return ns, nil
}

// batchSize is decided once for each scenario: what is compared has done the same work.
func (r *Runner) batchSize(ctx context.Context, w Workload, scenario int) (batchSize, error) {
	if size, ok := r.ablation.sizes[scenario]; ok {
		return size, nil
	}
	ops, each := max(1, r.ops[scenario]/sizingShare), math.Inf(1)
	for range sizingBatches {
		ns, err := r.batch(ctx, w, ops)
		if err != nil {
			return batchSize{}, err
		}
		each = min(each, max(ns, 1))
		ops = uint64(min(float64(r.Plan.Scenarios[scenario].MaxOps), max(1, float64(ablationBatch)/each)))
	}
	size := batchSize{ops: ops, batches: int(min(ablationBatches, max(1, float64(ablationHalf)/(float64(ops)*each))))}
	r.ablation.sizes[scenario] = size
	return size, nil
}

func (r *Runner) fastestBatch(ctx context.Context, w Workload, size batchSize) (float64, error) {
	var all []float64
	for n := range size.batches + 1 {
		ns, err := r.batch(ctx, w, size.ops)
		if err != nil {
			return 0, err
		}
		if n > 0 {
			all = append(all, ns)
		}
	}
	return slices.Min(all), nil
}

// errStalled: a batch of milliseconds was not done in the time of a slot. Its process is gone.
var errStalled = errors.New("a batch did not end")

// batch is nanoseconds per operation by the workload's own clock, from its first to its last: the CPU of its process and of its cgroup has in it
// what the runtime does behind an order, and that is as much as a batch. A workload that is alone on its processor, as the fastest batch was,
// takes as much time as CPU.
func (r *Runner) batch(ctx context.Context, w Workload, ops uint64) (float64, error) {
	limited, cancel := context.WithTimeout(ctx, r.Plan.slotLimit())
	defer cancel()
	out, err := w.Run(limited, ops)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return 0, errStalled
	}
	return float64(out.WallNs) / float64(ops), err
}
