package stat

import (
	"math"
	"slices"
)

// Median is the middle sample, the mean of the two middle ones for an even count. NaN without samples.
func Median(samples []float64) float64 {
	return Quantile(samples, 0.5)
}

// Quantile estimates the p-quantile, p in 0..1, of what the samples come from. NaN without samples; the extremes where p lies beyond what so
// few samples can tell.
//
// It is definition 8 of Hyndman and Fan, "Sample quantiles in statistical packages", 1996: median-unbiased whatever the distribution, which
// matters for a dozen samples and for nothing else.
func Quantile(samples []float64, p float64) float64 {
	n := len(samples)
	if n == 0 || math.IsNaN(p) {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(samples))
	rank := (float64(n)+1.0/3)*p + 1.0/3 // 1 is the smallest sample
	switch {
	case rank <= 1:
		return sorted[0]
	case rank >= float64(n):
		return sorted[n-1]
	}
	whole, part := math.Modf(rank)
	below, above := sorted[int(whole)-1], sorted[int(whole)]
	return below + part*(above-below)
}
