package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/auditprof/auditprof/bench"
	"github.com/spf13/cobra"
)

// priceFlags say what is asked of the prices of single rules.
type priceFlags struct {
	prices bool
	ablate bool
	asked  func() bool // tells whether --rule-prices was typed
}

func (f *priceFlags) register(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.BoolVar(&f.prices, "rule-prices", true, "calibrate what the kernel's steps cost here and give each rule its price, in some 15 s more (with --quick only where this is typed)")
	fl.BoolVar(&f.ablate, "ablate", false, "measure the ten dearest rules of each set by leaving each out, in pairs for up to 12 minutes more (4 with --quick)")
	f.asked = func() bool { return fl.Changed("rule-prices") }
}

// into checks the flags and writes what they ask for into the options.
func (f priceFlags) into(o *bench.Options) error {
	asked := f.asked != nil && f.asked()
	if f.ablate && asked && !f.prices {
		return errors.New("--ablate needs the prices to know which rules are the dearest: leave --rule-prices=false out")
	}
	o.RulePrices, o.Ablate = f.ablate || f.prices && (asked || !o.Quick), f.ablate
	return nil
}

// loopMain is the process of the calibration.
func loopMain(args []string, in io.Reader, out io.Writer) int {
	if len(args) != 2 {
		fmt.Fprintln(out, "error: want the file to look up")
		return 1
	}
	return bench.LoopMain(args[1], in, out)
}
