package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
)

// analyzeFlags are the flags of auditprof analyze as typed.
type analyzeFlags struct {
	readingFlags
	byKey     bool
	decisions string
	profile   string
	format    string
	output    string
	redact    redactFlag
	top       int
	all       bool
	merge     bool
}

// check refuses what cannot be meant, before anything is read.
func (f analyzeFlags) check(cmd *cobra.Command, args []string) error {
	if len(args) == 0 && f.merge {
		return errors.New("no profiles to merge: name files that --profile wrote")
	}
	if err := f.readingFlags.check(args); err != nil {
		return err
	}
	if _, err := formNamed(profileForms, f.format); err != nil {
		return err
	}
	if f.top < 1 {
		return fmt.Errorf("--top %d: 1 or more lines of each table; --all for all of them", f.top)
	}
	if f.merge {
		if err := notWithMerge(cmd); err != nil {
			return err
		}
	}
	if f.byKey && len(f.rules) > 0 {
		return errors.New("--by-key and --rules: events are told by the one or the other")
	}
	if err := f.checkStreams(args); err != nil {
		return err
	}
	return f.checkTargets(args)
}

// notWithMerge refuses flags that only a reading of logs can follow.
func notWithMerge(cmd *cobra.Command) error {
	for _, name := range []string{"rules", "target", "strict-load", "by-key", "host-snapshot", "host-as-node", "decisions", "jobs"} {
		if cmd.Flags().Changed(name) {
			return fmt.Errorf("--%s does not go with --merge: profiles were decided when they were written", name)
		}
	}
	return nil
}

// checkStreams lets one thing only come from standard input, and one go to standard output.
func (f analyzeFlags) checkStreams(args []string) error {
	if err := f.checkInputs(args); err != nil {
		return err
	}
	out := 0
	for _, name := range []string{f.output, f.decisions, f.profile} {
		if name == "-" {
			out++
		}
	}
	if f.output == "" {
		out++
	}
	if out > 1 {
		return errors.New("two things would go to standard output: give the report a file with --output, or a file to --decisions and --profile")
	}
	return nil
}

// checkTargets refuses to write where it cannot be written.
func (f analyzeFlags) checkTargets(args []string) error {
	return checkOutputs([]output{{"--output", f.output}, {"--decisions", f.decisions}, {"--profile", f.profile}}, f.inputs(args))
}
