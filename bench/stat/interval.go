package stat

import (
	"math"
	"slices"
)

// Confidence is the level of every interval that auditprof prints.
const Confidence = 0.95

// Estimate is a median with its interval.
type Estimate struct {
	Value, Low, High float64
	N                int // samples behind it; without any the three numbers are NaN
}

// Of estimates the median of the samples, with the interval of OrderInterval at 95 %.
func Of(samples []float64) Estimate {
	low, high, n := OrderInterval(samples, Confidence)
	return Estimate{Value: Median(samples), Low: low, High: high, N: n}
}

// OrderInterval is the interval between two samples that holds the median of what they come from with at least the given confidence (0..1),
// and the number of samples. Where even the whole range does not reach it (below 6 samples at 95 %) it is the range. NaN without samples.
//
// The number of samples below the median is binomial with p = 1/2, whatever the distribution: the ranks are those of the sign test
// (Conover, Practical Nonparametric Statistics, section 3.2).
func OrderInterval(samples []float64, confidence float64) (low, high float64, n int) {
	n = len(samples)
	if n == 0 {
		return math.NaN(), math.NaN(), 0
	}
	sorted := slices.Sorted(slices.Values(samples))
	rank := max(orderRank(n, confidence), 1)
	return sorted[rank-1], sorted[n-rank], n
}

// orderRank is the largest r, counted from 1, for which the r-th smallest and the r-th largest of n samples still hold the median with the
// confidence; 0 where not even the extremes do.
func orderRank(n int, confidence float64) int {
	outside := 0.0 // probability that the median lies below the r-th smallest
	for r := 1; r <= (n+1)/2; r++ {
		outside += binomialHalf(n, r-1)
		if 1-2*outside < confidence {
			return r - 1
		}
	}
	return (n + 1) / 2
}

// binomialHalf is the probability of k heads in n throws of a coin.
func binomialHalf(n, k int) float64 {
	lg := func(x int) float64 { v, _ := math.Lgamma(float64(x) + 1); return v }
	return math.Exp(lg(n) - lg(k) - lg(n-k) - float64(n)*math.Ln2)
}
