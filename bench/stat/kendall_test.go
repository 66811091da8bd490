package stat

import (
	"math"
	"testing"
)

func TestKendall(t *testing.T) {
	for _, c := range []struct {
		name string
		a, b []float64
		want float64
	}{
		{"the same", []float64{1, 2, 3, 4}, []float64{10, 20, 30, 40}, 1},
		{"opposite", []float64{1, 2, 3, 4}, []float64{4, 3, 2, 1}, -1},
		{"one pair of six turned", []float64{1, 2, 3, 4}, []float64{1, 2, 4, 3}, 4.0 / 6},
		{"a tie on one side", []float64{1, 2, 3}, []float64{1, 2, 2}, 2 / math.Sqrt(6)},
		{"all tied", []float64{1, 1}, []float64{1, 2}, 0},
		{"too few", []float64{1}, []float64{1}, 0},
	} {
		if got := Kendall(c.a, c.b); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestKendallApart(t *testing.T) {
	same := func(x, y float64) bool { return math.Abs(x-y) <= 5 }
	for _, c := range []struct {
		name    string
		a, b    []float64
		tau     float64
		couples int
	}{
		{"all the same", []float64{1, 2, 3}, []float64{3, 2, 1}, 0, 0},
		{"one apart, two ties in the wrong order", []float64{100, 2, 3}, []float64{90, 3, 2}, 1, 2},
		{"opposite", []float64{10, 20, 30}, []float64{30, 20, 10}, -1, 3},
		{"apart in the second only", []float64{1, 1, 1}, []float64{0, 10, 20}, 0, 3},
		{"one of three", []float64{10, 20, 30}, []float64{10, 30, 20}, 1.0 / 3, 3},
		{"nothing", nil, []float64{1}, 0, 0},
	} {
		if tau, n := KendallApart(c.a, c.b, same); math.Abs(tau-c.tau) > 1e-12 || n != c.couples {
			t.Errorf("%s: %v over %d, want %v over %d", c.name, tau, n, c.tau, c.couples)
		}
	}
}
