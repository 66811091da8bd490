package stat

import (
	"cmp"
	"math"
	"slices"
)

// SignedRankP is the exact two-sided p-value of Wilcoxon's signed-rank test that differences lie around 0: the probability, if they did, of a
// rank sum at least as far from its middle. Differences of exactly 0 say nothing and are left out, as is what is no number; equal sizes share
// their mean rank, and the distribution is that of the ranks as they are shared. 1 where nothing is left.
//
// Wilcoxon, "Individual comparisons by ranking methods", Biometrics Bulletin 1, 1945. The distribution is counted, not approximated.
func SignedRankP(differences []float64) float64 {
	ranks, positive := signedRanks(differences)
	ways := rankSums(ranks)
	tail := min(positive, len(ways)-1-positive)
	total, beyond := 0.0, 0.0
	for sum, n := range ways {
		total += n
		if sum <= tail {
			beyond += n
		}
	}
	return min(1, 2*beyond/total)
}

// signedRanks are the ranks of the sizes of all differences but 0, doubled so that the mean of two ranks is a whole number, and the sum of
// those of the positive ones.
func signedRanks(differences []float64) (doubled []int, positive int) {
	xs := slices.DeleteFunc(slices.Clone(differences), func(d float64) bool { return d == 0 || math.IsNaN(d) })
	slices.SortFunc(xs, func(a, b float64) int { return cmp.Compare(math.Abs(a), math.Abs(b)) })
	doubled = make([]int, len(xs))
	for first := 0; first < len(xs); {
		next := first + 1
		for next < len(xs) && math.Abs(xs[next]) == math.Abs(xs[first]) {
			next++
		}
		for k := first; k < next; k++ {
			doubled[k] = first + 1 + next // twice the mean of the ranks first+1 to next
			if xs[k] > 0 {
				positive += doubled[k]
			}
		}
		first = next
	}
	return doubled, positive
}

// rankSums counts, for each sum from 0 to that of all ranks, the choices of signs whose positive ranks have that sum.
func rankSums(ranks []int) []float64 {
	top := 0
	for _, r := range ranks {
		top += r
	}
	ways := make([]float64, top+1)
	ways[0] = 1
	for _, r := range ranks {
		for sum := top; sum >= r; sum-- {
			ways[sum] += ways[sum-r]
		}
	}
	return ways
}

// HodgesLehmann is the median of the means of all pairs of samples, each with itself among them: where differences lie, of which one in four
// may be anything; and the interval of them that SignedRankP would not refuse at 1 - confidence. Below 6 samples at 95 % no interval reaches
// that, and it is the range. NaN without samples.
//
// Hodges and Lehmann, "Estimates of location based on rank tests", Annals of Mathematical Statistics 34, 1963; Hollander and Wolfe,
// Nonparametric Statistical Methods, section 3.3.
func HodgesLehmann(samples []float64, confidence float64) (estimate, low, high float64) {
	n := len(samples)
	if n == 0 {
		return math.NaN(), math.NaN(), math.NaN()
	}
	means := make([]float64, 0, n*(n+1)/2)
	for i, x := range samples {
		for _, y := range samples[i:] {
			means = append(means, x/2+y/2)
		}
	}
	slices.Sort(means)
	rank := max(signedRankBound(n, confidence), 1)
	return Median(means), means[rank-1], means[len(means)-rank]
}

// signedRankBound is the largest r, counted from 1, for which the r-th smallest and the r-th largest of the means of n samples hold the middle
// with the confidence; 0 where not even the extremes do.
func signedRankBound(n int, confidence float64) int {
	ranks := make([]int, n)
	for i := range ranks {
		ranks[i] = i + 1
	}
	outside, all := 0.0, math.Exp2(float64(n))
	for r, ways := range rankSums(ranks) {
		if outside += ways; 1-2*outside/all < confidence {
			return r
		}
	}
	return 0
}
