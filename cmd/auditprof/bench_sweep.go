package main

import (
	"errors"
	"slices"

	"github.com/auditprof/auditprof/bench"
	"github.com/auditprof/auditprof/scenarios"
	"github.com/spf13/cobra"
)

// sweepFlags ask for the rate that each set holds, in place of what it costs.
type sweepFlags struct{ sweep bool }

func (f *sweepFlags) register(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.sweep, "sweep", false, "search the highest rate that each rule set holds without a loss or a wait for room in the backlog, in place of the rounds")
}

// into checks the scenarios: one with a pace of its own is refused where it was named, and left out where it was not.
func (f sweepFlags) into(o *bench.Options, named []string) error {
	if o.Sweep = f.sweep; !f.sweep {
		return nil
	}
	if len(named) == 0 {
		o.Scenarios = slices.DeleteFunc(slices.Clone(o.Scenarios), func(sc scenarios.Info) bool { return bench.CanSweep(sc) != nil })
		return nil
	}
	var errs []error
	for _, sc := range o.Scenarios {
		errs = append(errs, bench.CanSweep(sc))
	}
	return errors.Join(errs...)
}
