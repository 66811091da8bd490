package stat

import "math"

// PairedRatios divides a by b, pair by pair: index i is the same round in both, so what disturbed the machine for the length of a round
// falls out. A pair in which a number is not finite (a rejected slot), or b is not above 0, is left out; so is the tail of the longer slice,
// whose partner was not measured.
func PairedRatios(a, b []float64) []float64 {
	var ratios []float64
	for i := range min(len(a), len(b)) {
		if r := a[i] / b[i]; b[i] > 0 && finite(a[i]) && finite(b[i]) && finite(r) {
			ratios = append(ratios, r)
		}
	}
	return ratios
}

func finite(x float64) bool {
	return !math.IsNaN(x) && !math.IsInf(x, 0)
}
