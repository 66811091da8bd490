package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/auditprof/auditprof/bench"
	"github.com/auditprof/auditprof/internal/kernel"
	"github.com/auditprof/auditprof/reports/escape"
	"github.com/auditprof/auditprof/scenarios"
	"github.com/spf13/cobra"
)

// Command is the whole program as a function of its streams.
type Command struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer
}

// touches are the commands that have a machine to put back: however long that takes, no signal ends it.
var touches = map[string]bool{"bench": true, "suggest-exclusions": true, "restore": true}

// patience is how long any other command may take to end after a signal. It may hang where nothing asks for signals, as in open(2) of a pipe that nobody
// writes to; files are put in place whole, so nothing is left half written.
const patience = 5 * time.Second

// hasten ends the program where a signal did not, unless done is called first.
func hasten(ctx context.Context) (done func()) {
	ended := make(chan struct{})
	go func() {
		select {
		case <-ended:
			return
		case <-ctx.Done():
		}
		select {
		case <-ended:
		case <-time.After(patience):
			os.Exit(exitInterrupted)
		}
	}()
	return func() { close(ended) }
}

// Main runs one command line and returns the exit code.
func (c Command) Main(args []string) int {
	if len(args) > 0 && strings.HasPrefix(args[0], "__") {
		return c.hidden(args)
	}
	// Three signals end a run the same way: the machine is put back, what was measured is kept.
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	root := c.root()
	root.SetArgs(args)
	if sub, _, err := root.Find(args); err == nil && !touches[sub.Name()] {
		defer hasten(ctx)()
	}
	err := root.ExecuteContext(ctx)
	code := exitCode(err)
	var stopped stoppedError
	switch {
	case errors.As(err, &stopped):
		c.complain(err)
	case code == exitInterrupted:
		fmt.Fprintln(c.Err, "auditprof: interrupted: the machine is as it was found, and what was measured until then is kept")
	case err != nil:
		c.complain(err)
	}
	return code
}

// hidden are the processes that the program starts of itself.
func (c Command) hidden(args []string) int {
	switch args[0] {
	case scenarios.Word:
		return scenarios.Main(args[1:], c.In, c.Out, c.Err)
	case bench.LoopWord:
		return loopMain(args, c.In, c.Out)
	case bench.ProbeWord:
		return probeMain(c.Out)
	}
	if code, ok := kernel.MainHidden(args[0]); ok {
		return code
	}
	c.complain(fmt.Errorf("unknown command %q: see auditprof --help", args[0]))
	return exitUsage
}

func (c Command) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "auditprof",
		Short: "Measure what Linux audit rules cost, and which rule makes what",
		Long: `auditprof runs workloads under audit rule sets on this machine's kernel, with the real auditd, and says what the rules cost,
which rule and which record type made the log and the CPU, and what was lost. The machine's own audit state is put back in the end.
Of logs that exist already, from any host, analyze says which rule recorded each event.`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          noArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetIn(c.In)
	root.SetOut(c.Out)
	root.SetErr(c.Err)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageError{fmt.Errorf("%w: see %s --help", err, cmd.CommandPath())}
	})
	root.AddCommand(c.analyze(), c.bench(), c.compare(), c.gate(), c.plot(), c.reportCommand(), c.restore(), c.scenarios(), c.snapshot(), c.suggestExclusions(), c.version())
	return root
}

// complain prints an error as one line for each thing that is wrong, escaped: its text may quote a hostile file. Nothing is said twice.
func (c Command) complain(err error) {
	said := map[string]bool{}
	for line := range strings.SplitSeq(err.Error(), "\n") {
		if said[line] {
			continue
		}
		said[line] = true
		fmt.Fprintf(c.Err, "auditprof: %s\n", escape.Line(line))
	}
}

func (c Command) version() *cobra.Command {
	return &cobra.Command{Use: "version", Short: "Print the version", Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(c.Out, "auditprof", versionText())
			return err
		}}
}

// noArgs is cobra.NoArgs as a usage error.
func noArgs(cmd *cobra.Command, args []string) error {
	if err := cobra.NoArgs(cmd, args); err != nil {
		return usageError{fmt.Errorf("%w: see %s --help", err, cmd.CommandPath())}
	}
	return nil
}
