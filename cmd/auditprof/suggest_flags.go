package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/bench"
	"github.com/spf13/cobra"
)

// suggestFlags are the flags of auditprof suggest-exclusions as typed.
type suggestFlags struct {
	readingFlags
	run, arm  string
	share     float64
	max       int
	risk      string
	keep      []string
	sigma     []string
	mandated  []string
	noBuiltin bool
	thisHost  bool
	write     string
	patch     string
	format    string
	output    string

	verify      bool
	scenarios   []string
	auditd      string
	rounds      int
	roundsTyped bool
	quick       bool
}

// What --target and --max are where they are not typed.
const (
	usualTarget = 0.9
	usualMax    = 10
)

// maxProposals is more than anybody reads, and each is a rule that every call passes.
const maxProposals = 100

// addOwn defines the flags that no other command has.
func (f *suggestFlags) addOwn(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.StringVar(&f.run, "run", "", "take log, rules and host from a run directory of auditprof bench")
	fl.StringVar(&f.arm, "arm", "", "with --run: the rule set of the run whose log is read")
	fl.Float64Var(&f.share, "target", usualTarget, "share of the removable bytes to remove, 0 to 1")
	fl.IntVar(&f.max, "max", usualMax, "proposals at most")
	fl.StringVar(&f.risk, "max-risk", suggest.Low.String(), "highest grade that is proposed: low, medium or high")
	fl.StringArrayVar(&f.keep, "keep", nil, "events that must still be recorded: log lines, or conditions in YAML (may be repeated)")
	fl.StringArrayVar(&f.sigma, "sigma", nil, "Sigma rules, a directory or a file: those that would lose something are named (may be repeated)")
	fl.StringArrayVar(&f.mandated, "mandated", nil, "rule lines that a profile wants byte for byte (may be repeated)")
	fl.BoolVar(&f.noBuiltin, "no-builtin-detections", false, "do not hold proposals against the built-in list of detections")
	fl.BoolVar(&f.thisHost, "this-host", false, "the log is of this host: look here who may write the programs and directories")
	fl.StringVar(&f.write, "write", "", "write a copy of the rule files with the changes into a new directory")
	fl.StringVar(&f.patch, "patch", "", "write the changes as a unified diff, for patch -p1")
	fl.StringVar(&f.format, "format", "text", "report: text or json")
	fl.StringVar(&f.output, "output", "", "write the report to a file instead of standard output")
	fl.BoolVar(&f.verify, "verify", false, "measure old and new rules side by side on this machine (root)")
	fl.Var(scenarioWords{&f.scenarios}, "scenario", "with --run: the workload whose log is read; with --verify: the workload that is run")
	fl.IntVar(&f.rounds, "rounds", verifyRounds, "with --verify: rounds")
	fl.StringVar(&f.auditd, "auditd", bench.AuditdAuto, "with --verify: which auditd, as bench has it: private, running or auto")
	fl.BoolVar(&f.quick, "quick", false, "with --verify: few short rounds")
}

// risks are the words of --max-risk.
var risks = map[string]suggest.Risk{suggest.Low.String(): suggest.Low, suggest.Medium.String(): suggest.Medium, suggest.High.String(): suggest.High}

// check refuses what cannot be meant, before anything is read.
func (f *suggestFlags) check(cmd *cobra.Command, args []string) error {
	if err := f.checkSource(args); err != nil {
		return err
	}
	_, known := risks[f.risk]
	switch {
	case !(f.share > 0 && f.share <= 1):
		return fmt.Errorf("--target %v: a share of the removable bytes above 0 and up to 1, as 0.9", f.share)
	case f.max < 1 || f.max > maxProposals:
		return fmt.Errorf("--max %d: 1 to %d proposals", f.max, maxProposals)
	case !known:
		return fmt.Errorf("--max-risk %q: low, medium or high", f.risk)
	case f.format != "text" && f.format != "json":
		return fmt.Errorf("--format %q: text or json", f.format)
	case f.thisHost && f.snapshot != "":
		return errors.New("--this-host and --host-snapshot: who may write what is looked up on the one or the other")
	case f.patch == "-" && (f.output == "" || f.output == "-"):
		return errors.New("two things would go to standard output: give the report a file with --output, or a file to --patch")
	}
	f.roundsTyped = cmd.Flags().Changed("rounds")
	if f.roundsTyped && f.rounds < 1 {
		return fmt.Errorf("--rounds %d: 1 or more", f.rounds)
	}
	if f.verify && f.run == "" && len(f.scenarios) == 0 {
		return errors.New("--verify without a run: name the workloads to measure with --scenario (auditprof scenarios lists them)")
	}
	for _, name := range []string{"rounds", "quick", "auditd"} {
		if cmd.Flags().Changed(name) && !f.verify {
			return fmt.Errorf("--%s goes with --verify", name)
		}
	}
	return f.checkTargets(args)
}

// checkSource wants a log, by name or as a run.
func (f *suggestFlags) checkSource(args []string) error {
	if f.run != "" && len(args) > 0 {
		return errors.New("--run and a LOG: the log is that of the run, or the one that is named")
	}
	if f.run == "" {
		if f.arm != "" || len(f.scenarios) > 0 && !f.verify {
			return errors.New("--arm and --scenario go with --run, --scenario with --verify too")
		}
		return errors.Join(f.readingFlags.check(args), f.checkInputs(args))
	}
	return f.readingFlags.check([]string{f.run})
}

// checkTargets refuses to write where it cannot be written, or over what is read.
func (f *suggestFlags) checkTargets(args []string) error {
	inputs := slices.Concat(f.inputs(args), f.keep, f.sigma, f.mandated)
	if err := checkOutputs([]output{{"--output", f.output}, {"--patch", f.patch}}, inputs); err != nil {
		return err
	}
	if f.write == "" {
		return nil
	}
	for _, t := range []output{{"--output", f.output}, {"--patch", f.patch}} {
		if t.path != "" && filepath.Clean(t.path) == filepath.Clean(f.write) {
			return fmt.Errorf("%s and --write name the same %q: the one is a file, the other a directory", t.flag, f.write)
		}
	}
	for _, in := range inputs {
		if in != "" && reads(in, f.write) {
			return fmt.Errorf("--write %q is what is read as %q: name a directory that does not exist yet", f.write, in)
		}
	}
	if entries, err := os.ReadDir(f.write); err == nil && len(entries) > 0 {
		return fmt.Errorf("--write %q is not empty: name a directory that does not exist yet", f.write)
	}
	if _, err := os.Stat(f.write); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("--write: %w", err)
	}
	if st, err := os.Stat(filepath.Dir(filepath.Clean(f.write))); err != nil || !st.IsDir() {
		return fmt.Errorf("--write %q: %s is no directory", f.write, filepath.Dir(filepath.Clean(f.write)))
	}
	return nil
}

// typedAgain is the command as it was typed, but for what it writes: for a next step.
func (f *suggestFlags) typedAgain(args []string) string {
	out := "auditprof suggest-exclusions" + f.typed()
	if f.run != "" {
		out += flagged("--run", []string{f.run})
		if f.arm != "" {
			out += flagged("--arm", []string{f.arm})
		}
		out += flagged("--scenario", f.scenarios)
	}
	out += flagged("--keep", f.keep) + flagged("--sigma", f.sigma) + flagged("--mandated", f.mandated)
	if f.thisHost {
		out += " --this-host"
	}
	if f.noBuiltin {
		out += " --no-builtin-detections"
	}
	if f.risk != suggest.Low.String() {
		out += " --max-risk " + f.risk
	}
	if f.share != usualTarget {
		out += fmt.Sprintf(" --target %v", f.share)
	}
	if f.max != usualMax {
		out += fmt.Sprintf(" --max %d", f.max)
	}
	return strings.TrimSpace(out + plain(args))
}
