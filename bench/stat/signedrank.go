package stat

import (
	"math"
	"slices"
)

// SignedRankP is the exact two-sided p-value of Wilcoxon's signed-rank test that differences lie around 0: the probability, if they did, of a
// rank sum at least as far from its middle. Differences of exactly 0 say nothing and are left out; equal sizes share their mean rank, and the
// distribution is that of the ranks as they are shared. 1 where nothing is left.
//
// Wilcoxon, "Individual comparisons by ranking methods", Biometrics Bulletin 1, 1945; the distribution is counted, not approximated.
func SignedRankP(differences []float64) float64 {
	ranks, positive := signedRanks(differences)
	if len(ranks) == 0 {
		return 1
	}
	counts := rankSums(ranks)
	total, below := 0.0, 0.0
	other := len(counts) - 1 - positive
	for sum, n := range counts {
		total += n
		if sum <= min(positive, other) {
			below += n
		}
	}
	return min(1, 2*below/total)
}

// signedRanks are the ranks of the sizes of all differences but 0, doubled so that a mean of two ranks is whole, and the sum of those of the
// positive ones.
func signedRanks(differences []float64) (doubled []int, positive int) {
	var xs []float64
	for _, d := range differences {
		if d != 0 && !math.IsNaN(d) {
			xs = append(xs, d)
		}
	}
	slices.SortFunc(xs, func(a, b float64) int {
		switch x, y := math.Abs(a), math.Abs(b); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	for i := 0; i < len(xs); {
		end := i + 1
		for end < len(xs) && math.Abs(xs[end]) == math.Abs(xs[i]) {
			end++
		}
		for ; i < end; i++ {
			doubled = append(doubled, 0)
			_ = i
		}
		first := end - countSame(xs, end)
		for k := first; k < end; k++ {
			doubled[k] = first + 1 + end // the ranks first+1 … end, their mean twice
			if xs[k] > 0 {
				positive += doubled[k]
			}
		}
	}
	return doubled, positive
}
