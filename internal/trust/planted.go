package main

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/bench/stat"
	"github.com/auditprof/auditprof/scenarios"
)

// A planted run has the two slowdowns that must be found, beside rules that record nothing and walk no further than any.
const (
	plantedSlot  = 250 * time.Millisecond
	plantedRules = "-b 8192\n-a always,exit -F arch=b64 -S adjtimex -k time\n"
	fewRounds    = 12
	mostRounds   = 40
)

var (
	plants          = []scenarios.Plant{{CPU: 0.02}, {Wall: 0.05}}
	plantedWorkload = []string{"null-syscall"}
)

// plantedRun is what a planted run came to.
type plantedRun struct {
	Seconds  float64      `json:"seconds"`
	Rounds   int          `json:"rounds"`
	Tests    int          `json:"tests"`
	Controls []plantedOne `json:"controls"`
	// Planned is the number of rounds that this run's noise asks for.
	Planned int `json:"planned"`
	// Capped: it asks for more than are run.
	Capped bool `json:"capped,omitempty"`
}

type plantedOne struct {
	Metric string  `json:"metric"`
	Share  float64 `json:"share"`
	Found  bool    `json:"found"`
	Ratio  float64 `json:"ratio"`
	Noise  float64 `json:"noise"`
	Floor  float64 `json:"floor"`
}

// measurePlanted is run 0, which only plans, or one of those that count.
func measurePlanted(ctx context.Context, dir string, n, rounds int) error {
	kind := "planted"
	if n == 0 {
		kind, rounds = "plan", fewRounds
	}
	if rounds == 0 {
		planned, err := kept[plantedRun](dir, "plan")
		if err != nil {
			return err
		}
		if len(planned) == 0 {
			return fmt.Errorf("no plan in %s: run -n 0 first", dir)
		}
		rounds = planned[0].Planned
	}
	began := time.Now()
	run, _, err := measure(ctx, plan{rules: plantedRules, arms: []string{"a"}, scenarios: plantedWorkload, rounds: rounds, slot: plantedSlot,
		plants: plants, seed: uint64(2000 + n)})
	if err != nil {
		return err
	}
	out := judgePlanted(run)
	out.Seconds = time.Since(began).Seconds()
	return keep(dir, kind, n, out)
}

func judgePlanted(run *result.Run) plantedRun {
	out := plantedRun{Rounds: run.RoundsDone, Planned: fewRounds}
	if run.Protocol != nil {
		out.Tests = run.Protocol.Tests
	}
	for _, p := range run.Trust.Planted {
		one := plantedOne{Metric: p.Metric, Share: p.Share, Found: p.Found}
		for _, c := range run.Comparisons {
			if c.Arm == p.Arm && c.Scenario == p.Scenario && c.Metric == p.Metric {
				one.Ratio, one.Noise, one.Floor = c.Ratio, c.Noise, c.Floor
				n := roundsFor(p.Share, c, out.Tests)
				out.Planned, out.Capped = max(out.Planned, min(n, mostRounds)), out.Capped || n > mostRounds
			}
		}
		out.Controls = append(out.Controls, one)
	}
	return out
}

// roundsFor are the rounds that find a share in 4 of 5 runs under the noise of a comparison, and bring A/A's interval below it; more than mostRounds
// where those are too few.
func roundsFor(share float64, c result.Comparison, tests int) int {
	n := stat.Bar{Alpha: result.Alpha / float64(max(tests, 1)), BeyondAA: true}.RoundsFor(1+share, c.Noise, mostRounds)
	quiet := float64(c.N) * math.Pow(math.Log(c.Floor)/math.Log(1+share), 2)
	if n == 0 || quiet > mostRounds {
		return mostRounds + 1
	}
	return max(n, int(math.Ceil(quiet)))
}
