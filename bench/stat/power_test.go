package stat

import (
	"math"
	"math/rand/v2"
	"testing"
)

// planning is the table of effects found in 4 of 5 runs, by noise and rounds, that the project plans with; simulated elsewhere, by others' code.
var planning = []struct {
	noise  float64
	rounds int
	ratio  float64
}{
	{0.02, 8, 1.059}, {0.02, 12, 1.034}, {0.02, 20, 1.020}, {0.02, 30, 1.016},
	{0.05, 8, 1.152}, {0.05, 12, 1.083}, {0.05, 20, 1.055}, {0.05, 30, 1.039},
	{0.10, 8, 1.32}, {0.10, 12, 1.174}, {0.10, 20, 1.108}, {0.10, 30, 1.077},
}

func TestPowerOfThePlanningTable(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	const runs = 1500
	slack := 2.6 * math.Sqrt(power*(1-power)/runs)
	for _, c := range planning {
		found := 0
		for range runs {
			if Compare(slots(random, c.rounds, c.ratio, c.noise), slots(random, c.rounds, 1, c.noise)).P < 0.05 {
				found++
			}
		}
		if share := float64(found) / runs; share < power-slack {
			t.Errorf("noise %v, %d rounds: %v found in %.3f of runs", c.noise, c.rounds, c.ratio, share)
		}
	}
}

func TestDetectable(t *testing.T) {
	for _, c := range planning {
		got, want := math.Log(Detectable(c.rounds, c.noise, 0.05)), math.Log(c.ratio)
		if got > 1.05*want || got < 0.75*want {
			t.Errorf("noise %v, %d rounds: finds %.4f, planned with %v", c.noise, c.rounds, math.Exp(got), c.ratio)
		}
	}
	if !math.IsInf(Detectable(5, 0.02, 0.05), 1) {
		t.Error("five rounds cannot be significant at 5 %")
	}
}

func TestRoundsFor(t *testing.T) {
	n := RoundsFor(1.05, 0.05, 0.05, 60)
	if n < 6 || Detectable(n, 0.05, 0.05) > 1.05 || Detectable(n-1, 0.05, 0.05) <= 1.05 {
		t.Errorf("%d rounds find %v", n, Detectable(n, 0.05, 0.05))
	}
	if same := RoundsFor(1/1.05, 0.05, 0.05, 60); same != n {
		t.Errorf("%d rounds for 5 %% less, %d for 5 %% more", same, n)
	}
	if got := RoundsFor(1.001, 0.1, 0.05, 40); got != 0 {
		t.Errorf("a thousandth in noise of 10 %% is not found in %d rounds", got)
	}
}

// The fewest rounds are those of the table that the project plans with: the smallest p of n pairs is 2^(1-n).
func TestFewestRounds(t *testing.T) {
	for tests, want := range map[int]int{1: 6, 5: 8, 10: 9, 30: 11, 60: 12} {
		if got := FewestRounds(tests, 0.05); got != want {
			t.Errorf("%d tests: %d rounds, want %d", tests, got, want)
		}
		if !math.IsInf(Detectable(FewestRounds(tests, 0.05)-1, 0, 0.05/float64(tests)), 1) {
			t.Errorf("%d tests: one round less can tell too", tests)
		}
	}
}

// Beyond what is simulated the root of the rounds takes over: it must not promise more than a simulation does.
func TestManyRoundsFollowTheRoot(t *testing.T) {
	for _, alpha := range []float64{0.05, 0.001} {
		simulated := simulatedShift(100, signedRankBound(100, 1-alpha))
		if root := detectableShift(100, alpha); root < 0.95*simulated || root > 1.2*simulated {
			t.Errorf("alpha %v: 100 rounds find %.3f by the root, %.3f by simulation", alpha, root, simulated)
		}
	}
}
