package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/kernel"
)

// Runner carries a Plan out. Its parts are the live machine, or fakes that prove the order of the steps.
type Runner struct {
	Plan      Plan
	Kernel    Kernel
	Daemon    Daemon
	Workloads Workloads
	Sampler   Sampler
	// Status reads the kernel's status for the backlog samples; a socket of its own, since a shared one would wait behind Apply.
	Status func() (kernel.Status, error)
	// Auditds starts the auditd of that name in place of the one that runs; nil where one writes the logs of all arms.
	Auditds    func(name string) (Daemon, error)
	Attributor Attributor
	Recorder   Recorder
	Observer   Observer
	// Logs keeps the log of a slot for each arm with rules and scenario; nil: none is kept.
	Logs LogKeeper
	// Preflight refuses a run whose log would set off an action of auditd; nil where the log is private.
	Preflight func(expectedBytes int64) error
	// Unit is the user's own service, measured in place of Workloads' scenarios; nil: none.
	Unit *unit
	// Beat tells the watchdog that the run makes progress.
	Beat func()
	// Loop is a fixed piece of work that tells how long it took; with it the machine is listened to, and disturbed slots are turned away.
	Loop func() time.Duration
	// HarnessPIDs are auditprof's own processes, for the books.
	HarnessPIDs []int
	// Base is the run as far as it is known before the first slot: environment, arms, warnings.
	Base result.Run

	// Loops starts the process of the calibration; nil: rules get no prices.
	Loops func(context.Context) (Loops, error)

	// Probes watches the explain slots; nil: there are none.
	Probes Probes

	// Room is what the disk of the log has left, in bytes; nil: the log is asked.
	Room func() (int64, error)

	// Now and Sleep are the clock; tests bring their own.
	Now   func() time.Time
	Sleep func(context.Context, time.Duration) error

	auditd string // name of the one that runs
	tail   *logTail
	slots  []result.Slot
	ops    []uint64 // per scenario
	attr   []result.Attribution
	books  []result.Books
	kept   []result.Log
	swept  []result.Sweep
	birds  []result.Canary
	proof  string

	pricing  pricing // of single rules
	ablation ablation

	explained explainer // slots under probes

	warn  []result.Warning
	marks int
	// How quiet the machine was, what the loop took each time so far, what was laid down before the rounds, and the slots that were run again.
	noise   result.Noise
	loops   []float64
	planned *result.Protocol
	retried int
	done    int // steps of progress
	total   int
	round   int // finished rounds
}

// ErrDaemon: auditd died or was stopped in mid-run. What was measured before stands.
var ErrDaemon = errors.New("auditd did not live through the run")

// Run does the whole plan. The run it returns is never nil: with an error it holds what was measured until then, which the Recorder has too.
func (r *Runner) Run(ctx context.Context) (*result.Run, error) {
	err := r.run(ctx)
	run := r.summary()
	switch {
	case err == nil:
		run.Ended = "complete"
	case ctx.Err() != nil:
		run.Ended = "interrupted"
	default:
		run.Ended = err.Error()
	}
	run.Finished = r.now().UTC()
	err = errors.Join(err, believable(run))
	return run, errors.Join(err, r.Recorder.Run(run))
}

func (r *Runner) run(ctx context.Context) error {
	if err := r.Plan.check(); err != nil {
		return err
	}
	tail, err := openTail(r.Daemon.LogPath())
	if err != nil {
		return err
	}
	r.tail = tail
	defer func() { r.tail.close() }()
	steps := []func(context.Context) error{r.proveContexts, r.listen, r.pilots, r.attribute, r.prices, r.canaries, r.rulePrices, r.rounds, r.ablate, r.explain}
	if r.Unit != nil {
		steps = []func(context.Context) error{r.proveContexts, r.proveUnit, r.listen, r.pilots, r.attribute, r.prices, r.rounds}
	}
	if r.Plan.Sweep {
		steps = []func(context.Context) error{r.proveContexts, r.sweeps}
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return err
		}
		if err := r.Recorder.Run(r.summary()); err != nil {
			return err
		}
	}
	return nil
}

// load makes the kernel hold what the variant asks for.
func (r *Runner) load(v variant) error {
	a := r.Plan.Arms[v.arm]
	if err := r.useAuditd(a); err != nil {
		return err
	}
	rules := a.Rules
	if v.mute {
		rules, _ = Mute(rules)
	}
	r.beat()
	if err := r.Kernel.Apply(rules, a.Limits); err != nil {
		// It did load when the set was read.
		return disturbedAt("load arm "+a.Info.Name, err)
	}
	r.beat()
	return nil
}

// unload leaves no rule and no limit of an arm behind.
func (r *Runner) unload() error {
	r.beat()
	if err := r.Kernel.Apply(nil, kernel.Limits{}); err != nil {
		return fmt.Errorf("unload rules: %w", err)
	}
	return nil
}

func (r *Runner) now() time.Time {
	if r.Now != nil {
		return r.Now()
	}
	return time.Now()
}

func (r *Runner) sleep(ctx context.Context, d time.Duration) error {
	if r.Sleep != nil {
		return r.Sleep(ctx, d)
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

func (r *Runner) beat() {
	if r.Beat != nil {
		r.Beat()
	}
}

func (r *Runner) step(what string) {
	r.done++
	r.Observer.Step(r.done, max(r.total, r.done), what)
}

// mark is the next text that the log is marked with. It is unique in the run.
func (r *Runner) mark(what string) string {
	r.marks++
	return fmt.Sprintf("%s%016x-%d-%s.", MarkPrefix, r.Plan.Seed, r.marks, what)
}

// MarkPrefix begins every user message of the harness.
const MarkPrefix = "op=auditprof-mark id="
