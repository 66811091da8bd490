package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/auditprof/auditprof/internal/kernel"
	"github.com/auditprof/auditprof/reports/escape"
	"github.com/spf13/cobra"
)

func (c Command) restore() *cobra.Command {
	return &cobra.Command{
		Use:   "restore",
		Short: "Put the audit state back that a killed run left changed",
		Long:  "restore looks for the journal of a run that was killed together with its guard, puts rules and settings back, and compares.\nWithout such a journal it changes nothing.",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			r, err := kernel.RestoreStale(kernel.Options{})
			if err != nil {
				return err
			}
			_, err = io.WriteString(c.Out, restoredText(r))
			return err
		},
	}
}

// restoredText says what was done, in the order in which somebody on call wants to know it.
func restoredText(r kernel.Restored) string {
	switch {
	case !r.Stale:
		return "nothing to restore: no run left a journal\n"
	case r.OtherBoot:
		return "the machine was booted since that run, which put everything back; its journal is removed\n"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "restored: %d rules are loaded as they were found\n", r.Rules)
	for _, c := range r.Changed {
		fmt.Fprintf(&b, "  was changed: %s\n", escape.Line(c))
	}
	if len(r.Killed) > 0 {
		fmt.Fprintf(&b, "  ended processes of the run: %d\n", len(r.Killed))
	}
	return b.String()
}
