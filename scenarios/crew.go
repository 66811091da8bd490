package scenarios

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"golang.org/x/sys/unix"
)

// maxWorkers is the most processes that do one scenario together.
const maxWorkers = 64

// Part is the share of one worker: of operations 0, 1, 2, … it does those whose number is Index modulo Of.
type Part struct {
	Index int `json:"index"`
	Of    int `json:"of"`
}

// count is how many of ops operations are the worker's: those of all workers add up to ops.
func (p Part) count(ops uint64) uint64 {
	n := ops / uint64(p.Of)
	if uint64(p.Index) < ops%uint64(p.Of) {
		n++
	}
	return n
}

func (p Part) check() error {
	if p.Of < 1 || p.Of > maxWorkers || p.Index < 0 || p.Index >= p.Of {
		return fmt.Errorf("part %d of %d: there are 1 to %d workers, counted from 0", p.Index, p.Of, maxWorkers)
	}
	return nil
}

// crew does a scenario with several workers at once. Each is a process as the one of a single worker is, with a folder of its own; this one only
// hands orders on and adds up the outcomes.
type crew struct {
	spec    Spec
	members []*member
}

// memberDir is the folder of worker i below the work directory.
func memberDir(i int) string { return fmt.Sprintf("%02d", i) }

// Setup starts all workers, which set up at the same time.
func (c *crew) Setup(site *Site) error {
	runtime.LockOSThread() // for good: a worker gets its signal when the thread ends that forked it
	for i := range cap(c.members) {
		spec := c.spec
		spec.Dir = filepath.Join(site.Dir, memberDir(i))
		spec.Seed, spec.KeepWork = site.Rand.Uint64(), false
		spec.Part = &Part{i, cap(c.members)}
		if err := unix.Mkdir(spec.Dir, 0o700); err != nil {
			return fmt.Errorf("make directory %s: %w", spec.Dir, err)
		}
		m, err := startMember(spec)
		if err != nil {
			return fmt.Errorf("start worker %d: %w", i+1, err)
		}
		c.members = append(c.members, m)
	}
	for i, m := range c.members {
		r, err := m.reply()
		if err == nil && r.Ready == nil {
			err = errors.New("it answered before it was ready")
		}
		if err != nil {
			return fmt.Errorf("worker %d: %w", i+1, err)
		}
	}
	return nil
}

// newCrew is the workload of a scenario with several workers, as the spec says.
func newCrew(workers int, spec Spec) *crew {
	return &crew{spec: spec, members: make([]*member, 0, workers)}
}

// run has the workers do ops operations together. The time is from the first to begin to the last to end.
func (c *crew) run(ops uint64) (Outcome, error) {
	var asked []*member
	for i, m := range c.members {
		if share := (Part{i, len(c.members)}).count(ops); share > 0 {
			m.order(share)
			asked = append(asked, m)
		}
	}
	sum := newSum()
	for i, m := range asked {
		o, err := m.outcome()
		if err == nil {
			err = sum.add(o)
		}
		if err != nil {
			return Outcome{}, fmt.Errorf("worker %d: %w", i+1, err)
		}
	}
	return sum.outcome()
}

// Do is never called: run does all operations.
func (c *crew) Do() error { return errors.New("a crew has no single operation") }

// Servers are the workers: their events are the workload's.
func (c *crew) Servers() (pids []int) {
	for _, m := range c.members {
		pids = append(pids, m.cmd.Process.Pid)
	}
	return pids
}

// stop lets the workers end, also in the middle of an order.
func (c *crew) stop() {
	for _, m := range c.members {
		m.in.Close()
	}
}

// Teardown ends the workers by the end of their input, after a while by force.
func (c *crew) Teardown() error {
	c.stop()
	var err error
	for _, m := range c.members {
		err = errors.Join(err, m.end())
	}
	return err
}

// ownProgram is the path of the program that runs.
func ownProgram() (string, error) { return os.Readlink("/proc/self/exe") }
