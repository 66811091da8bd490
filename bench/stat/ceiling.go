package stat

import (
	"math"
	"math/rand/v2"
)

// ceilingDraws is how many repetitions of the measuring are imagined: their mean then moves by some 0.02.
const ceilingDraws = 400

// KendallCeiling is what KendallApart would be, on average, of the true values and the measured ones: the most that any foretelling can reach
// against measured values with these standard errors. ok is false below three values, for a standard error that is no number, and where no two
// values would be apart.
//
// Measured values lie further apart than the true ones, by their noise. So they are drawn together around their mean until their variance is what
// the noise leaves of it (the variance of a sum of independent parts), measured anew with the noise of each, and the two ranked against each other.
// Where all true values are the same that leaves some of the noise in, and the ceiling is some 0.2 too high.
func KendallCeiling(measured, standardError []float64, same func(x, y float64) bool) (tau float64, ok bool) {
	n := min(len(measured), len(standardError))
	if n < 3 {
		return 0, false
	}
	truth := drawnTogether(measured[:n], standardError[:n])
	if math.IsNaN(truth[0]) || math.IsInf(truth[0], 0) {
		return 0, false
	}
	rng := rand.New(rand.NewPCG(1, uint64(n))) // the same for the same values
	again, sum, draws := make([]float64, n), 0.0, 0
	for range ceilingDraws {
		for i := range again {
			again[i] = truth[i] + standardError[i]*rng.NormFloat64()
		}
		if t, couples := KendallApart(truth, again, same); couples > 0 {
			sum += t
			draws++
		}
	}
	if draws == 0 {
		return 0, false
	}
	return sum / float64(draws), true
}

// drawnTogether is values moved towards their mean until their variance is what noise leaves of it.
func drawnTogether(measured, standardError []float64) []float64 {
	n, mean, noise := float64(len(measured)), 0.0, 0.0
	for i, x := range measured {
		mean += x / n
		noise += standardError[i] * standardError[i] / n
	}
	variance := 0.0
	for _, x := range measured {
		variance += (x - mean) * (x - mean) / (n - 1)
	}
	share := 0.0
	if variance > 0 {
		share = math.Sqrt(max(0, 1-noise/variance))
	}
	truth := make([]float64, len(measured))
	for i, x := range measured {
		truth[i] = mean + share*(x-mean)
	}
	return truth
}
