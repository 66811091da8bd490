package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/bench/gate"
	"github.com/spf13/cobra"
)

// gateFlags are the flags of auditprof gate as typed. rules are the new ones.
type gateFlags struct {
	readingFlags
	logs      []string
	baseRules []string
	logRules  []string
	keep      []string
	arm       string
	baseArm   string
	baseline  string
	noBuiltin bool
	output    string

	budget         string
	only           []string
	onInconclusive string
	format         string
	also           []string // FORM=FILE
	metrics        bool
	redact         redactFlag
}

// addInputs defines the flags that say what is judged.
func (f *gateFlags) addInputs(cmd *cobra.Command) {
	f.readingFlags.add(cmd, "target")
	fl := cmd.Flags()
	fl.Lookup("rules").Usage = "the new rules: file, rules.d directory or - (default: those of the run's arm; may be repeated: one set, in order)"
	fl.StringArrayVar(&f.logs, "log", nil, "recorded log to replay: file, directory or - (default: those that the run keeps; may be repeated)")
	fl.StringArrayVar(&f.baseRules, "base-rules", nil, "the rules before the change (may be repeated: one set, in order)")
	fl.StringArrayVar(&f.logRules, "log-rules", nil, "the rules that the log was written under (default: the base rules, or the new ones where there are none)")
	fl.StringArrayVar(&f.keep, "keep", nil, "events that must still be recorded: log lines, or conditions in YAML (may be repeated)")
	fl.BoolVar(&f.noBuiltin, "no-builtin-detections", false, "do not ask whether the built-in detections still see what they saw")
	fl.StringVar(&f.arm, "arm", "", "rule set of the run that is judged")
	fl.StringVar(&f.baseArm, "base-arm", "", "rule set that it is held against, of --baseline or of the same run")
	fl.StringVar(&f.output, "output", "", "write to a file instead of standard output")
}

// addVerdict defines the flags that say how it is judged.
func (f *gateFlags) addVerdict(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.StringVar(&f.budget, "budget", "", "budget file (docs/gate.md)")
	fl.StringVar(&f.baseline, "baseline", "", "run directory, or file of gate baseline, that relative limits are of")
	fl.StringSliceVar(&f.only, "only", nil, "sections of the budget to judge: "+strings.Join(gate.Sections(), ", ")+" (default: all)")
	fl.StringVar(&f.onInconclusive, "on-inconclusive", "", "what it means that a limit cannot be told: fail, warn or pass (default: exit code 3)")
	fl.StringVar(&f.format, "format", "text", "report: "+strings.Join(formNames(verdictForms), ", "))
	fl.StringArrayVar(&f.also, "also", nil, "write another form of the same verdict to a file, as junit=gate.xml (may be repeated)")
	f.redact.add(cmd, leaving(verdictForms))
	fl.BoolVar(&f.metrics, "metrics", false, "list the metrics that a budget may name, and end")
}

// check refuses what cannot be meant, before anything is read.
func (f *gateFlags) check(args []string) error {
	for _, s := range f.only {
		if !slices.Contains(gate.Sections(), s) {
			return fmt.Errorf("--only %q: %s", s, oneOf(s, gate.Sections()))
		}
	}
	if verdicts := []string{"fail", "warn", "pass"}; f.onInconclusive != "" && !slices.Contains(verdicts, f.onInconclusive) {
		return fmt.Errorf("--on-inconclusive %q: %s", f.onInconclusive, oneOf(f.onInconclusive, verdicts))
	}
	if f.budget == "" {
		return errors.New("no budget: name one with --budget (auditprof gate init writes a first one)")
	}
	if _, err := formNamed(verdictForms, f.format); err != nil {
		return err
	}
	if _, err := alsoForms(f.also); err != nil {
		return err
	}
	return f.checkInputsOf(args)
}

// outputs are the files that are to be written.
func (f *gateFlags) outputs() []output {
	list := []output{{"--output", f.output}}
	for _, word := range f.also {
		_, file, _ := strings.Cut(word, "=")
		list = append(list, output{"--also", file})
	}
	return list
}

func (f *gateFlags) checkInputsOf(args []string) error {
	switch {
	case len(args) == 0 && len(f.rules) == 0:
		return errors.New("nothing to judge: name a run, or the new rules with --rules")
	case len(args) == 0 && (f.arm != "" || f.baseArm != "" && f.baseline == ""):
		return errors.New("--arm and --base-arm name rule sets of a run: name the run")
	case len(f.logRules) > 0 && len(f.logs) == 0:
		return errors.New("--log-rules goes with --log")
	case len(f.logs) > 0 && len(f.rules) == 0 && len(args) == 0:
		return errors.New("--log without the new rules: name them with --rules")
	}
	in := 0
	for _, name := range slices.Concat(f.rules, f.baseRules, f.logRules, f.logs, f.keep, []string{f.budget}) {
		if name == "-" {
			in++
		}
	}
	if in > 1 {
		return errors.New("- is given twice: standard input can be read once")
	}
	if f.budget == "-" {
		return errors.New("--budget -: a budget is a file, errors have to name it")
	}
	logs := f.logs
	if len(logs) == 0 {
		logs = []string{"none"} // jobs are checked all the same
	}
	if err := f.readingFlags.check(logs); err != nil {
		return err
	}
	return checkOutputs(f.outputs(), slices.Concat(f.inputs(args), f.logs, f.baseRules, f.logRules, f.keep, []string{f.budget, f.baseline}))
}
