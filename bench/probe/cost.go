package probe

import (
	"fmt"
	"runtime"
	"slices"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Cost is what the probes add to one system call of a watched thread.
type Cost struct {
	// BareNs and ProbedNs are a getppid without and with the probes, AddedNs the difference: also the slower path that a kernel takes into every
	// system call once a tracepoint is there to be reached. All in ns.
	BareNs, ProbedNs, AddedNs float64
	// SeenNs is how long the probes say that the call takes: part of them lies in their own window.
	SeenNs float64
}

// The calls of a calibration: so short batches that most of them meet no interrupt, so many that the quickest quarter is a fair number.
const (
	batchCalls = 64
	batchCount = 400
)

// Calibrate measures the probes on a thread of its own. It is also their proof: the error is that they cannot be used here, or did not
// count exactly the calls that were made.
func Calibrate() (Cost, error) {
	type answer struct {
		cost Cost
		err  error
	}
	done := make(chan answer)
	go func() {
		runtime.LockOSThread() // and never let go: the thread ends with the goroutine
		c, err := calibrateThread()
		done <- answer{c, err}
	}()
	a := <-done
	return a.cost, a.err
}

func calibrateThread() (Cost, error) {
	before := quickBatch()
	l, spec, err := loadMaps()
	if err != nil {
		return Cost{}, err
	}
	defer l.close()
	for _, level := range []string{Syscalls, Scheduler} {
		if err := l.attach(spec, level); err != nil {
			return Cost{}, fmt.Errorf("no %s: %s", level, firstLine(err))
		}
	}
	if err := l.maps.Maps[watchMapThreads].Put(uint32(unix.Gettid()), watchThread{Kind: workload}); err != nil {
		return Cost{}, fmt.Errorf("watch the calibration's own thread: %w", err)
	}
	probed := quickBatch()
	if err := l.detach(); err != nil {
		return Cost{}, err
	}
	calls, err := readCalls(l.maps.Maps[watchMapAllCalls])
	if err != nil {
		return Cost{}, err
	}
	c := calls[syscall.SYS_GETPPID]
	if c.Count != batchCalls*batchCount {
		return Cost{}, fmt.Errorf("the probes counted %d of %d calls of thread %d: they see other thread numbers in a PID namespace", c.Count,
			batchCalls*batchCount, unix.Gettid())
	}
	bare := min(before, quickBatch())
	return Cost{BareNs: bare, ProbedNs: probed, AddedNs: probed - bare, SeenNs: c.Steps.Quantile(0.25)}, nil
}

// quickBatch is the time of one getppid in ns, of the batch that a quarter of the batches was quicker than.
func quickBatch() float64 {
	batches := make([]float64, batchCount)
	for i := range batches {
		began := time.Now()
		for range batchCalls {
			syscall.RawSyscall(syscall.SYS_GETPPID, 0, 0, 0)
		}
		batches[i] = float64(time.Since(began)) / batchCalls
	}
	slices.Sort(batches)
	return batches[batchCount/4]
}
