package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/reports/plot"
	"github.com/spf13/cobra"
)

// plotFlags say what is drawn, and where it goes.
type plotFlags struct {
	kind   string // "" for the first kind, or for all of them into a directory
	output string
	redact redactFlag
}

func (c Command) plot() *cobra.Command {
	var f plotFlags
	cmd := &cobra.Command{
		Use:   "plot RUN",
		Short: "Draw a run: slowdowns, latencies, backlog, CPU and memory of auditd, volume by rule, filter tax",
		Long:  "plot reads a run directory and draws it as PNG or SVG, by the ending of --output. Into a directory it draws all that the run has figures for:\n" + kindsHelp(),
		Args:  oneRun,
		RunE:  func(_ *cobra.Command, args []string) error { return c.runPlot(f, args[0]) },
	}
	cmd.Flags().StringVar(&f.kind, "plot", "", "what to draw: "+strings.Join(kindNames(), ", ")+" (default slowdown, or all into a directory)")
	cmd.Flags().StringVar(&f.output, "output", "", "file to write, .png or .svg, or a directory with / at its end (default RUN/KIND.png)")
	f.redact.add(cmd, []string{"none"})
	return cmd
}

func kindNames() (names []string) {
	for _, k := range plot.Kinds {
		names = append(names, k.Name)
	}
	return names
}

func kindsHelp() string {
	var b strings.Builder
	for _, k := range plot.Kinds {
		fmt.Fprintf(&b, "  %-9s %s\n", k.Name, k.Shows)
	}
	return b.String()
}

func (c Command) runPlot(f plotFlags, dir string) error {
	kind, err := chosenKind(f.kind)
	if err != nil {
		return usageError{err}
	}
	all := intoDirectory(f.output)
	path := f.output
	if path == "" {
		path = filepath.Join(dir, kind+".png")
	}
	if format := formatOf(path); !all && format != "png" && format != "svg" {
		return usageError{fmt.Errorf("--output %q: a name that ends in .png or .svg, or a directory with / at its end", path)}
	}
	if st, err := os.Stat(dir); err == nil && !st.IsDir() {
		return usageError{fmt.Errorf("%s is no run directory", dir)}
	}
	r, err := readRunDir(dir)
	if err != nil {
		return err
	}
	c.note(r.remarks)
	if f.redact.wanted(false) {
		*r = r.redacted()
	}
	run, slots := r.run, r.slots
	if all && f.kind == "" {
		return c.plotAll(f.output, run, slots)
	}
	if all {
		path = filepath.Join(f.output, kind+".png")
	}
	return c.plotOne(path, kind, run, slots)
}

// chosenKind is the named kind, or the first.
func chosenKind(name string) (string, error) {
	for _, k := range plot.Kinds {
		if name == "" || k.Name == name {
			return k.Name, nil
		}
	}
	return "", fmt.Errorf("--plot %q: %s", name, oneOf(name, kindNames()))
}

func intoDirectory(path string) bool {
	if strings.HasSuffix(path, "/") {
		return true
	}
	st, err := os.Stat(path)
	return err == nil && st.IsDir()
}

func formatOf(path string) string { return strings.TrimPrefix(filepath.Ext(path), ".") }

func (c Command) plotOne(path, kind string, run *result.Run, slots []result.Slot) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return usageError{err}
	}
	if err := writeWhole(path, func(w io.Writer) error { return plot.Draw(w, kind, run, slots, formatOf(path)) }); err != nil {
		return usageError{err}
	}
	_, err := fmt.Fprintln(c.Out, path)
	return err
}

// plotAll draws what there are figures for, and says of the rest why it is left out. A run without any figure is an error, and so is a picture that
// cannot be written.
func (c Command) plotAll(dir string, run *result.Run, slots []result.Slot) error {
	var without []string
	for _, k := range plot.Kinds {
		err := c.plotOne(filepath.Join(dir, k.Name+".png"), k.Name, run, slots)
		var none *plot.NoFigures
		switch {
		case errors.As(err, &none):
			without = append(without, fmt.Sprintf("left out, %s: %s", none.Kind, none.Why))
		case err != nil:
			return err
		}
	}
	if len(without) == len(plot.Kinds) {
		return usageError{fmt.Errorf("nothing to draw: %s", strings.Join(without, "; "))}
	}
	c.note(without)
	return nil
}

// oneRun is cobra.ExactArgs(1) as a usage error that says what is wanted.
func oneRun(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usageError{fmt.Errorf("%s takes one run directory, %d given", cmd.CommandPath(), len(args))}
	}
	return nil
}
