package main

import (
	"fmt"

	"github.com/auditprof/auditprof/bench"
	"github.com/auditprof/auditprof/scenarios"
	"github.com/spf13/cobra"
)

// controlFlags are the flags of what a run must find, as typed.
type controlFlags struct{ plants []string }

func (f *controlFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&f.plants, "plant", nil, "plant a known slowdown that the run must find, as an arm of its own: cpu=2% or wall=5% (may be repeated)")
}

// maxPlants bounds the arms that a run gets for them.
const maxPlants = 4

// into checks the flags and writes the slowdowns into the options, each once.
func (f controlFlags) into(o *bench.Options) error {
	if len(f.plants) > maxPlants {
		return fmt.Errorf("--plant %d times: at most %d, each is an arm of its own", len(f.plants), maxPlants)
	}
	seen := map[scenarios.Plant]bool{}
	for _, text := range f.plants {
		p, err := scenarios.ParsePlant(text)
		if err != nil {
			return fmt.Errorf("--plant: %w", err)
		}
		if !seen[p] {
			o.Plants = append(o.Plants, p)
		}
		seen[p] = true
	}
	return nil
}
