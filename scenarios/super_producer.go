package scenarios

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// superProducer is Go code because a mix is one process: here one floods the queue of records that it shares with the other.
var superProducer = scenario{
	Info: Info{
		Name:     "super-producer",
		Imitates: "A quiet service beside a process that opens files as fast as 5,000 times a second: 250 small file operations a second are timed, 20 opens of the other come with each.",
		Hurts:    "There is one backlog for all processes, so where the flood fills it the quiet one waits as well: its latency is the figure here.",
		Op:       "file operation of the quiet service",
		Session:  SessionService,
		PilotOps: 250, MaxOps: 20_000,
		Timed: true, FixedTime: true,
		OpsPerSecond: victimRate,
	},
	workload: func() Workload { return &flooded{} },
}

const (
	victimRate    = 250
	floodPerOp    = 20
	flooder       = "open-close" // the scenario that floods
	flooderName   = "flooder"    // its data directory, in the victim's
	flooderPeriod = 5 * time.Second
)

// accompanied workloads do something beside the operations of an order: Begin before the first, End behind the last, both within its time.
type accompanied interface {
	Begin(ops uint64) error
	End() error
}

// flooded is the victim: a mix of file operations, with the flooder as a process of its own. The flooder does a fixed number of operations for
// each of the victim's, at a fixed rate where it can, so that the work is the same in every arm; an order ends when both are done.
type flooded struct {
	mixWorkload
	dir   string
	cmd   *exec.Cmd
	in    io.WriteCloser
	out   *bufio.Scanner
	count *uint64
	asked uint64
}

// Setup starts the flooder and makes the victim ready.
func (f *flooded) Setup(site *Site) error {
	f.dir, f.count = filepath.Join(site.Dir, flooderName), site.Count("flood")
	if err := unix.Mkdir(f.dir, 0o700); err != nil {
		return fmt.Errorf("make directory %s: %w", f.dir, err)
	}
	if err := f.start(f.flood(site)); err != nil {
		return fmt.Errorf("start the flooder: %w", err)
	}
	f.mix = mix{files: filePool{dirs: 4, files: 50, minBytes: 512, maxBytes: 4096},
		ops: []weighted{{"stat", 2}, {"read", 1}, {"open-close", 1}}}
	return f.mixWorkload.Setup(site)
}

// flood is the flooder: as fast as it must be to last as long as its victim.
func (f *flooded) flood(site *Site) Spec {
	return Spec{Scenario: flooder, Dir: f.dir, Seed: site.Rand.Uint64(), OpsPerSecond: min(maxRate, floodPerOp*cmp.Or(site.rate, victimRate))}
}

// start executes this program again as the second stage of another workload: user and login uid are what they are.
func (f *flooded) start(spec Spec) error {
	exe, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return err
	}
	env, err := environment(spec)
	if err != nil {
		return err
	}
	f.cmd = &exec.Cmd{Path: exe, Args: []string{flooderName, Word, spec.Scenario, stage2Word}, Env: env, Dir: spec.Dir}
	runtime.LockOSThread() // for good: the signal comes when the thread ends that forked
	f.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if f.in, err = f.cmd.StdinPipe(); err != nil {
		f.cmd = nil
		return err
	}
	out, err := f.cmd.StdoutPipe()
	if err != nil {
		f.cmd = nil
		return err
	}
	if err := f.cmd.Start(); err != nil {
		f.cmd = nil
		return err
	}
	f.out = bufio.NewScanner(out)
	f.out.Buffer(nil, maxLineBytes)
	r, err := f.reply()
	if err == nil && r.Ready == nil {
		err = errors.New("it answered before it was ready")
	}
	return err
}

func (f *flooded) reply() (Reply, error) {
	if !f.out.Scan() {
		return Reply{}, errors.Join(errors.New("the flooder ended without a word"), f.out.Err())
	}
	r, err := ParseReply(f.out.Bytes())
	if err == nil && r.Failure != nil {
		err = errors.New(r.Failure.Error)
	}
	return r, err
}

// Begin lets the flooder begin.
func (f *flooded) Begin(ops uint64) error {
	f.asked = floodPerOp * ops
	_, err := io.WriteString(f.in, Order(f.asked))
	return err
}

// End waits until the flooder is done.
func (f *flooded) End() error {
	r, err := f.reply()
	if err == nil && (r.Outcome == nil || r.Outcome.Ops != f.asked) {
		err = errors.New("the flooder answered something else than the outcome of its order")
	}
	if err != nil {
		return fmt.Errorf("flooder: %w", err)
	}
	*f.count += f.asked
	return nil
}

// Servers is the flooder: its CPU counts with the victim's.
func (f *flooded) Servers() []int { return []int{f.cmd.Process.Pid} }

// Teardown ends the flooder by the end of its input, after a while by force.
func (f *flooded) Teardown() error {
	if f.cmd == nil {
		return f.mixWorkload.Teardown()
	}
	f.in.Close()
	force := time.AfterFunc(flooderPeriod, func() { f.cmd.Process.Kill() })
	defer force.Stop()
	for f.out.Scan() { // to its end
	}
	err := f.cmd.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = nil // what it had to say it said before
	}
	return errors.Join(err, f.mixWorkload.Teardown())
}
