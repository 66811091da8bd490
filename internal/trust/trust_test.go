package main

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/bench/result"
)

// aaSlots are the slots of an A/A run in which y0 is as much slower than x0 as factor says, and all other arms are the same.
func aaSlots(random *rand.Rand, factor float64) (slots []result.Slot) {
	for round := 1; round <= aaRounds; round++ {
		for i := range pairs {
			for _, side := range []string{"x", "y"} {
				for _, sc := range aaWorkloads {
					ns := 1e8 * math.Exp(0.01*random.NormFloat64())
					if side == "y" && i == 0 {
						ns *= factor
					}
					slots = append(slots, result.Slot{Kind: result.SlotTimed, Valid: true, Round: round, Scenario: sc, Arm: fmt.Sprint(side, i), Ops: 1000,
						WallNs: int64(ns), WorkloadCPUNs: int64(ns)})
				}
			}
		}
	}
	return slots
}

func wrong(r aaRun) (n int) {
	for _, c := range r.Comparisons {
		if c.Wrong {
			n++
		}
	}
	return n
}

func TestFalseVerdictsAreCounted(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	all, false1, whole := 0, 0, 0
	for range 200 {
		r := judgeAA(aaSlots(random, 1))
		all, false1 = all+len(r.Comparisons), false1+wrong(r)
		if r.AnyOfRun {
			whole++
		}
	}
	if share := float64(false1) / float64(all); all != 200*40 || share > 0.055 || share < 0.01 {
		t.Errorf("%d false verdicts of %d", false1, all)
	}
	if whole > 20 {
		t.Errorf("%d of 200 runs have a verdict after Holm", whole)
	}
	if r := judgeAA(aaSlots(random, 1.2)); wrong(r) < 4 {
		t.Errorf("%d of the four comparisons of a pair that differs by 20 %%", wrong(r))
	}
	if r := judgeAA(nil); wrong(r) != 0 || r.AnyOfRun {
		t.Errorf("no slots: %+v", r)
	}
}

func TestTheTableOfWhatWasKept(t *testing.T) {
	dir := t.TempDir()
	for n := 1; n <= 3; n++ {
		r := judgeAA(aaSlots(rand.New(rand.NewPCG(uint64(n), 2)), 1))
		r.Busy = n == 3
		if err := keep(dir, "aa", n, r); err != nil {
			t.Fatal(err)
		}
	}
	for n := 1; n <= 20; n++ {
		if err := keep(dir, "planted", n, plantedRun{Rounds: 14, Tests: 3, Controls: []plantedOne{{Metric: result.CPURatio, Share: 0.02, Found: n > 2, Ratio: 1.021, Noise: 0.01},
			{Metric: result.Slowdown, Share: 0.05, Found: true, Ratio: 1.05, Noise: 0.012}}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := keep(dir, "plan", 0, plantedRun{Capped: true}); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := table(&out, dir); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"| CPU or wall time, all | 120 |", "| CPU, a busy neighbour | 20 |", "| whole runs, after Holm | 3 runs |",
		"The noise asked for more than 40 rounds",
		"| 2 % CPU | 20 | 14 | 18 | 90.0 % [68.3 98.8] | +2.1 % | 1.0 % |", "| 5 % wall time | 20 | 14 | 20 | 100.0 % [83.2 100.0] |"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("lacks %q:\n%s", want, out.String())
		}
	}
}

func TestThePlannedRoundsFollowTheNoise(t *testing.T) {
	quiet := roundsFor(0.02, result.Comparison{N: 12, Noise: 0.008, Floor: 1.01}, 3)
	loud := roundsFor(0.02, result.Comparison{N: 12, Noise: 0.02, Floor: 1.01}, 3)
	floor := roundsFor(0.02, result.Comparison{N: 12, Noise: 0.008, Floor: 1.03}, 3)
	if !(quiet < loud && quiet < floor && floor <= mostRounds) || roundsFor(0.02, result.Comparison{N: 12, Noise: 0.2, Floor: 1.01}, 3) <= mostRounds ||
		roundsFor(0.02, result.Comparison{N: 12, Noise: 0.001, Floor: 1.05}, 3) <= mostRounds {
		t.Errorf("%d, %d and %d rounds", quiet, loud, floor)
	}
}

func TestWithoutAPlanNothingIsMeasured(t *testing.T) {
	err := measurePlanted(t.Context(), t.TempDir(), 1, 0)
	if err == nil || !strings.HasSuffix(err.Error(), "run -n 0 first") {
		t.Error(err)
	}
}

// CPU and wall time of a pair go together: 18 of 360 are no more than 9 of 180.
func TestTwoMetricsOfAPairAreNoTwoPairs(t *testing.T) {
	if got, want := shareOfPairs(18, 360), share(9, 180); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := shareOfPairs(3, 40); got != "7.5 % [0.1 31.7]" { // 1 of 20 and 2 of 20
		t.Error(got)
	}
}

func TestTheRoundsOfARunAreBounded(t *testing.T) {
	run := &result.Run{RoundsDone: 12, Trust: result.Trust{Planted: []result.Planted{{Scenario: "s", Arm: "p", Metric: result.CPURatio, Share: 0.02}}},
		Comparisons: []result.Comparison{{Scenario: "s", Arm: "p", Metric: result.CPURatio, N: 12, Noise: 0.2, Floor: 1.01}}}
	if out := judgePlanted(run); out.Planned != mostRounds || !out.Capped {
		t.Errorf("%+v", out)
	}
	run.Comparisons[0].Noise = 0.005
	if out := judgePlanted(run); out.Planned != fewRounds || out.Capped {
		t.Errorf("%+v", out)
	}
}

func TestAnArmThatLostIsNotCompared(t *testing.T) {
	slots := aaSlots(rand.New(rand.NewPCG(1, 2)), 1.2)
	for i := range slots {
		if slots[i].Arm == "y0" && slots[i].Round == 3 {
			slots[i].Lost = 1
		}
	}
	if r := judgeAA(slots); len(r.Comparisons) != 36 {
		t.Errorf("%d comparisons, want those of the nine pairs that are whole", len(r.Comparisons))
	}
}
