package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/reports/plot"
	"github.com/spf13/cobra"
)

func (c Command) plot() *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "plot RUN",
		Short: "Draw the slowdown of each arm on each workload, with its interval",
		Long:  "plot reads a run directory and draws its slowdowns as PNG or SVG, by the ending of --output.",
		Args:  oneRun,
		RunE: func(_ *cobra.Command, args []string) error {
			if output == "" {
				output = filepath.Join(args[0], "slowdown.png")
			}
			format := strings.TrimPrefix(filepath.Ext(output), ".")
			if format != "png" && format != "svg" {
				return usageError{fmt.Errorf("--output %q: a name that ends in .png or .svg", output)}
			}
			run, _, err := result.Read(args[0])
			if err != nil {
				return usageError{err}
			}
			if err := writeWhole(output, func(w io.Writer) error { return plot.Slowdown(w, run, format) }); err != nil {
				return usageError{err}
			}
			_, err = fmt.Fprintln(c.Out, output)
			return err
		},
	}
	cmd.Flags().StringVar(&output, "output", "", "file to write, .png or .svg (default RUN/slowdown.png)")
	return cmd
}

// oneRun is cobra.ExactArgs(1) as a usage error that says what is wanted.
func oneRun(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usageError{fmt.Errorf("%s takes one run directory, %d given", cmd.CommandPath(), len(args))}
	}
	return nil
}
