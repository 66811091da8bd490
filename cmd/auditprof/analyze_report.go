package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/auditprof/auditprof/reports/escape"
	"github.com/auditprof/auditprof/reports/text"
	"golang.org/x/term"
)

// stoppedError is an interrupt of something that changes nothing.
type stoppedError struct{ error }

func (e stoppedError) Error() string { return "interrupted: nothing is written" }

func (e stoppedError) Unwrap() error { return e.error }

// runAnalyze reads everything, and writes only what is whole.
func (c Command) runAnalyze(ctx context.Context, f analyzeFlags, args []string) error {
	if _, err := chosenForm(c, profileForms, f.format, f.output); err != nil {
		return err
	}
	c.In = interruptible(ctx, c.In)
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
		c.note(a.notes(f.all))
	}
	o := text.ProfileOptions{Width: 80, Top: f.top, All: f.all, Logs: a.logs, Rules: a.rules, Target: a.target, Remarks: a.notes(f.all), Next: nextSteps(a, f, args)}
	if f.output == "" {
		o.Width, o.Color = terminal(c.Out)
	}
	to, err := formNamed(profileForms, f.format)
	if err != nil {
		return usageError{err}
	}
	r := profileReport{profile: a.profile, text: o}
	if f.redact.wanted(to.leaves) {
		r = r.redacted()
	}
	return c.put(f.output, func(w io.Writer) error { return to.write(w, r) })
}

// put writes to a file, or to standard output where the path is empty or "-".
func (c Command) put(path string, write func(io.Writer) error) error {
	if path == "" || path == "-" {
		return write(c.Out)
	}
	return writeWhole(path, write)
}

// note prints remarks to standard error: the forms for programs have no place for them.
func (c Command) note(remarks []string) {
	for _, r := range remarks {
		fmt.Fprintf(c.Err, "auditprof: %s\n", escape.Line(r))
	}
}

// A set for another auditctl may have hundreds of lines that do not load, with all that would be legal in each: a report without --all has the
// beginnings of a few.
const (
	maxRefused = 3
	maxRemarks = 8
	maxRemark  = 150 // columns
)

// notes are the remarks of the text report.
func (a *analyzed) notes(all bool) []string {
	var list []string
	for _, r := range a.refused {
		list = append(list, "not loaded: "+r)
	}
	return slices.Concat(few(list, maxRefused, all, "lines that are not loaded, with --all"), few(a.remarks, maxRemarks, all, "remarks, with --all"))
}

// few are the first n of a list, shortened, and how many more there are; or all as they are.
func few(list []string, n int, all bool, what string) []string {
	if all {
		return list
	}
	var out []string
	for _, s := range list[:min(len(list), n)] {
		out = append(out, escape.Cut(escape.Line(s), maxRemark))
	}
	if more := len(list) - n; more > 0 {
		out = append(out, fmt.Sprintf("and %d more %s", more, what))
	}
	return out
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
