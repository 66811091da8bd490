package stat

import (
	"math"
	"math/rand/v2"
	"testing"
)

// signTest holds the critical values of the two-sided sign test at 5 % for n = 6 to 30, as tabled in Dixon and Massey, Introduction to
// Statistical Analysis: the r-th smallest and the r-th largest sample with r = value + 1 bound the median at 95 %.
var signTest = []int{0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 7, 7, 7, 8, 8, 9}

func TestOrderRankAgainstSignTestTable(t *testing.T) {
	for i, critical := range signTest {
		n := 6 + i
		if got, want := orderRank(n, 0.95), critical+1; got != want {
			t.Errorf("n=%d: rank %d, table %d", n, got, want)
		}
	}
	for n := 1; n < 6; n++ {
		if got := orderRank(n, 0.95); got != 0 {
			t.Errorf("n=%d: rank %d although the range does not reach 95 %%", n, got)
		}
	}
	// at 99 % the table starts at 8 samples
	for n, want := range map[int]int{7: 0, 8: 1, 12: 2, 20: 4, 30: 8} {
		if got := orderRank(n, 0.99); got != want {
			t.Errorf("n=%d at 99 %%: rank %d, want %d", n, got, want)
		}
	}
}

func TestOrderInterval(t *testing.T) {
	for _, c := range []struct {
		samples   []float64
		low, high float64
	}{
		{[]float64{7}, 7, 7},
		{[]float64{3, 1, 2}, 1, 3},
		{[]float64{5, 4, 3, 2, 1}, 1, 5},
		{[]float64{6, 5, 4, 3, 2, 1}, 1, 6},
		{[]float64{9, 1, 8, 2, 7, 3, 6, 4, 5}, 2, 8},
		{[]float64{12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1}, 3, 10},
	} {
		low, high, n := OrderInterval(c.samples, 0.95)
		if low != c.low || high != c.high || n != len(c.samples) {
			t.Errorf("%v: %v %v %d, want %v %v", c.samples, low, high, n, c.low, c.high)
		}
	}
	if low, high, n := OrderInterval(nil, 0.95); !math.IsNaN(low) || !math.IsNaN(high) || n != 0 {
		t.Errorf("no samples: %v %v %d", low, high, n)
	}
	if got := orderRank(5000, 0.95); got < 2425 || got > 2435 { // n/2 - 0.98 sqrt n
		t.Errorf("5000 samples: rank %d", got)
	}
}

// The interval must hold the true median as often as it says, for a distribution far from normal.
func TestOrderIntervalCovers(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	const runs = 4000
	for _, n := range []int{6, 9, 12, 20} {
		held := 0
		for range runs {
			samples := make([]float64, n)
			for i := range samples {
				samples[i] = random.ExpFloat64()
			}
			if low, high, _ := OrderInterval(samples, 0.95); low <= math.Ln2 && math.Ln2 <= high {
				held++
			}
		}
		if share := float64(held) / runs; share < 0.94 {
			t.Errorf("n=%d: holds the median in %.3f of %d runs", n, share, runs)
		}
	}
}

func TestOf(t *testing.T) {
	if got, want := Of([]float64{4, 1, 3, 2}), (Estimate{2.5, 1, 4, 4}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := Of(nil); got.N != 0 || !math.IsNaN(got.Value) {
		t.Errorf("no samples: %v", got)
	}
}
