package stat

import (
	"math"
	"math/rand/v2"
	"testing"
)

// signedRankTable holds the largest sum of ranks that is significant at 5 % and at 1 %, two-sided, for 6 to 25 pairs; -1 where none is:
// Wilcoxon and Wilcox, Some Rapid Approximate Statistical Procedures, 1964, table 2.
var signedRankTable = [][2]int{{0, -1}, {2, -1}, {3, 0}, {5, 1}, {8, 3}, {10, 5}, {13, 7}, {17, 9}, {21, 12}, {25, 15},
	{29, 19}, {34, 23}, {40, 27}, {46, 32}, {52, 37}, {58, 42}, {65, 48}, {73, 54}, {81, 61}, {89, 68}}

func TestSignedRankBoundAgainstTable(t *testing.T) {
	for i, want := range signedRankTable {
		n := 6 + i
		if got := [2]int{signedRankBound(n, 0.95) - 1, signedRankBound(n, 0.99) - 1}; got != want {
			t.Errorf("n=%d: %v, table %v", n, got, want)
		}
	}
}

// The depression scale data of Hollander and Wolfe, Nonparametric Statistical Methods, table 3.1: the exact p, the estimate and the interval
// are theirs.
var depression = []float64{1.83 - 0.878, 0.50 - 0.647, 1.62 - 0.598, 2.48 - 2.05, 1.68 - 1.06, 1.88 - 1.29, 1.55 - 1.06, 3.06 - 3.14, 1.30 - 1.29}

func TestSignedRankAgainstTextbook(t *testing.T) {
	if p := SignedRankP(depression); p != 10.0/256 {
		t.Errorf("p %v, want 0.0390625", p)
	}
	estimate, low, high := HodgesLehmann(depression, 0.95)
	for _, c := range [][2]float64{{estimate, 0.46}, {low, 0.010}, {high, 0.786}} {
		if math.Abs(c[0]-c[1]) > 1e-9 {
			t.Errorf("got %v, want %v", c[0], c[1])
		}
	}
}

func TestSignedRankP(t *testing.T) {
	for _, c := range []struct {
		name string
		d    []float64
		want float64
	}{
		{"nothing", nil, 1},
		{"no difference", []float64{0, 0, 0}, 1},
		{"one", []float64{3}, 1},
		{"six to one side", []float64{1, 2, 3, 4, 5, 6}, 2.0 / 64},
		{"the other side", []float64{-1, -2, -3, -4, -5, -6}, 2.0 / 64},
		{"zeros and no numbers are left out", []float64{0, 1, 2, math.NaN(), 3, 4, 5, 6, 0}, 2.0 / 64},
		{"equal sizes", []float64{2, 2, 2, -2}, 10.0 / 16}, // signs of four equal ranks: the sign test
		{"balanced", []float64{1, -1}, 1},
	} {
		if got := SignedRankP(c.d); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s: p %v, want %v", c.name, got, c.want)
		}
	}
}

// The interval holds exactly those shifts that the test does not refuse.
func TestHodgesLehmannInvertsTheTest(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		xs := make([]float64, 6+random.IntN(15))
		for i := range xs {
			xs[i] = random.NormFloat64()
		}
		_, low, high := HodgesLehmann(xs, 0.95)
		for _, c := range []struct {
			shift   float64
			refused bool
		}{{low - 1e-9, true}, {low + 1e-9, false}, {high - 1e-9, false}, {high + 1e-9, true}} {
			moved := make([]float64, len(xs))
			for i := range xs {
				moved[i] = xs[i] - c.shift
			}
			if p := SignedRankP(moved); (p <= 0.05) != c.refused {
				t.Fatalf("%d samples, interval %v to %v, shift %v: p %v", len(xs), low, high, c.shift, p)
			}
		}
	}
}

func TestHodgesLehmannOfFewSamples(t *testing.T) {
	if e, low, high := HodgesLehmann([]float64{1, 2, 6}, 0.95); e != 2.75 || low != 1 || high != 6 {
		t.Errorf("three samples: %v %v %v", e, low, high)
	}
	if e, _, _ := HodgesLehmann(nil, 0.95); !math.IsNaN(e) {
		t.Errorf("no samples: %v", e)
	}
}
