package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/auditprof/auditprof/bench"
	"github.com/auditprof/auditprof/internal/kernel"
	"github.com/auditprof/auditprof/scenarios"
	"golang.org/x/sys/unix"
)

func init() {
	kernel.InitHidden()
	scenarios.Init()
}

func main() {
	if len(os.Args) > 1 {
		if code, hidden := hiddenMain(os.Args[1:]); hidden {
			os.Exit(code)
		}
	}
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "trust:", err)
		switch {
		case errors.Is(err, kernel.ErrNotRestored):
			os.Exit(6)
		case errors.Is(err, context.Canceled):
			os.Exit(130)
		}
		os.Exit(1)
	}
}

// hiddenMain are the processes that bench starts of the program that it is part of.
func hiddenMain(args []string) (code int, hidden bool) {
	switch args[0] {
	case scenarios.Word:
		return scenarios.Main(args[1:], os.Stdin, os.Stdout, os.Stderr), true
	case bench.ProbeWord:
		unix.RawSyscall(unix.SYS_GETPRIORITY, bench.ProbeArg0, bench.ProbeArg1, 0)
		fmt.Println("done")
		return 0, true
	}
	return kernel.MainHidden(args[0])
}

func run(args []string) error {
	fl := flag.NewFlagSet("trust", flag.ExitOnError)
	dir := fl.String("out", "", "folder of what was measured so far")
	n := fl.Int("n", 0, "number of the run")
	busy := fl.Bool("busy", false, "a neighbour is busy meanwhile: noted with the run")
	rounds := fl.Int("rounds", 0, "rounds of a planted run; 0: as planned by the run before")
	if len(args) == 0 {
		return fmt.Errorf("aa, planted or table, then flags")
	}
	fl.Parse(args[1:])
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	switch args[0] {
	case "aa":
		return measureAA(ctx, *dir, *n, *busy)
	case "planted":
		return measurePlanted(ctx, *dir, *n, *rounds)
	case "table":
		return table(os.Stdout, *dir)
	}
	return fmt.Errorf("unknown word %q: aa, planted or table", args[0])
}
