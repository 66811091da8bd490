package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/auditprof/auditprof/reports/escape"
	"github.com/auditprof/auditprof/scenarios"
	"github.com/spf13/cobra"
)

func (c Command) scenarios() *cobra.Command {
	var source bool
	cmd := &cobra.Command{
		Use:   "scenarios [NAME | NAME@RATE | FILE.yaml]…",
		Short: "List the workloads, what each imitates and why audit rules hurt there",
		Long: `scenarios lists the workloads of bench: first the eight that are run where none is named, then the others of --scenario all, then those that
need something installed and are run only by name. With a name it describes that one; a file is checked and described: see docs/scenarios.md.

NAME@RATE is the scenario at a fixed rate of operations per second (open loop), as exec-storm@400: each operation is timed from when it was due.`,
		Example: "  auditprof scenarios ./mine.yaml\n  auditprof scenarios --yaml file-churn > mine.yaml",
		Args: func(_ *cobra.Command, args []string) error {
			if source && len(args) != 1 {
				return usageError{errors.New("--yaml prints the file of one scenario: name it")}
			}
			return nil
		},
		ValidArgsFunction: completeScenarios,
		RunE: func(_ *cobra.Command, args []string) error {
			if source {
				return c.printSource(args[0])
			}
			return c.listScenarios(args)
		},
	}
	cmd.Flags().BoolVar(&source, "yaml", false, "print the scenario as a file, to begin one's own with")
	cmd.AddCommand(c.scenariosReplay())
	return cmd
}

func (c Command) printSource(name string) error {
	if scenarios.IsFile(name) || strings.Contains(name, "@") {
		return usageError{fmt.Errorf("--yaml %.80q: the name of a scenario that ships, without a rate", name)}
	}
	text, err := scenarios.Source(name)
	if err != nil {
		if _, unknown := scenarios.Lookup(name); unknown != nil {
			err = unknown
		}
		return usageError{err}
	}
	_, err = io.WriteString(c.Out, text)
	return err
}

func (c Command) listScenarios(words []string) error {
	list := append(scenarios.All(), scenarios.Optional()...)
	if len(words) > 0 {
		var err error
		if list, err = scenarios.Describe(words); err != nil {
			return usageError{err}
		}
	}
	for _, s := range list {
		if err := c.describe(s); err != nil {
			return err
		}
	}
	return nil
}

// describe prints one scenario. What a file says of itself is escaped.
func (c Command) describe(s scenarios.Info) error {
	pace := ""
	if s.OpsPerSecond > 0 {
		pace = fmt.Sprintf(", %g a second", s.OpsPerSecond)
	}
	text := fmt.Sprintf("%s (%s session, one operation: %s%s)\n  %s\n  %s\n", s.Name, s.Session, escape.Line(s.Op), pace, escape.Line(s.Imitates), escape.Line(s.Hurts))
	if users := s.Users.List(); len(users) > 0 {
		text += "  " + shareLine(users) + "\n"
	}
	if s.Needs != "" {
		text += fmt.Sprintf("  It needs %s and is run only where it is named.\n", s.Needs)
	}
	if err := scenarios.NotInstalled(s); err != nil {
		text += fmt.Sprintf("  It cannot be run here: %s\n", escape.Line(err.Error()))
	}
	if s.AuditWrite {
		text += "  Its process gets the capability CAP_AUDIT_WRITE and no other.\n"
	}
	_, err := io.WriteString(c.Out, text)
	return err
}

// shareLine says who does how much of it.
func shareLine(users []scenarios.User) string {
	all := 0
	for _, u := range users {
		all += u.Weight
	}
	var parts []string
	for _, u := range users {
		parts = append(parts, fmt.Sprintf("%s %.3g %%", u.Name, 100*float64(u.Weight)/float64(all)))
	}
	return "Of its operations: " + strings.Join(parts, ", ") + ", each user in a process of its own."
}

func completeScenarios(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var names []string
	for _, s := range append(scenarios.All(), scenarios.Optional()...) {
		names = append(names, s.Name)
	}
	return append(names, scenarios.AllWord), cobra.ShellCompDirectiveDefault
}
