package stat

import (
	"math"
	"math/rand/v2"
	"testing"
)

func apartByFive(x, y float64) bool { return math.Abs(x-y) <= 5 }

// Many measurings of the same truth: the mean ceiling, which knows only what one of them measured, against what the truth itself reached.
func TestKendallCeilingIsWhatTheTruthReaches(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	for _, c := range []struct {
		name  string
		truth []float64
		noise float64
	}{
		{"quiet", []float64{100, 80, 60, 50, 40, 30, 20, 10}, 1},
		{"one far above the rest", []float64{80, 29, 27, 25, 22, 20, 17, 14, 11, 9}, 4},
		{"noise as wide as the truth", []float64{95, 60, 40, 30, 28, 25, 22, 20, 10, 5}, 20},
	} {
		const repeats = 100
		reached, foretold := 0.0, 0.0
		for range repeats {
			measured, noise := make([]float64, len(c.truth)), make([]float64, len(c.truth))
			for i, x := range c.truth {
				measured[i], noise[i] = x+c.noise*rng.NormFloat64(), c.noise
			}
			tau, _ := KendallApart(c.truth, measured, apartByFive)
			ceiling, ok := KendallCeiling(measured, noise, apartByFive)
			if !ok {
				t.Fatalf("%s: no ceiling of %v", c.name, measured)
			}
			reached, foretold = reached+tau/repeats, foretold+ceiling/repeats
		}
		if math.Abs(reached-foretold) > 0.07 {
			t.Errorf("%s: the truth reached %.2f, the ceiling was %.2f", c.name, reached, foretold)
		}
	}
}

func TestKendallCeilingOfNoiseAloneIsLow(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	sum := 0.0
	for range 100 {
		measured, noise := make([]float64, 10), make([]float64, 10)
		for i := range measured {
			measured[i], noise[i] = 20*rng.NormFloat64(), 20
		}
		tau, _ := KendallCeiling(measured, noise, apartByFive)
		sum += tau / 100
	}
	if sum > 0.3 {
		t.Errorf("ten equal rules have a ceiling of %.2f", sum)
	}
}

func TestKendallCeilingThatThereIsNot(t *testing.T) {
	for _, c := range []struct {
		name            string
		measured, noise []float64
	}{
		{"nothing", nil, nil},
		{"two", []float64{1, 100}, []float64{1, 1}},
		{"none apart", []float64{1, 2, 3}, []float64{0, 0, 0}},
		{"no number", []float64{1, 20, 30}, []float64{1, math.NaN(), 1}},
		{"without bound", []float64{1, 20, math.Inf(1)}, []float64{1, 1, 1}},
	} {
		if tau, ok := KendallCeiling(c.measured, c.noise, apartByFive); ok {
			t.Errorf("%s: ceiling %v", c.name, tau)
		}
	}
	if tau, ok := KendallCeiling([]float64{10, 20, 30}, []float64{0, 0, 0}, apartByFive); !ok || tau != 1 {
		t.Errorf("without noise: %v, %v, want 1", tau, ok)
	}
}
