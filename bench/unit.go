package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/cgroup"
	"github.com/auditprof/auditprof/internal/kernel"
	"github.com/auditprof/auditprof/scenarios"
)

// UnitOptions say which service of the user's is measured, under the user's own load.
type UnitOptions struct {
	Name string // of the unit, or the absolute path of a cgroup
	Slot time.Duration
	// Metric is a command that prints a number, as words; nil for none.
	Metric []string
	// Restart the unit before each arm, so that it has the audit context of that arm.
	Restart bool
}

// Errors of a unit. All name the cure.
var (
	// ErrUnit: there is nothing to measure, or it must not be.
	ErrUnit = errors.New("the unit cannot be measured")
	// ErrUnitContext: a running service keeps the audit context it was born with, and this one has none.
	ErrUnitContext = errors.New("the unit has no audit context, so no rule can record what it does: it was started before auditing was on, or under a never,task rule: measure with --restart, or boot with audit=1")
	// ErrUnitIdle: nothing can be told of a service that does nothing.
	ErrUnitIdle = errors.New("the unit did nothing while it was looked at: put it under its load first")
)

// UnitScenario is the unit in place of a workload. Its operation is a second, so that every figure for an operation is one for a second.
func UnitScenario(o UnitOptions) scenarios.Info {
	seconds := uint64(o.Slot / time.Second)
	return scenarios.Info{Name: filepath.Base(o.Name), Imitates: "The user's own service under the user's own load.",
		Hurts: "What it does is what the rules cost.", Op: "second", Session: scenarios.SessionService, PilotOps: seconds, MaxOps: seconds, FixedTime: true}
}

// unit is a service that runs already, as Workloads: it is looked at, and started only to give it another audit context.
type unit struct {
	UnitOptions
	Workloads // for the probe of the context proof
	group     *cgroup.Group
	beat      func()
	sleep     func(context.Context, time.Duration) error
	restart   func(ctx context.Context, noContext bool) error // nil without --restart
	metric    func(context.Context) (float64, error)          // nil without --metric
	arm       string                                          // that the unit was restarted for last
	touched   bool                                            // a restart was tried: it may have no audit context, whatever the restart said
}

// Start looks whose processes the unit has now; in another arm than before it restarts the unit first.
func (u *unit) Start(ctx context.Context, l Launch) (Workload, error) {
	if u.restart != nil && l.Arm != u.arm {
		u.touched = true
		if err := u.restart(ctx, l.NoContext); err != nil {
			return nil, err
		}
		u.arm = l.Arm
	}
	pids, err := u.pids()
	if err != nil {
		return nil, err
	}
	return &unitSlot{unit: u, pids: pids}, nil
}

// pids are the unit's processes; it is an error if there are none, or if they are not the unit's alone.
func (u *unit) pids() ([]int, error) {
	pids, err := cgroup.PIDs(u.group.Dir)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnit, err)
	}
	if len(pids) == 0 {
		return nil, fmt.Errorf("%w: no process is in its cgroup %s: start it", ErrUnit, u.group.Dir)
	}
	for _, own := range []int{os.Getpid(), os.Getppid(), 1} {
		if slices.Contains(pids, own) {
			return nil, fmt.Errorf("%w: process %d is in its cgroup %s, and that is auditprof, what started it, or init: name a service", ErrUnit, own, u.group.Dir)
		}
	}
	return pids, nil
}

// metered workloads have a figure of the user's own for each slot.
type metered interface{ Metric() *float64 }

// unitSlot is the unit in one slot.
type unitSlot struct {
	*unit
	pids  []int
	value *float64
}

// PIDs are the unit's processes as the slot began: what they record, and their children's, is the unit's.
func (s *unitSlot) PIDs() []int { return s.pids }

// Metric is what the command said after the slot, nil without one.
func (s *unitSlot) Metric() *float64 { return s.value }

// Close leaves the unit running.
func (s *unitSlot) Close() error { return nil }

// Run lets so many seconds pass and asks the user's command at their end.
func (s *unitSlot) Run(ctx context.Context, ops uint64) (scenarios.Outcome, error) {
	before, err := s.group.CPUNs()
	if err != nil {
		return scenarios.Outcome{}, err
	}
	began := time.Now()
	for range ops {
		if err := s.sleep(ctx, time.Second); err != nil {
			return scenarios.Outcome{}, err
		}
		s.beat()
	}
	wall := time.Since(began)
	after, err := s.group.CPUNs()
	if err != nil {
		return scenarios.Outcome{}, err
	}
	if _, err := s.unit.pids(); err != nil {
		return scenarios.Outcome{}, err // it ended meanwhile
	}
	if s.metric != nil {
		v, err := s.metric(ctx)
		if err != nil {
			return scenarios.Outcome{}, err
		}
		s.value = &v
	}
	return scenarios.Outcome{Ops: ops, WallNs: wall.Nanoseconds(), CPUNs: after - before}, nil
}

// unitMetric is the figure of the user's own.
func unitMetric(s result.Slot) (float64, bool) {
	if s.UnitMetric == nil {
		return 0, false
	}
	return *s.UnitMetric, true
}

// unitRatio compares that figure with the baseline's, round by round. Which way is better only the user knows.
func (r *Runner) unitRatio(m map[string]result.Metric, slots, base map[int]result.Slot) {
	var ratios []float64
	for round, s := range slots {
		b := base[round]
		if x, ok := unitMetric(s); ok && b.UnitMetric != nil && *b.UnitMetric != 0 {
			ratios = append(ratios, x / *b.UnitMetric)
		}
	}
	slices.Sort(ratios) // a map has no order, and a run must be the same each time it is summed up
	put(m, result.UnitMetricRatio, "ratio", ratios)
}

// unmarked are the processes of a unit: they cannot carry the workload's personality bit.
func (r *Runner) unmarked(reg region) []int {
	if r.Unit == nil {
		return nil
	}
	return reg.pids
}

// useUnit puts the unit in the place of our workloads.
func (s *session) useUnit(ctx context.Context, auditd int) error {
	if s.Unit == nil {
		return nil
	}
	g, err := unitGroup(ctx, s.Unit.Name)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnit, err)
	}
	u := &unit{UnitOptions: *s.Unit, Workloads: s.runner.Workloads, group: g, beat: s.lease.Beat, sleep: (&Runner{}).sleep}
	s.onEnd(func() { u.group.Close() })
	pids, err := u.pids()
	if err != nil {
		return err
	}
	if slices.Contains(pids, auditd) {
		return fmt.Errorf("%w: auditd, process %d, is in its cgroup: it is what measures", ErrUnit, auditd)
	}
	if len(s.Unit.Metric) > 0 {
		u.metric = func(ctx context.Context) (float64, error) { return metricOf(ctx, s.Unit.Metric) }
		if _, err := u.metric(ctx); err != nil {
			return err
		}
	}
	if s.Unit.Restart {
		u.restart = func(ctx context.Context, noContext bool) error { return restartUnit(ctx, u, noContext) }
		s.onEnd(func() {
			u.leave(func() error { return s.lease.Apply(nil, kernel.Limits{}) }, u.restart)
		})
	}
	s.runner.Workloads, s.runner.Unit = u, u
	s.runner.Plan.UnitSlot = s.Unit.Slot
	s.runner.Plan.RulePrices, s.runner.Plan.Ablate, s.runner.Plan.Canaries, s.runner.Probes = false, false, false, nil
	if !s.Unit.Restart {
		s.runner.Plan.Arms = slices.DeleteFunc(s.runner.Plan.Arms, func(a Arm) bool { return a.Info.Kind == result.ArmNoAudit })
	}
	s.runner.Base.Unit = &result.Unit{Name: s.Unit.Name, Cgroup: g.Dir, SlotNs: s.Unit.Slot.Nanoseconds(), Metric: joinWords(s.Unit.Metric),
		Restarted: s.Unit.Restart, Processes: len(pids)}
	return nil
}

// leave restarts a unit that may have no audit context, with no rule loaded: what bench did to it must not outlive bench.
func (u *unit) leave(unload func() error, restart func(ctx context.Context, noContext bool) error) {
	if !u.touched {
		return
	}
	err := unload()
	if err == nil {
		ctx, cancel := context.WithTimeout(context.Background(), restartLimit)
		defer cancel()
		err = restart(ctx, false)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "auditprof: %s may have no audit context: restart it (%v)\n", u.Name, err)
	}
}
