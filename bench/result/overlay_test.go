package result

import (
	"math"
	"slices"
	"testing"
)

func TestOverlay(t *testing.T) {
	a := &Series{StepNs: 10, Values: []int64{1, 5, 2, 2}}
	b := &Series{StepNs: 20, Values: []int64{3, 8}}
	c := &Series{StepNs: 10, Values: []int64{4, 4}}
	spoilt := &Series{StepNs: 10, Values: []int64{-1}}
	got := Overlay([]*Series{a, b, c, spoilt, nil}, 20, 3, false)
	if want := []Band{{3, 4, 5, 3}, {2, 5, 8, 2}, {}}; !slices.Equal(got, want) {
		t.Errorf("largest samples: %v, want %v", got, want)
	}
	got = Overlay([]*Series{a, b}, 20, 2, true)
	near := func(x, y Band) bool {
		return math.Abs(x.Low-y.Low)+math.Abs(x.Mid-y.Mid)+math.Abs(x.High-y.High) < 1e-9 && x.Slots == y.Slots
	}
	if want := []Band{{0.15, 0.225, 0.3, 2}, {0.2, 0.3, 0.4, 2}}; !slices.EqualFunc(got, want, near) {
		t.Errorf("rates: %v, want %v", got, want)
	}
	got = Overlay([]*Series{{StepNs: 10, Values: []int64{5, 5, 5}}}, 20, 2, true) // the last cell is half a cell
	if want := []Band{{0.5, 0.5, 0.5, 1}, {0.5, 0.5, 0.5, 1}}; !slices.Equal(got, want) {
		t.Errorf("rate of a part of a cell: %v, want %v", got, want)
	}
}
