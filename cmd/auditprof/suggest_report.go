package main

import (
	"context"
	"errors"
	"io"
	"slices"

	"github.com/auditprof/auditprof/analyze/suggest/advice"
	"github.com/auditprof/auditprof/analyze/suggest/place"
	"github.com/auditprof/auditprof/bench/verify"
	"github.com/auditprof/auditprof/reports/text"
)

// runSuggest reads everything, and writes only what is whole.
func (c Command) runSuggest(ctx context.Context, f suggestFlags, args []string) error {
	c.In = interruptible(ctx, c.In)
	s, err := c.suggestFrom(ctx, f, args)
	if errors.Is(err, context.Canceled) {
		return stoppedError{err}
	}
	if err != nil {
		return err
	}
	failed := s.verified != nil && !s.verified.OK()
	if !failed {
		if err := s.write(f, c.Out); err != nil {
			return err
		}
	}
	if f.format != "text" {
		c.note(s.advice.Remarks)
	}
	o := text.SuggestionOptions{Width: 80, RuleCount: s.ruleCount, Verified: s.verified, Next: s.next(f, args)}
	if f.output == "" {
		o.Width, o.Color = terminal(c.Out)
	}
	err = c.put(f.output, func(w io.Writer) error { return s.report(w, f.format, o) })
	if failed && err == nil {
		return errNotVerified
	}
	return err
}

func (s *suggestion) report(w io.Writer, format string, o text.SuggestionOptions) error {
	switch {
	case format == "json" && s.verified != nil:
		return s.advice.Write(w, s.verified)
	case format == "json":
		return s.advice.Write(w, nil)
	}
	return text.WriteSuggestion(w, s.advice, o)
}

// write writes the changed rules where they were asked for. The report comes after them: it never speaks of a file that is not there.
func (s *suggestion) write(f suggestFlags, out io.Writer) error {
	if f.write == "" && f.patch == "" {
		return nil
	}
	if s.edited == nil {
		s.advice.Remarks = append(s.advice.Remarks, "nothing is proposed, so nothing is written")
		return nil
	}
	if f.patch != "" {
		patch, err := s.edited.Patch()
		if err != nil {
			return err
		}
		put := Command{Out: out}.put
		if err := put(f.patch, func(w io.Writer) error { _, err := io.WriteString(w, patch); return err }); err != nil {
			return err
		}
		if f.patch != "-" {
			s.advice.Wrote = append(s.advice.Wrote, f.patch)
		}
	}
	if f.write != "" {
		if err := s.edited.WriteDir(f.write); err != nil {
			return err
		}
		s.advice.Wrote = append(s.advice.Wrote, f.write)
	}
	return nil
}

// next are the commands that help on.
func (s *suggestion) next(f suggestFlags, args []string) (steps []text.Step) {
	if len(s.advice.Proposals) == 0 {
		return nil
	}
	if s.assumes() && f.snapshot == "" && !f.thisHost && f.run == "" {
		steps = append(steps, text.Step{Why: "on the host that wrote the log: who may write what these assume, for --host-snapshot",
			Command: "auditprof snapshot" + flagged("--rules", f.rules) + " --log /var/log/audit --output host.json"})
	}
	switch {
	case f.write == "" && f.patch == "":
		steps = append(steps, text.Step{Why: "the rule files with these changes, in a new directory", Command: f.typedAgain(args) + " --write new-rules"})
	case !f.verify:
		steps = append(steps, text.Step{Why: "the old and the new rules measured side by side, with canaries, on a staging host (root)", Command: f.typedAgain(args) + f.toVerify()})
	}
	return steps
}

// toVerify are the flags that have the same measured.
func (f *suggestFlags) toVerify() string {
	if f.run == "" {
		return " --verify --scenario db-churn"
	}
	return " --verify"
}

// assumes tells whether some proposal rests on what nobody has looked at.
func (s *suggestion) assumes() bool {
	return slices.ContainsFunc(s.advice.Proposals, func(p advice.Proposal) bool { return len(p.Assumes) > 0 })
}

// suggestion is all that one call found.
type suggestion struct {
	advice    *advice.Advice
	edited    *place.Edited    // nil: nothing is proposed
	verified  *verify.Verified // nil: not asked for
	ruleCount int
}
