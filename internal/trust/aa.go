package main

import (
	"context"
	"fmt"
	"time"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/bench/stat"
)

// An A/A run has pairs arms and as many again, all with the same rules: each pair on each workload is a comparison of the same with itself.
const (
	pairs    = 10
	aaRounds = 8
	aaSlot   = 100 * time.Millisecond
	// A tenth of the file operations is recorded, so that auditd is part of what is compared; of the other workload none is.
	aaRules = "-b 8192\n-a always,exit -F arch=b64 -S rename,renameat,renameat2 -k rename\n"
)

var aaWorkloads = []string{"null-syscall", "file-churn"}

// aaRun is what an A/A run came to.
type aaRun struct {
	Busy        bool         `json:"busy"`
	Seconds     float64      `json:"seconds"`
	Comparisons []aaCompared `json:"comparisons"`
	// AnyOfRun: after Holm over all its comparisons the run has a verdict.
	AnyOfRun bool `json:"any_of_run"`
	// Thrown: bench's own A/A arm made the run invalid.
	Thrown bool `json:"thrown"`
}

type aaCompared struct {
	Scenario string  `json:"scenario"`
	Metric   string  `json:"metric"`
	Ratio    float64 `json:"ratio"`
	P        float64 `json:"p"`
	// Wrong: as a test of its own it says that the same differs from itself.
	Wrong bool `json:"wrong"`
}

func measureAA(ctx context.Context, dir string, n int, busy bool) error {
	p := plan{rules: aaRules, scenarios: aaWorkloads, rounds: aaRounds, slot: aaSlot, seed: uint64(1000 + n)}
	for i := range pairs {
		p.arms = append(p.arms, fmt.Sprintf("x%d", i), fmt.Sprintf("y%d", i))
	}
	began := time.Now()
	run, slots, err := measure(ctx, p)
	if err != nil {
		return err
	}
	out := judgeAA(slots)
	out.Busy, out.Seconds, out.Thrown = busy, time.Since(began).Seconds(), len(run.AADiffers()) > 0
	return keep(dir, "aa", n, out)
}

// judgeAA compares the arms of each pair as bench compares two arms.
func judgeAA(slots []result.Slot) aaRun {
	var out aaRun
	var all []stat.Comparison
	var p []float64
	for i := range pairs {
		for _, sc := range aaWorkloads {
			for _, metric := range []string{result.CPURatio, result.Slowdown} {
				c := stat.Compare(perOp(slots, sc, fmt.Sprintf("x%d", i), metric), perOp(slots, sc, fmt.Sprintf("y%d", i), metric))
				if c.N == 0 {
					continue // an arm that lost records
				}
				out.Comparisons = append(out.Comparisons, aaCompared{Scenario: sc, Metric: metric, Ratio: c.Ratio, P: c.P,
					Wrong: c.Verdict(c.P, result.Alpha, 1) != stat.CannotTell})
				all, p = append(all, c), append(p, c.P)
			}
		}
	}
	for i, adjusted := range stat.Holm(p) {
		out.AnyOfRun = out.AnyOfRun || all[i].Verdict(adjusted, result.Alpha, 1) != stat.CannotTell
	}
	return out
}

// perOp is CPU or wall time per operation of an arm, by round; 0, which no comparison takes, where the round has no slot that counts, and everywhere
// where the arm lost records.
func perOp(slots []result.Slot, scenario, arm, metric string) []float64 {
	xs := make([]float64, aaRounds)
	for _, s := range slots {
		if s.Kind != result.SlotTimed || !s.Valid || s.Ended || s.Scenario != scenario || s.Arm != arm || s.Round < 1 || s.Round > aaRounds || s.Ops == 0 {
			continue
		}
		if !s.Complete() {
			return make([]float64, aaRounds)
		}
		ns := s.WallNs
		if metric == result.CPURatio {
			ns = s.TotalCPUNs()
		}
		xs[s.Round-1] = float64(ns) / float64(s.Ops)
	}
	return xs
}
