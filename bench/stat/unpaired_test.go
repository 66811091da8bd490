package stat

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Lower critical values of Mann-Whitney's U, two-sided 5 %: the largest U with p at most 0.05 (Conover, Practical Nonparametric Statistics,
// table A7, and every other table).
func TestRankSumAgainstTables(t *testing.T) {
	for _, c := range []struct{ n, m, u int }{{4, 4, 0}, {5, 5, 2}, {6, 6, 5}, {5, 8, 6}, {8, 8, 13}, {10, 10, 23}, {12, 12, 37}, {7, 12, 18}, {20, 20, 127}} {
		if p := RankSumP(withU(c.n, c.m, c.u)); p > 0.05 {
			t.Errorf("n %d, m %d, U %d: p = %v, the table says at most 0.05", c.n, c.m, c.u, p)
		}
		if p := RankSumP(withU(c.n, c.m, c.u+1)); p <= 0.05 {
			t.Errorf("n %d, m %d, U %d: p = %v, the table says above 0.05", c.n, c.m, c.u+1, p)
		}
		if got := rankSumBound(c.n, c.m, 0.95); got != c.u+1 {
			t.Errorf("n %d, m %d: bound %d, want %d", c.n, c.m, got, c.u+1)
		}
	}
}

// withU makes samples in which exactly u pairs have x above y.
func withU(n, m, u int) (x, y []float64) {
	for i := range m {
		y = append(y, float64(i+1))
	}
	for i := range n {
		k := min(u, m)
		x = append(x, float64(k)+0.5+float64(i)/1000) // no ties
		u -= k
	}
	return x, y
}

func TestRankSumTiesAndEdges(t *testing.T) {
	if p := RankSumP([]float64{1, 1, 1}, []float64{1, 1, 1}); p != 1 {
		t.Errorf("all equal: p = %v", p)
	}
	if p := RankSumP(nil, []float64{1}); p != 1 {
		t.Errorf("no sample: p = %v", p)
	}
	// One tie: ranks 1 2 3.5 3.5 5 6; the sum 1+2+3.5 is reached by 2 of 20 choices, and none is below.
	if p := RankSumP([]float64{1, 2, 3}, []float64{3, 4, 5}); math.Abs(p-0.2) > 1e-12 {
		t.Errorf("one tie: p = %v, want 0.2", p)
	}
	if c := Unpaired([]float64{math.NaN(), -1}, []float64{1}); c.N != 0 || c.P != 1 || !math.IsNaN(c.Ratio) {
		t.Errorf("nothing to compare: %+v", c)
	}
}

// The normal form takes over from the counted one without a step.
func TestRankSumBeyondCounting(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		var x, y []float64
		for range 30 {
			x, y = append(x, r.NormFloat64()+0.4), append(y, r.NormFloat64())
		}
		ranks, sum := doubledRanks(x, y)
		exact, normal := RankSumP(x, y), normalRankSumP(ranks, sum, len(x))
		if math.Abs(exact-normal) > 0.01 {
			t.Errorf("counted %v, normal %v", exact, normal)
		}
	}
	if low, high := rankSumBound(30, 30, 0.95), rankSumBound(31, 30, 0.95); high < low || high > low+25 {
		t.Errorf("bounds %d and %d", low, high)
	}
}

// 2,000 comparisons of a thing with itself: at most 5 % refused, and the interval holds 1 in at least 95 %, but for what chance allows.
func TestUnpairedHoldsItsLevel(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	const runs = 2000
	refused, outside := 0, 0
	for range runs {
		var a, b []float64
		for range 12 {
			a, b = append(a, math.Exp(noisy(r))), append(b, math.Exp(noisy(r)))
		}
		c := Unpaired(a, b)
		if c.P < 0.05 {
			refused++
		}
		if c.Low > 1 || c.High < 1 {
			outside++
		}
	}
	const most = 0.05*runs + 3*9.75 // three standard deviations of a binomial
	if float64(refused) > most || float64(outside) > most {
		t.Errorf("%d refused and %d intervals without 1 of %d", refused, outside, runs)
	}
}

func noisy(r *rand.Rand) float64 {
	if r.Float64() < 0.1 {
		return 0.25 * r.NormFloat64()
	}
	return 0.05 * r.NormFloat64()
}

func TestUnpairedFindsARatio(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	var a, b []float64
	for range 20 {
		a, b = append(a, 1.2*math.Exp(noisy(r))), append(b, math.Exp(noisy(r)))
	}
	c := Unpaired(a, b)
	if c.P > 0.01 || c.Low < 1.05 || c.High > 1.4 || c.Ratio < 1.1 || c.Ratio > 1.3 || c.N != 20 {
		t.Errorf("a ratio of 1.2: %+v", c)
	}
}
