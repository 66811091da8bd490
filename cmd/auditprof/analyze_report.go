package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/reports/escape"
	"github.com/auditprof/auditprof/reports/text"
)

// stoppedError is an interrupt of something that changes nothing.
type stoppedError struct{ error }

func (e stoppedError) Error() string { return "interrupted: nothing is written" }

func (e stoppedError) Unwrap() error { return e.error }

// runAnalyze reads everything, and writes only what is whole.
func (c Command) runAnalyze(ctx context.Context, f analyzeFlags, args []string) error {
	get := c.analyzeLogs
	if f.merge {
		get = c.mergeProfiles
	}
	a, err := get(ctx, f, args)
	defer a.close()
	if errors.Is(err, context.Canceled) {
		return stoppedError{err}
	}
	if err != nil {
		return err
	}
	return c.deliver(a, f, args)
}

// deliver writes what was asked for; the report comes last, so that it never speaks of a file that is not there.
func (c Command) deliver(a *analyzed, f analyzeFlags, args []string) error {
	if a.decisions != nil {
		if err := a.decisions.deliver(f.decisions, c.Out); err != nil {
			return err
		}
	}
	if f.profile != "" {
		if err := c.put(f.profile, a.profile.WriteShared); err != nil {
			return err
		}
	}
	if f.format != "text" {
		c.note(a.remarks)
	}
	o := text.ProfileOptions{Width: 80, Top: f.top, All: f.all, Logs: a.logs, Rules: a.rules, Target: a.target, Remarks: shownRemarks(a.remarks, f.all), Next: nextSteps(a, f, args)}
	if f.output == "" {
		o.Width, o.Color = terminal(c.Out)
	}
	return c.put(f.output, func(w io.Writer) error { return writeProfile(w, a.profile, f.format, o) })
}

// put writes to a file, or to standard output where the path is empty or "-".
func (c Command) put(path string, write func(io.Writer) error) error {
	if path == "" || path == "-" {
		return write(c.Out)
	}
	return writeWhole(path, write)
}

func writeProfile(w io.Writer, p *analyze.Profile, format string, o text.ProfileOptions) error {
	if format == "json" {
		return p.Write(w)
	}
	return text.WriteProfile(w, p, o)
}

// note prints remarks to standard error: the forms for programs have no place for them.
func (c Command) note(remarks []string) {
	for _, r := range remarks {
		fmt.Fprintf(c.Err, "auditprof: %s\n", escape.Line(r))
	}
}

// maxRemarks is how many remarks a report has without --all: a set for another auditctl may have hundreds of lines that do not load.
const maxRemarks = 8

func shownRemarks(remarks []string, all bool) []string {
	if more := len(remarks) - maxRemarks; more > 0 && !all {
		return append(remarks[:maxRemarks:maxRemarks], fmt.Sprintf("and %d more, with --all", more))
	}
	return remarks
}
