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
