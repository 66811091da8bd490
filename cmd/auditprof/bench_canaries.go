package main

import (
	"github.com/auditprof/auditprof/bench"
	"github.com/spf13/cobra"
)

// canaryFlags are the flags of bench that are about acts that must leave an event.
type canaryFlags struct{ canaries bool }

func (f *canaryFlags) register(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.canaries, "canaries", false, "under each set do harmless acts that stand for attacks, and look for each in the log: for auditprof gate")
}

func (f canaryFlags) into(o *bench.Options) { o.Canaries = f.canaries }
