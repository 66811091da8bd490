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

// alone is the test without A/A beside it.
var alone = Bar{Alpha: 0.05}

// What a run can find, and the rounds that it asks for, are those of its whole verdict: the test among so many, and beyond its own A/A.
func TestPowerOfTheVerdict(t *testing.T) {
	random := rand.New(rand.NewPCG(17, 18))
	const runs, noise = 1500, 0.02
	slack := 2.6 * math.Sqrt(power*(1-power)*(1.0/runs+1.0/planned)) // both shares are simulated
	for _, tests := range []int{1, 6} {
		for _, rounds := range []int{12, 20} {
			bar := Bar{Alpha: 0.05 / float64(tests), BeyondAA: true}
			ratio, found := bar.Detectable(rounds, noise), 0
			for range runs {
				a := slots(random, rounds, ratio, noise)
				c, aa := Compare(a, slots(random, rounds, 1, noise)), Compare(slots(random, rounds, ratio, noise), a)
				if c.Verdict(c.P, bar.Alpha, max(aa.High, 1/aa.Low)) == Larger {
					found++
				}
			}
			if share := float64(found) / runs; share < power-slack || share > power+3*slack {
				t.Errorf("%d tests, %d rounds: %.4f found in %.3f of runs", tests, rounds, ratio, share)
			}
			if n := bar.RoundsFor(1.0001*ratio, noise, 60); n > rounds || n < rounds-1 {
				t.Errorf("%d tests: %d rounds for what %d find", tests, n, rounds)
			}
		}
	}
}

func TestDetectable(t *testing.T) {
	for _, c := range planning {
		got, want := math.Log(alone.Detectable(c.rounds, c.noise)), math.Log(c.ratio)
		if got > 1.05*want || got < 0.75*want {
			t.Errorf("noise %v, %d rounds: finds %.4f, planned with %v", c.noise, c.rounds, math.Exp(got), c.ratio)
		}
	}
	if !math.IsInf(alone.Detectable(5, 0.02), 1) {
		t.Error("five rounds cannot be significant at 5 %")
	}
}

func TestRoundsFor(t *testing.T) {
	n := alone.RoundsFor(1.05, 0.05, 60)
	if n < 6 || alone.Detectable(n, 0.05) > 1.05 || alone.Detectable(n-1, 0.05) <= 1.05 {
		t.Errorf("%d rounds find %v", n, alone.Detectable(n, 0.05))
	}
	if same := alone.RoundsFor(1/1.05, 0.05, 60); same != n {
		t.Errorf("%d rounds for 5 %% less, %d for 5 %% more", same, n)
	}
	if got := alone.RoundsFor(1.001, 0.1, 40); got != 0 {
		t.Errorf("a thousandth in noise of 10 %% is not found in %d rounds", got)
	}
}

// The fewest rounds are those of the table that the project plans with: the smallest p of n pairs is 2^(1-n).
func TestFewestRounds(t *testing.T) {
	for tests, want := range map[int]int{1: 6, 5: 8, 10: 9, 30: 11, 60: 12} {
		if got := FewestRounds(tests, 0.05); got != want {
			t.Errorf("%d tests: %d rounds, want %d", tests, got, want)
		}
		if !math.IsInf(Bar{Alpha: 0.05 / float64(tests)}.Detectable(FewestRounds(tests, 0.05)-1, 0), 1) {
			t.Errorf("%d tests: one round less can tell too", tests)
		}
	}
}

// Beyond what is simulated the root of the rounds takes over: it must not promise more than a simulation does.
func TestManyRoundsFollowTheRoot(t *testing.T) {
	for _, alpha := range []float64{0.05, 0.001} {
		simulated := simulation{n: 100, bound: signedRankBound(100, 1-alpha)}.shift()
		if root := (Bar{Alpha: alpha}).shift(100); root < 0.95*simulated || root > 1.2*simulated {
			t.Errorf("alpha %v: 100 rounds find %.3f by the root, %.3f by simulation", alpha, root, simulated)
		}
	}
}
