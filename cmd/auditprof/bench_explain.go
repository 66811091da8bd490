package main

import (
	"github.com/auditprof/auditprof/bench"
	"github.com/spf13/cobra"
)

// explainFlags ask for the explain slots.
type explainFlags struct {
	on bool
}

func (f *explainFlags) register(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.on, "explain", false, "after the timed rounds, one slot for each rule set and workload with probes in the kernel: where the time of system calls goes")
}

func (f explainFlags) into(o *bench.Options) { o.Explain = f.on }
