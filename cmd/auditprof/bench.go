package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/auditprof/auditprof/bench"
	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/audit/rule"
	"github.com/auditprof/auditprof/reports/text"
	"github.com/auditprof/auditprof/scenarios"
	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// benchFlags are the flags of auditprof bench as typed.
type benchFlags struct {
	rules           []string
	scenarios       []string
	rounds          int
	quick           bool
	at              string
	out             string
	auditd          string
	reason          string
	allowForwarding bool
	seed            uint64
	keepGoing       bool
	allowTaskRules  bool
	loader          string
	target          string
	format          string
	output          string
	redact          redactFlag
	quiet           bool
	noLogs          bool
	prices          priceFlags
	explain         explainFlags
	controls        controlFlags
	daemon          auditdFlags
	canary          canaryFlags
	sweep           sweepFlags
	unit            unitFlags
}

func (c Command) bench() *cobra.Command {
	var f benchFlags
	cmd := &cobra.Command{
		Use:   "bench --rules PATH [--rules NAME=PATH,PATH]… [--scenario NAME]…",
		Short: "Measure rule sets on this kernel, with the real auditd",
		Long: `bench loads each rule set on this machine's kernel, runs workloads under it in random order, and compares with no audit at all.

A PATH is a rule file, a rules.d directory (read as augenrules would) or - for standard input. Each --rules is one set under test;
NAME=a.rules,b.rules joins files to one. The machine's own rules are taken away while the run lasts and put back in the end, also
after Ctrl-C, an error or a kill.

Exit codes: 0 done · 2 usage, or rules that do not load · 4 this machine cannot · 5 the run is invalid · 6 the machine is not restored ·
130 interrupted, the machine is restored.`,
		Example: "  auditprof bench --rules /etc/audit/rules.d --scenario db-churn\n" +
			"  auditprof bench --rules now=/etc/audit/rules.d --rules next=./rules.d --quick",
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.quick && !cmd.Flags().Changed("rounds") {
				f.rounds = quickRounds
			}
			return c.runBench(cmd.Context(), f)
		},
	}
	fl := cmd.Flags()
	fl.StringArrayVar(&f.rules, "rules", nil, "rule set under test: PATH, or NAME=PATH,PATH… (may be repeated)")
	fl.Var(scenarioWords{&f.scenarios}, "scenario", "workload to run: NAME, NAME@RATE for so many operations per second, FILE.yaml, or all; eight of them without this flag (see auditprof scenarios)")
	fl.IntVar(&f.rounds, "rounds", defaultRounds, "rounds: how often every arm is measured")
	fl.BoolVar(&f.quick, "quick", false, fmt.Sprintf("%d rounds with short slots, and no verdict words", quickRounds))
	fl.StringVar(&f.at, "at", "", "rate of the real workload, as 40/s: the report then says what a day would hold")
	fl.StringVar(&f.out, "out", "", "directory for the run (default runs/DATE-TIME)")
	fl.StringVar(&f.auditd, "auditd", bench.AuditdAuto, "which auditd: private (our own), running (the host's, with its log and limits), or auto: private, refused where one runs")
	fl.StringVar(&f.reason, "reason", "", "with --auditd running: why, for the host's log")
	fl.BoolVar(&f.allowForwarding, "allow-forwarding", false, "with --auditd running: measure although plugins hand every record on")
	fl.Uint64Var(&f.seed, "seed", 0, "seed of the order of the arms (default: drawn, and stored with the run)")
	fl.BoolVar(&f.keepGoing, "keep-going", false, "leave out rule lines that do not load, and say so first")
	fl.BoolVar(&f.allowTaskRules, "allow-task-rules", false, "measure rules of the task list although their effect outlives the run")
	fl.StringVar(&f.loader, "loader", bench.LoadCompiled, "what loads the rules: compiled (auditprof's own compiler) or auditctl (the installed one, line by line)")
	fl.StringVar(&f.target, "target", "", "compile as another version, as auditctl=4.0 (default: the installed auditctl's)")
	fl.StringVar(&f.format, "format", "text", "report: "+strings.Join(formNames(runForms), ", "))
	f.redact.add(cmd, leaving(runForms))
	fl.StringVar(&f.output, "output", "", "write the report to a file instead of standard output")
	fl.BoolVar(&f.noLogs, "no-logs", false, "keep no log in the run directory; without this flag one of each rule set and workload stays, packed, for suggest-exclusions --run")
	fl.BoolVarP(&f.quiet, "quiet", "q", false, "no progress")
	f.prices.register(cmd)
	f.explain.register(cmd)
	f.controls.register(cmd)
	f.daemon.register(cmd)
	f.canary.register(cmd)
	f.sweep.register(cmd)
	f.unit.register(cmd)
	cmd.RegisterFlagCompletionFunc("scenario", completeScenarios)
	return cmd
}

const (
	defaultRounds = 12
	quickRounds   = 3
)

// runBench checks everything that can be checked without touching the machine, then measures.
func (c Command) runBench(ctx context.Context, f benchFlags) error {
	o, rates, err := c.benchOptions(f)
	if err != nil {
		return err
	}
	dir := f.out
	if dir == "" {
		dir = filepath.Join("runs", time.Now().Format("20060102-150405"))
	}
	w, err := result.NewWriter(dir)
	if err != nil {
		return usageError{err}
	}
	p := newProgress(c.Err, f.quiet)
	o.Recorder, o.Observer, o.Attributor, o.HostFacts = w, p, attributor{}, hostFacts
	run, err := bench.Execute(ctx, o)
	p.end()
	if run == nil {
		return errors.Join(err, w.Discard())
	}
	err = errors.Join(err, w.Close())
	if rerr := c.report(run, f, rates, dir); rerr != nil {
		err = errors.Join(err, rerr)
	}
	return err
}

// benchOptions turns flags into what the bench wants. Every error is one of usage.
func (c Command) benchOptions(f benchFlags) (bench.Options, text.Options, error) {
	o := bench.Options{Rounds: f.rounds, Quick: f.quick, Seed: f.seed, KeepGoing: f.keepGoing, AllowTaskRules: f.allowTaskRules, NoLogs: f.noLogs, Version: versionText()}
	var rep text.Options
	err := func() (err error) {
		if len(f.rules) == 0 {
			return errors.New("no rules to measure: name a rule file or a rules.d directory with --rules")
		}
		if f.rounds < 1 || f.rounds > 1000 {
			return fmt.Errorf("--rounds %d: 1 to 1000", f.rounds)
		}
		if f.auditd != bench.AuditdAuto && f.auditd != bench.AuditdPrivate && f.auditd != bench.AuditdRunning {
			return fmt.Errorf("--auditd %q: auto, private or running", f.auditd)
		}
		if f.auditd != bench.AuditdRunning && (f.reason != "" || f.allowForwarding) {
			return errors.New("--reason and --allow-forwarding go with --auditd running")
		}
		o.Auditd, o.Reason, o.AllowForwarding = f.auditd, f.reason, f.allowForwarding
		f.explain.into(&o)
		f.canary.into(&o)
		if err := errors.Join(f.prices.into(&o), f.controls.into(&o)); err != nil {
			return err
		}
		if err := f.daemon.into(&o); err != nil {
			return err
		}
		if f.loader != bench.LoadCompiled && f.loader != bench.LoadAuditctl {
			return fmt.Errorf("--loader %q: compiled or auditctl", f.loader)
		}
		if o.Load, o.Target, err = f.loader, strings.TrimPrefix(f.target, "auditctl="), checkTarget(f); err != nil {
			return err
		}
		if _, err := formNamed(runForms, f.format); err != nil {
			return err
		}
		if st, err := os.Stat(filepath.Dir(f.output)); f.output != "" && (err != nil || !st.IsDir()) {
			return fmt.Errorf("--output %q: %s is no directory", f.output, filepath.Dir(f.output))
		}
		if o.Scenarios, err = scenarios.Choose(f.scenarios); err != nil {
			return err
		}
		if err := errors.Join(f.sweep.into(&o, f.scenarios), f.unit.into(&o, f.scenarios)); err != nil {
			return err
		}
		if rep.At, err = parseRate(f.at); err != nil {
			return err
		}
		o.Sets, err = c.readSets(f.rules, f.keepGoing)
		return err
	}()
	if err != nil {
		return o, rep, usageError{err}
	}
	if o.Seed == 0 {
		o.Seed = rand.Uint64()>>1 | 1
	}
	return o, rep, nil
}

// checkTarget refuses what names no version of auditctl.
func checkTarget(f benchFlags) error {
	if f.target == "" {
		return nil
	}
	version, ok := strings.CutPrefix(f.target, "auditctl=")
	if !ok {
		return fmt.Errorf("--target %q: auditctl=VERSION, as auditctl=4.0", f.target)
	}
	if f.loader == bench.LoadAuditctl {
		return errors.New("--target goes with --loader compiled: the installed auditctl is of one version")
	}
	_, err := rule.DialectOf(version)
	return err
}

// report prints the run. It goes to standard output, or to the file the user named, whole or not at all.
func (c Command) report(run *result.Run, f benchFlags, o text.Options, dir string) error {
	to, err := chosenForm(c, runForms, f.format, f.output)
	if err != nil {
		return err
	}
	o.Width, o.OutDir = 80, dir
	if f.output == "" {
		o.Width, o.Color = terminal(c.Out)
	}
	r := runReport{run: run, text: o}
	if _, r.slots, err = result.Read(dir); err != nil {
		r.remarks = append(r.remarks, err.Error())
	}
	if f.redact.wanted(to.leaves) {
		r = r.redacted()
	}
	return c.put(f.output, func(w io.Writer) error { return to.write(w, r) })
}

// terminal is the width of the terminal behind w and whether colour is welcome there (no-color.org).
func terminal(w io.Writer) (width int, color bool) {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return 80, false
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil || width < 80 {
		width = 80
	}
	return width, os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}
