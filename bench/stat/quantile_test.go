package stat

import (
	"math"
	"slices"
	"testing"
)

func TestQuantile(t *testing.T) {
	ten := []float64{10, 1, 9, 2, 8, 3, 7, 4, 6, 5}
	for _, c := range []struct {
		samples []float64
		p, want float64
	}{
		{ten, 0.5, 5.5},
		{ten, 0.25, 2.916666666666667}, // R: quantile(1:10, .25, type=8)
		{ten, 0.9, 9.633333333333333},  // R: quantile(1:10, .9, type=8)
		{ten, 0, 1},
		{ten, 1, 10},
		{ten, 0.99, 10},
		{[]float64{3}, 0.9, 3},
		{[]float64{1, 2}, 0.5, 1.5},
		{[]float64{5, 1, 3}, 0.5, 3},
	} {
		if got := Quantile(c.samples, c.p); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%v at %v: %v, want %v", c.samples, c.p, got, c.want)
		}
	}
	if !slices.Equal(ten, []float64{10, 1, 9, 2, 8, 3, 7, 4, 6, 5}) {
		t.Error("the samples were reordered")
	}
	if !math.IsNaN(Median(nil)) {
		t.Error("the median of nothing is a number")
	}
}

func TestPairedRatios(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct{ a, b, want []float64 }{
		{[]float64{2, 9}, []float64{1, 3}, []float64{2, 3}},
		{[]float64{2, nan, 4, 8}, []float64{1, 1, nan, 2}, []float64{2, 4}},
		{[]float64{1, 1, 1}, []float64{0, -1, inf}, nil},
		{[]float64{6, 5, 4}, []float64{3}, []float64{2}},
		{[]float64{math.MaxFloat64}, []float64{1e-300}, nil},
		{nil, []float64{1}, nil},
	} {
		if got := PairedRatios(c.a, c.b); !slices.Equal(got, c.want) {
			t.Errorf("%v / %v: %v, want %v", c.a, c.b, got, c.want)
		}
	}
}
