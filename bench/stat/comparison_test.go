package stat

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestCompare(t *testing.T) {
	a := []float64{110, 220, 330, 440, 550, 660, 770, 880, math.NaN(), 1, 0}
	b := []float64{100, 200, 300, 400, 500, 600, 700, 800, 900, 0, 1}
	c := Compare(a, b)
	if c.N != 8 || math.Abs(c.Ratio-1.1) > 1e-9 || math.Abs(c.Low-1.1) > 1e-9 || math.Abs(c.High-1.1) > 1e-9 || c.P != 2.0/256 || c.Noise > 1e-9 {
		t.Errorf("%+v", c)
	}
	if none := Compare(nil, nil); none.N != 0 || none.P != 1 || !math.IsNaN(none.Ratio) {
		t.Errorf("%+v", none)
	}
}

func TestSpread(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	samples := make([]float64, 20000)
	for i := range samples {
		samples[i] = 1e6 * (1 + 0.03*random.NormFloat64())
	}
	if got := Spread(samples); math.Abs(got-0.03) > 0.001 {
		t.Errorf("%v, want 0.03", got)
	}
}

func TestVerdict(t *testing.T) {
	up := Comparison{Ratio: 1.05, Low: 1.02, High: 1.08, N: 12}
	down := Comparison{Ratio: 0.95, Low: 0.92, High: 0.98, N: 12}
	for _, c := range []struct {
		name  string
		c     Comparison
		p     float64
		floor float64
		want  Verdict
	}{
		{"larger", up, 0.01, 1.01, Larger},
		{"smaller", down, 0.01, 1.01, Smaller},
		{"not significant", up, 0.05, 1, CannotTell},
		{"p is none", up, math.NaN(), 1, CannotTell},
		{"within the noise floor", up, 0.01, 1.06, CannotTell},
		{"within the noise floor, below", down, 0.01, 1.06, CannotTell},
		{"the interval holds 1", Comparison{Ratio: 1.05, Low: 0.99, High: 1.1, N: 12}, 0.01, 1, CannotTell},
		{"no pairs", Comparison{Ratio: math.NaN(), Low: math.NaN(), High: math.NaN()}, 0, 1, CannotTell},
	} {
		if got := c.c.Verdict(c.p, 0.05, c.floor); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// slots are the times of one arm, with outliers as on a shared machine.
func slots(random *rand.Rand, n int, ratio, noise float64) []float64 {
	xs := make([]float64, n)
	for i := range xs {
		x := random.NormFloat64() * noise / math.Sqrt2
		if random.IntN(10) == 0 {
			x *= 5
		}
		xs[i] = 1e9 * ratio * math.Exp(x)
	}
	return xs
}

// Runs of eight comparisons of the same thing with itself, alone or beside four that do differ: at most 5 % of runs may have a verdict on what is
// the same, whichever of the eight. (Beside real differences a method that bounds the share of false verdicts only would let more through.)
func TestNoFalseVerdicts(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	const runs, tests, alpha = 1500, 8, 0.05
	slack := 2.6 * math.Sqrt(alpha*(1-alpha)/runs) // a right procedure fails here once in 200 seeds
	for _, c := range []struct{ rounds, different int }{{12, 0}, {20, 0}, {12, 4}, {20, 4}} {
		wrong := 0
		for range runs {
			var all []Comparison
			var p []float64
			for i := range tests + c.different {
				ratio := 1.0
				if i >= tests {
					ratio = 2
				}
				one := Compare(slots(random, c.rounds, ratio, 0.05), slots(random, c.rounds, 1, 0.05))
				all, p = append(all, one), append(p, one.P)
			}
			for i, adjusted := range Holm(p)[:tests] {
				if all[i].Verdict(adjusted, alpha, 1) != CannotTell {
					wrong++
					break
				}
			}
		}
		if share := float64(wrong) / runs; share > alpha+slack {
			t.Errorf("%d rounds, %d that differ: %.3f of %d runs have a verdict where there is none", c.rounds, c.different, share, runs)
		}
	}
}

// The interval of a ratio holds the true one as often as it says, outliers or not, and rounds that disturb both arms alike do not widen it.
func TestTheIntervalHoldsTheRatio(t *testing.T) {
	random := rand.New(rand.NewPCG(15, 16))
	const runs, ratio = 2000, 1.1
	slack := 2.6 * math.Sqrt(0.05*0.95/runs)
	for _, rounds := range []int{6, 8, 12, 20} {
		held, width := 0, 0.0
		for range runs {
			a, b := slots(random, rounds, ratio, 0.05), slots(random, rounds, 1, 0.05)
			for i := range a {
				round := math.Exp(random.NormFloat64())
				a[i], b[i] = a[i]*round, b[i]*round
			}
			c := Compare(a, b)
			width += (c.High - c.Low) / runs
			if c.Low <= ratio && ratio <= c.High {
				held++
			}
		}
		if share := float64(held) / runs; share < 0.95-slack || width > 0.3 {
			t.Errorf("%d rounds: %.3f of intervals hold the ratio, their mean width is %.3f", rounds, share, width)
		}
	}
}
