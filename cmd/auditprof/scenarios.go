package main

import (
	"fmt"

	"github.com/auditprof/auditprof/scenarios"
	"github.com/spf13/cobra"
)

func (c Command) scenarios() *cobra.Command {
	return &cobra.Command{
		Use:   "scenarios [NAME]",
		Short: "List the workloads, what each imitates and why audit rules hurt there",
		Args: func(cmd *cobra.Command, args []string) error {
			if err := cobra.MaximumNArgs(1)(cmd, args); err != nil {
				return usageError{err}
			}
			return nil
		},
		ValidArgsFunction: completeScenarios,
		RunE: func(_ *cobra.Command, args []string) error {
			list := append(scenarios.All(), scenarios.Optional()...)
			if len(args) == 1 {
				one, err := scenarios.Lookup(args[0])
				if err != nil {
					return usageError{err}
				}
				list = []scenarios.Info{one}
			}
			for _, s := range list {
				if _, err := fmt.Fprintf(c.Out, "%s (%s session, one operation: %s)\n  %s\n  %s\n", s.Name, s.Session, s.Op, s.Imitates, s.Hurts); err != nil {
					return err
				}
				if s.Needs == "" {
					continue
				}
				if _, err := fmt.Fprintf(c.Out, "  It needs %s and is run only where it is named.\n", s.Needs); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

func completeScenarios(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var names []string
	for _, s := range append(scenarios.All(), scenarios.Optional()...) {
		names = append(names, s.Name)
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
