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
	none   bool
	ablate bool
}

func (f *priceFlags) register(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.BoolVar(&f.none, "no-rule-prices", false, "do not calibrate what the kernel's steps cost (some 10 s), and give single rules no price; --quick never does")
	fl.BoolVar(&f.ablate, "ablate", false, "measure the ten dearest rules of each set by leaving each out, in as many rounds again")
}

// into checks the flags and writes what they ask for into the options.
func (f priceFlags) into(o *bench.Options) error {
	if f.ablate && f.none {
		return errors.New("--ablate needs the prices to know which rules are the dearest: leave --no-rule-prices out")
	}
	o.RulePrices, o.Ablate = f.ablate || !f.none && !o.Quick, f.ablate
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
