package stat

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// Drift tells whether values, one a round, rise or fall with the rounds: Spearman's rank correlation with the round, -1 to 1, and the p-value
// that there is none, from shuffled rounds (always the same shuffles; no p below 1/10,000). 0 and 1 below 3 values.
func Drift(values []float64) (correlation, p float64) {
	if len(values) < 3 {
		return 0, 1
	}
	ranks := meanRanks(values)
	seen := withOrder(ranks)
	random := rand.New(rand.NewPCG(1, uint64(len(values))))
	const shuffles = 9999
	asFar := 1
	for range shuffles {
		random.Shuffle(len(ranks), func(i, j int) { ranks[i], ranks[j] = ranks[j], ranks[i] })
		if math.Abs(withOrder(ranks)) >= math.Abs(seen)-1e-12 {
			asFar++
		}
	}
	return seen, float64(asFar) / (shuffles + 1)
}

// meanRanks are the ranks of values in their places, equal values with the mean of theirs.
func meanRanks(values []float64) []float64 {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(values[a], values[b]) })
	ranks := make([]float64, len(values))
	for first := 0; first < len(order); {
		next := first + 1
		for next < len(order) && values[order[next]] == values[order[first]] {
			next++
		}
		for _, i := range order[first:next] {
			ranks[i] = float64(first+1+next) / 2
		}
		first = next
	}
	return ranks
}

// withOrder is the correlation of ranks with the order they stand in; 0 where all are equal.
func withOrder(ranks []float64) float64 {
	middle := float64(len(ranks)+1) / 2
	var both, own, order float64
	for i, r := range ranks {
		x, y := r-middle, float64(i+1)-middle
		both, own, order = both+x*y, own+x*x, order+y*y
	}
	if own == 0 {
		return 0
	}
	return both / math.Sqrt(own*order)
}
