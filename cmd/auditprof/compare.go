package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/compare"
	"github.com/auditprof/auditprof/reports/redact"
	"github.com/auditprof/auditprof/reports/text"
	"github.com/spf13/cobra"
)

type compareFlags struct {
	format string
	output string
	all    bool
	redact redactFlag
}

func (c Command) compare() *cobra.Command {
	var f compareFlags
	cmd := &cobra.Command{
		Use:   "compare BASE OTHER…",
		Short: "Say what changed between runs or profiles: rules, volume, cost, and which rule it was",
		Long: `compare holds one or more others against the first.

Each is a run directory of auditprof bench, RUN:ARM for one rule set of it (two sets of one run are compared round by round), a profile
written by auditprof analyze --profile, or a directory of such profiles, added up.

Volume is compared exactly. Cost is compared with intervals, for runs of the same host and kernel; otherwise the report says why it is not.

Exit codes: 0 done, whatever changed (auditprof gate judges) · 2 usage, or something that cannot be read.`,
		Example: "  auditprof compare runs/before runs/after\n  auditprof compare runs/one:now runs/one:next\n  auditprof compare monday.json tuesday.json",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 2 {
				return usageError{fmt.Errorf("compare takes two runs or profiles, or more; %d given", len(args))}
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return c.runCompare(f, args) },
	}
	fl := cmd.Flags()
	fl.StringVar(&f.format, "format", "text", "report: "+strings.Join(formNames(comparisonForms), ", "))
	f.redact.add(cmd, leaving(comparisonForms))
	fl.StringVar(&f.output, "output", "", "write the report to a file instead of standard output")
	fl.BoolVar(&f.all, "all", false, "every rule that changed, and every rule whose volume did")
	return cmd
}

func (c Command) runCompare(f compareFlags, args []string) error {
	to, err := chosenForm(c, comparisonForms, f.format, f.output)
	if err != nil {
		return err
	}
	var red *redact.Redactor
	if f.redact.wanted(to.leaves) {
		red = newRedactor(nil) // one for all sides: a name has the same placeholder in each
	}
	var sides []compare.Side
	for _, arg := range args {
		s, err := readSide(arg, red)
		if err != nil {
			return usageError{err}
		}
		sides = append(sides, s)
	}
	cmp, err := compare.Of(sides[0], sides[1:]...)
	if err != nil {
		return usageError{err}
	}
	o := text.ComparisonOptions{Width: 80, All: f.all}
	if f.output == "" {
		o.Width, o.Color = terminal(c.Out)
	}
	return c.put(f.output, func(w io.Writer) error { return to.write(w, comparisonReport{cmp, o}) })
}

// readSide reads what an argument of compare names, without names where there is a redactor. A path that exists is never cut at a colon.
func readSide(arg string, red *redact.Redactor) (compare.Side, error) {
	path, arm := arg, ""
	if _, err := os.Stat(arg); err != nil {
		dir, name, found := cutLast(arg, ":")
		if !found {
			return compare.Side{}, fmt.Errorf("%s: no such run or profile", arg)
		}
		path, arm = dir, name
	}
	st, err := os.Stat(path)
	if err != nil {
		return compare.Side{}, err
	}
	switch {
	case !st.IsDir() && arm != "":
		return compare.Side{}, fmt.Errorf("%s: %s is no run directory, and only runs have sets by name", arg, path)
	case !st.IsDir():
		return profileSide(arg, []string{path}, red)
	}
	if _, err := os.Stat(filepath.Join(path, result.RunFile)); err == nil || arm != "" {
		return runSide(arg, path, arm, red)
	}
	files, err := filepath.Glob(filepath.Join(escapeGlob(path), "*.json"))
	if err != nil || len(files) == 0 {
		return compare.Side{}, fmt.Errorf("%s: neither a run directory (it has no %s) nor a directory of profiles (no *.json)", arg, result.RunFile)
	}
	slices.Sort(files)
	return profileSide(arg, files, red)
}

// cutLast cuts at the last separator.
func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// escapeGlob makes a path stand for itself in a pattern.
func escapeGlob(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

func runSide(arg, dir, arm string, red *redact.Redactor) (compare.Side, error) {
	run, slots, err := result.Read(dir)
	if err != nil {
		return compare.Side{}, err
	}
	if red != nil {
		run, slots, arg, arm = red.Run(run), red.Slots(slots), red.Text(arg), red.Text(arm)
	}
	return compare.OfRun(arg, run, slots, arm)
}

func profileSide(arg string, files []string, red *redact.Redactor) (compare.Side, error) {
	p, err := analyze.MergeFiles(files, nil)
	if err != nil {
		return compare.Side{}, err
	}
	if red != nil {
		p, arg = red.Profile(p), red.Text(arg)
	}
	return compare.OfProfile(arg, p), nil
}
