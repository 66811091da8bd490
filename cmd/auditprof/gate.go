package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/auditprof/auditprof/bench/gate"
	"github.com/spf13/cobra"
)

func (c Command) gate() *cobra.Command {
	var f gateFlags
	cmd := &cobra.Command{
		Use:   "gate --budget FILE [RUN] [--base-rules PATH --rules PATH --log LOG…]",
		Short: "Hold a change of rules against a budget: what it costs, what it writes, what is still seen",
		Long: `gate judges a run of auditprof bench, or rules and recorded logs alone, by the limits of a budget file. A limit fails only where all of a figure's
interval lies beyond it, and passes only where all lies within; else the gate cannot tell, which is no pass.

What the base rules recorded and the new ones do not is a check beside every cost: both are replayed over the same logs. It fails unless the budget
names it with a reason, an owner and a day.

Without a RUN nothing is asked of this machine: it works where there is no audit, and without root.

Exit codes: 0 pass · 1 fail · 2 usage, the budget, or a workload, metric or rule that is not there · 3 inconclusive · 4 what cannot be read ·
5 the run is invalid.`,
		Example: "  auditprof gate --budget budget.yaml --base-rules main/rules.d --rules rules.d --log recorded.log\n" +
			"  auditprof gate --budget budget.yaml runs/1122-1402 --arm new --base-arm base\n" +
			"  auditprof gate init --rules rules.d --log recorded.log --output budget.yaml\n" +
			"  auditprof gate baseline runs/1122-1402 --output baseline.json",
		Args: atMostOne,
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.metrics {
				_, err := fmt.Fprintln(c.Out, strings.Join(gate.Metrics(), "\n"))
				return err
			}
			if err := f.check(args); err != nil {
				return usageError{err}
			}
			return stopped(c.runGate(cmd.Context(), f, args))
		},
	}
	f.addInputs(cmd)
	f.addVerdict(cmd)
	cmd.AddCommand(c.gateInit(), c.gateBaseline())
	return cmd
}

func (c Command) gateInit() *cobra.Command {
	return c.gateWriter("init [RUN]", "Write a first budget, a little above what was measured", newFile, func(w io.Writer, g *gated) error {
		return gate.WriteFirst(w, g.figures, g.of)
	})
}

func (c Command) gateBaseline() *cobra.Command {
	return c.gateWriter("baseline [RUN]", "Write the exact figures of a rule set, for the repository", replaces, func(w io.Writer, g *gated) error {
		for i := range g.figures.Scenarios {
			if s := &g.figures.Scenarios[i]; s.Broken != "" {
				return fmt.Errorf("%w as a baseline: %s: %s: measure again", gate.ErrInvalidRun, s.Name, s.Broken)
			}
		}
		return gate.BaselineOf(g.figures).Write(w)
	})
}

// Whether a command writes over a file that is there: what people go on writing by hand it does not.
const (
	newFile  = true
	replaces = false
)

// gateWriter is a command that writes something of the figures.
func (c Command) gateWriter(use, short string, fresh bool, write func(io.Writer, *gated) error) *cobra.Command {
	var f gateFlags
	cmd := &cobra.Command{Use: use, Short: short, Args: atMostOne, RunE: func(cmd *cobra.Command, args []string) error {
		if err := f.checkInputsOf(args); err != nil {
			return usageError{err}
		}
		if st, err := os.Stat(f.output); fresh && err == nil && st.Mode().IsRegular() {
			return usageError{fmt.Errorf("--output %q: it is there, and may have been written by hand: name another file, or remove it", f.output)}
		}
		g, err := c.gateInputs(cmd.Context(), f, args)
		if err != nil {
			return stopped(err)
		}
		return c.put(f.output, func(w io.Writer) error { return write(w, g) })
	}}
	f.addInputs(cmd)
	return cmd
}

// atMostOne takes one run.
func atMostOne(cmd *cobra.Command, args []string) error {
	if len(args) > 1 {
		return usageError{fmt.Errorf("%d runs: one is judged, another is given with --baseline", len(args))}
	}
	return nil
}

// stopped says of a command that changes nothing what an interrupt means.
func stopped(err error) error {
	if errors.Is(err, context.Canceled) {
		return stoppedError{err}
	}
	return err
}

// gateError is a verdict that is no pass, with the exit code that it means.
type gateError struct {
	code int
	text string
}

func (e gateError) Error() string { return e.text }

// verdictError is the error of a verdict, nil for a pass.
func verdictError(v *gate.Verdict, onInconclusive string) error {
	switch v.Outcome {
	case gate.Fail:
		return gateError{exitFindings, fmt.Sprintf("gate: %d of %d checks fail", v.Count(gate.Fail), len(v.Checks))}
	case gate.Inconclusive:
		switch onInconclusive {
		case "pass", "warn":
			return nil
		case "fail":
			return gateError{exitFindings, fmt.Sprintf("gate: %d of %d checks cannot be told, and --on-inconclusive fail", v.Count(gate.Inconclusive), len(v.Checks))}
		}
		return gateError{exitUnsure, fmt.Sprintf("gate: %d of %d checks cannot be told", v.Count(gate.Inconclusive), len(v.Checks))}
	}
	return nil
}
