package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/auditprof/auditprof/bench/probe"
	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/bench/sample"
	"github.com/auditprof/auditprof/internal/cgroup"
	"github.com/auditprof/auditprof/internal/kernel"
	"github.com/auditprof/auditprof/scenarios"
)

// StateDir holds the workloads' programs and data while a run lasts; nothing of it stays.
const StateDir = "/var/lib/auditprof"

// memoryBytes is room for what the workloads keep where their data must lie in memory: the largest scenario keeps some 20 MB.
const memoryBytes = 1 << 30

// Options are what the user asks for.
type Options struct {
	Sets      []Source
	Scenarios []scenarios.Info
	Rounds    int
	Quick     bool
	Seed      uint64
	// KeepGoing leaves out rule lines that do not load; without it the first one ends the run.
	KeepGoing bool
	// AllowTaskRules measures a candidate's own rules of the task list: what is forked meanwhile keeps their effect all its life.
	AllowTaskRules bool
	// Load is LoadCompiled or LoadAuditctl; Target the version of auditctl to compile as, "" for the installed one.
	Load, Target string
	// Unit is the user's own service, measured in place of Scenarios, which then is UnitScenario alone; nil: none.
	Unit *UnitOptions
	// Sweep searches the rate that each set holds, in place of the rounds.
	Sweep bool
	// AuditdConfs are configurations of the private auditd: each set is an arm under each. AuditdLimits hold for every private auditd.
	AuditdConfs  []AuditdConf
	AuditdLimits AuditdLimits
	// Auditd is AuditdAuto, AuditdPrivate or AuditdRunning. With the host's own, Reason stands in its log, and plugins that hand records on
	// are refused without AllowForwarding.
	Auditd          string
	Reason          string
	AllowForwarding bool
	Version         string
	Recorder        RunRecorder
	Observer        Observer
	Attributor      Attributor
	// Canaries does the canaries under each set, and says which left an event.
	Canaries bool
	// SlotGoal is how long the slot of the dearest arm may take; 0 for 2.6 s, 1 s in a quick run.
	SlotGoal time.Duration
	// Plants are known slowdowns that the run must find, each in an arm of its own.
	Plants []scenarios.Plant
	// NoLoaded leaves the rules that are found loaded out of the comparison.
	NoLoaded bool
	// RulePrices gives each rule its price; Ablate measures the dearest by leaving them out.
	RulePrices, Ablate bool
	// Explain runs explain slots after the timed rounds.
	Explain bool
	// NoLogs keeps no log of any slot.
	NoLogs bool
	// HostFacts looks at files and accounts of this machine while the workloads' own are there, for the run directory; nil: nobody does.
	HostFacts func(paths, users []string) ([]byte, error)
}

// RunRecorder also keeps the rule sets as loaded.
type RunRecorder interface {
	Recorder
	LogKeeper
	RuleSet(arm string, text []byte) error
	HostFacts(facts []byte) error
}

// Execute measures on this machine and leaves it as it was found. The run is never nil once slots were run; an error beside it says why it
// ended early, or that the machine is not restored (kernel.ErrNotRestored).
func Execute(ctx context.Context, o Options) (run *result.Run, err error) {
	if err := refuse(o); err != nil {
		return nil, err
	}
	lease, err := kernel.Acquire(ctx, kernel.Options{AllowAuditd: o.Auditd == AuditdRunning})
	if err != nil {
		return nil, err
	}
	s, began := &session{Options: o, lease: lease}, time.Now()
	// Also on panic: nothing that goes wrong here may leave a host with somebody else's rules.
	defer func() {
		rerr := restore(lease, run, began)
		if run != nil {
			run.Warnings = append(run.Warnings, s.untold...)
			err = errors.Join(err, o.Recorder.Run(run))
		}
		err = errors.Join(err, rerr)
	}()
	defer s.cleanUp()
	if err := s.prepare(ctx); err != nil {
		return nil, err
	}
	return s.runner.Run(ctx)
}

// restore puts the machine back and says in the run how that went.
func restore(lease *kernel.Lease, run *result.Run, began time.Time) error {
	_, err := lease.Restore()
	if run == nil {
		return err
	}
	run.Restored = result.Restored{OK: err == nil, AbsentNs: time.Since(began).Nanoseconds()}
	var not *kernel.NotRestoredError
	if errors.As(err, &not) {
		run.Restored.Commands = not.Commands
	}
	return err
}

// session is one run's parts on the live machine.
type session struct {
	Options
	lease *kernel.Lease
	// control lists rules and sends marks; status is asked for the backlog meanwhile, so it has a socket of its own.
	control, status *statusClient
	load            lineLoader
	runner          *Runner
	preflight       func(expectedBytes int64) error // nil with a private auditd
	inMemory        bool                            // the workloads' data lies on a tmpfs
	private         *kernel.Auditd                  // that runs; nil with the host's own
	limited         *cgroup.Limited                 // of every private auditd; nil without limits
	confs           []result.AuditdConf             // of the arms, in the order of Options.AuditdConfs
	onSwitch        func(Daemon)                    // told of each auditd that took the place of another
	noGroups        error                           // why the workloads have no cgroups of their own
	untold          []result.Warning                // what the host's log does not say of this run
	cleaned         []func()
}

func (s *session) onEnd(f func()) { s.cleaned = append(s.cleaned, f) }

func (s *session) cleanUp() {
	for i := len(s.cleaned) - 1; i >= 0; i-- {
		s.cleaned[i]()
	}
}

// prepare starts auditd, loads every set once and puts the runner together. Nothing is timed yet.
func (s *session) prepare(ctx context.Context) error {
	proc := sample.Proc{}
	host := proc.ThisHost()
	var err error
	if s.control, err = s.open(); err != nil {
		return err
	}
	if s.status, err = s.open(); err != nil {
		return err
	}
	if err := s.makeStateDir(); err != nil {
		return err
	}
	auditd, facts, err := s.startDaemon()
	if err != nil {
		return err
	}
	load, loadedBy, err := s.loader()
	if err != nil {
		return err
	}
	s.load = load
	works, err := s.workloads(ctx, proc)
	if err != nil {
		return err
	}
	arms, err := s.arms(ctx, host.HZ)
	if err != nil {
		return err
	}
	factsErr := s.keepHostFacts(works, arms)
	sampler := newSampler(proc, auditd.PID())
	s.onSwitch = s.follow(sampler)
	if p, ok := auditd.(interface{ PluginPIDs() []int }); ok {
		sampler.readers = append(sampler.readers, p.PluginPIDs()...)
	}
	env := environment(host, facts, sampler.names())
	env.WorkUID, env.BootID = works.accounts[scenarios.CanaryName][0].uid, host.BootID
	env.WorkloadCPU, _ = s.cpuSource()
	env.MuteField, env.ProbeLevels, env.Loader = MuteField, probe.Levels(), loadedBy
	if env.AuditdKind = AuditdPrivate; s.Auditd == AuditdRunning {
		env.AuditdKind = AuditdRunning
	}
	s.runner = &Runner{
		Plan:       Plan{Arms: arms, Scenarios: s.Scenarios, Rounds: s.Rounds, Seed: s.Seed, Quick: s.Quick, Canaries: s.Canaries, Warmup: warmupRounds(s.Quick), SlotGoal: s.SlotGoal, HZ: host.HZ},
		Kernel:     &liveKernel{lease: s.lease, held: s.control.listed, statusClient: s.control},
		Daemon:     auditd,
		Workloads:  works,
		Sampler:    sampler,
		Status:     s.status.Status,
		Loops:      works.Loops,
		Attributor: s.Attributor, Recorder: s.Recorder, Observer: s.Observer,
		Preflight: s.preflight, Beat: s.lease.Beat, HarnessPIDs: append(s.lease.CompanionPIDs(), os.Getpid()),
		Base: result.Run{Tool: s.Version, Started: time.Now().UTC(), Environment: env, Warnings: s.warnings(facts, arms, env)},
	}
	s.useConfs()
	s.runner.Plan.Sweep, s.runner.Plan.RulePrices, s.runner.Plan.Ablate = s.Sweep, s.RulePrices, s.Ablate
	if err := s.useUnit(ctx, auditd.PID()); err != nil {
		return err
	}
	s.runner.Loop = newSteadyLoop().run
	if s.Explain {
		s.runner.Probes = s.runner.liveProbes(sampler.kauditd)
	}
	if !s.NoLogs {
		s.runner.Logs = s.Recorder
	}
	if factsErr != nil {
		s.runner.Base.Warnings = append(s.runner.Base.Warnings, result.Warning{Text: fmt.Sprintf("what this host's files are is not kept with the run: %v", factsErr),
			Cure: "none needed for this report"})
	}
	return nil
}

// workloads makes programs and data before any rule is loaded: rules may name them.
func (s *session) workloads(ctx context.Context, proc sample.Proc) (*liveWorkloads, error) {
	w := &liveWorkloads{root: StateDir, lease: s.lease}
	if s.inMemory = proc.NoJournal(StateDir); s.inMemory {
		w.memoryBytes = memoryBytes
	}
	if err := w.prepare(s.Scenarios, s.Canaries); err != nil {
		return nil, err
	}
	s.groupWorkloads(w)
	return w, w.makeData(ctx, s.Scenarios)
}

// makeStateDir begins with none of what an earlier run left.
func (s *session) makeStateDir() error {
	if err := openStateDir(StateDir); err != nil {
		return err
	}
	s.onEnd(func() { closeStateDir(StateDir) })
	return s.lease.Scratch(StateDir, stateNames())
}

// arms loads every set once, to learn its binary form, and puts the baselines before and the twin behind.
func (s *session) arms(ctx context.Context, hz int) ([]Arm, error) {
	arms := baselines(s.lease.Found(), hz)
	if found := s.lease.Found(); len(found.Rules) > 0 && !s.NoLoaded {
		a := loadedArm(found, hz)
		arms = append(arms, a)
		if err := s.Recorder.RuleSet(a.Info.Name, ruleSetText(a)); err != nil {
			return nil, err
		}
	}
	for _, src := range s.Sets {
		a, err := s.candidate(ctx, src, hz)
		if err != nil {
			return nil, err
		}
		for _, a := range s.underConfs(a) {
			arms = append(arms, a)
			if err := s.Recorder.RuleSet(a.Info.Name, ruleSetText(a)); err != nil {
				return nil, err
			}
		}
	}
	for i := range arms {
		arms[i].MayDropMarks = rateLimit(arms[i].Limits, s.lease.Found()) > 0
	}
	return withControls(arms, s.Plants), nil
}

// loadedArm is the rule set that was found in the kernel.
func loadedArm(found kernel.State, hz int) Arm {
	a := Arm{Info: result.Arm{Name: "loaded now", Kind: result.ArmLoaded}, Rules: found.Rules}
	for i, w := range found.Rules {
		a.Info.Rules = append(a.Info.Rules, result.Rule{File: "loaded", Line: i + 1, Col: 1, Text: kernel.Command(w),
			List: w.List.String(), Action: actionWord(w.Action)})
	}
	a.setNoKey()
	room, rate := found.BacklogLimit, found.RateLimit
	wait, note := waitTime(found.BacklogWaitTime, hz)
	a.Limits = kernel.Limits{BacklogLimit: &room, RateLimit: &rate, BacklogWaitTime: &wait}
	if note != "" {
		a.Info.Controls = append(a.Info.Controls, result.Control{File: "loaded", Text: fmt.Sprintf("--backlog_wait_time %d", found.BacklogWaitTime),
			Measured: fmt.Sprintf("--backlog_wait_time %d", wait), Note: note})
	}
	return a
}

// setNoKey writes into the arm's rules why events cannot name them.
func (a *Arm) setNoKey() {
	_, why := Keyed(a.Rules)
	for i := range a.Info.Rules {
		a.Info.Rules[i].NoKey = why[i]
	}
}

// ruleSetText is the set as the kernel has it: one auditctl line a rule.
func ruleSetText(a Arm) []byte {
	var b strings.Builder
	for i, w := range a.Rules {
		if i < len(a.Info.Rules) {
			fmt.Fprintf(&b, "# %s:%d\n", filepath.Base(a.Info.Rules[i].File), a.Info.Rules[i].Line)
		}
		b.WriteString(kernel.Command(w) + "\n")
	}
	return []byte(b.String())
}
