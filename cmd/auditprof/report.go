package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// reportFlags are the flags of auditprof report as typed.
type reportFlags struct {
	format     string
	output     string
	suggestion string
	at         string
	top        int
	all        bool
	redact     redactFlag
}

func (c Command) reportCommand() *cobra.Command {
	var f reportFlags
	cmd := &cobra.Command{
		Use:   "report RUN|PROFILE.json…",
		Short: "Write the report of a run or of profiles that exist already",
		Long: `report reads the directory of a run that bench wrote, or profiles that analyze --profile wrote (several are added up), and writes the report
in the form that --format names. Nothing is measured or asked of this machine.

Of a run directory that is broken or cut off, what is there is reported and the rest is named.

Forms of a run: ` + strings.Join(formNames(runForms), ", ") + `. Forms of a profile: ` + strings.Join(formNames(profileForms), ", ") + `.

Exit codes: 0 done · 2 flags, or no run and no profile · 4 what is there cannot be read.`,
		Example: "  auditprof report runs/1122-1402\n" +
			"  auditprof report --format csv --output all.csv host*.json",
		RunE: func(cmd *cobra.Command, args []string) error { return c.runReport(f, args) },
	}
	fl := cmd.Flags()
	fl.StringVar(&f.format, "format", "text", "form of the report")
	fl.StringVar(&f.output, "output", "", "write the report to a file instead of standard output")
	fl.StringVar(&f.suggestion, "suggestion", "", "answer of suggest-exclusions --format json, whose proposals the report shows too")
	fl.StringVar(&f.at, "at", "", "of a run: rate of the real workload, as 40/s; the report then says what a day would hold")
	f.redact.add(cmd, leaving(runForms))
	fl.IntVar(&f.top, "top", defaultTop, "of a profile: lines of each table of the text report")
	fl.BoolVar(&f.all, "all", false, "of a profile: all lines of all tables of the text report")
	return cmd
}

// runReport reads what the arguments name, then writes its report.
func (c Command) runReport(f reportFlags, args []string) error {
	if len(args) == 0 {
		return usageError{errors.New("nothing to report: name the directory of a run, or profiles that analyze --profile wrote")}
	}
	inputs := args
	if f.suggestion != "" {
		inputs = append(inputs[:len(inputs):len(inputs)], f.suggestion)
	}
	if err := checkOutputs([]output{{"--output", f.output}}, inputs); err != nil {
		return usageError{err}
	}
	source, err := readReported(args)
	if err != nil {
		return err
	}
	if source.run != nil {
		return c.reportRun(f, *source.run)
	}
	return c.reportProfile(f, *source.profile)
}

func (c Command) reportRun(f reportFlags, r runReport) error {
	to, err := chosenForm(c, runForms, f.format, f.output)
	if err != nil {
		return err
	}
	if r.text.At, err = parseRate(f.at); err != nil {
		return usageError{err}
	}
	if r.advice, err = readAdvice(f.suggestion); err != nil {
		return err
	}
	r.text.Width, r.text.Color = 80, false
	if f.output == "" {
		r.text.Width, r.text.Color = terminal(c.Out)
	}
	c.note(r.remarks)
	if f.redact.wanted(to.leaves) {
		r = r.redacted()
	}
	return c.put(f.output, func(w io.Writer) error { return to.write(w, r) })
}

func (c Command) reportProfile(f reportFlags, r profileReport) error {
	to, err := chosenForm(c, profileForms, f.format, f.output)
	if err != nil {
		return err
	}
	if f.at != "" {
		return usageError{errors.New("--at is for a run: a profile says itself what a day holds")}
	}
	if f.top < 1 {
		return usageError{fmt.Errorf("--top %d: 1 or more lines of each table; --all for all of them", f.top)}
	}
	if r.advice, err = readAdvice(f.suggestion); err != nil {
		return err
	}
	if f.redact.wanted(to.leaves) {
		r = r.redacted()
	}
	r.text.Width, r.text.Top, r.text.All = 80, f.top, f.all
	if f.output == "" {
		r.text.Width, r.text.Color = terminal(c.Out)
	}
	return c.put(f.output, func(w io.Writer) error { return to.write(w, r) })
}

// chosenForm is the form that --format names, refused where it would fill a terminal with bytes.
func chosenForm[T any](c Command, forms []form[T], name, output string) (form[T], error) {
	f, err := formNamed(forms, name)
	if err == nil && f.binary && output == "" && isTerminal(c.Out) {
		err = fmt.Errorf("--format %s is no text: write it to a file, with --output p.pb.gz", name)
	}
	if err != nil {
		return f, usageError{err}
	}
	return f, nil
}
