package stat

import (
	"cmp"
	"math"
	"slices"
)

// exactUpTo is the number of samples of both sides together up to which the distribution of the rank sum is counted; beyond, it is as good as
// normal.
const exactUpTo = 60

// Unpaired is what measurements of two things at different times, which share no round, say of the ratio of a to b. Its Noise is that of a
// single measurement, over both; its N the smaller number of samples. A number that is not finite or not above 0 is left out.
//
// The p-value is that of the rank sum test (Mann and Whitney, "On a test of whether one of two random variables is stochastically larger than
// the other", Annals of Mathematical Statistics 18, 1947), the estimate and its interval are those of Hodges and Lehmann for two samples
// (Hollander and Wolfe, Nonparametric Statistical Methods, sections 4.1 to 4.3).
func Unpaired(a, b []float64) Comparison {
	x, y := logarithms(a), logarithms(b)
	if len(x) == 0 || len(y) == 0 {
		nan := math.NaN()
		return Comparison{Ratio: nan, Low: nan, High: nan, P: 1, Noise: nan}
	}
	middle, low, high := shift(x, y, Confidence)
	return Comparison{Ratio: math.Exp(middle), Low: math.Exp(low), High: math.Exp(high), P: RankSumP(x, y),
		Noise: spread(append(centred(x), centred(y)...)), N: min(len(x), len(y))}
}

func logarithms(xs []float64) (logs []float64) {
	for _, x := range xs {
		if l := math.Log(x); x > 0 && finite(l) {
			logs = append(logs, l)
		}
	}
	return logs
}

func centred(xs []float64) (away []float64) {
	middle := Median(xs)
	for _, x := range xs {
		away = append(away, x-middle)
	}
	return away
}

// shift is by how much x lies above y, with its interval: the median of all differences, and those that RankSumP would not refuse. Where so few
// samples reach no confidence it is the range.
func shift(x, y []float64, confidence float64) (estimate, low, high float64) {
	var all []float64
	for _, u := range x {
		for _, v := range y {
			all = append(all, u-v)
		}
	}
	slices.Sort(all)
	rank := max(rankSumBound(len(x), len(y), confidence), 1)
	return Median(all), all[rank-1], all[len(all)-rank]
}

// rankSumBound is the largest r, counted from 1, for which the r-th smallest and the r-th largest of the n·m differences hold the shift with
// the confidence; 0 where not even the extremes do.
func rankSumBound(n, m int, confidence float64) int {
	tail := (1 - confidence) / 2
	if n+m > exactUpTo {
		mean, sd := float64(n*m)/2, math.Sqrt(float64(n*m*(n+m+1))/12)
		return max(0, int(mean-sd*math.Sqrt2*math.Erfinv(1-2*tail)))
	}
	ranks := make([]int, n+m)
	for i := range ranks {
		ranks[i] = i + 1
	}
	ways := chosenSums(ranks, n)
	least, all, outside := n*(n+1)/2, 0.0, 0.0
	for _, w := range ways {
		all += w
	}
	for r := 0; least+r < len(ways); r++ {
		if outside += ways[least+r]; outside/all > tail {
			return r
		}
	}
	return 0
}

// RankSumP is the two-sided p-value that x and y come from the same place: exact, with ties as they are, up to 60 samples together; 1 where a
// side is empty.
func RankSumP(x, y []float64) float64 {
	if len(x) == 0 || len(y) == 0 {
		return 1
	}
	ranks, sum := doubledRanks(x, y)
	if len(ranks) > exactUpTo {
		return normalRankSumP(ranks, sum, len(x))
	}
	ways := chosenSums(ranks, len(x))
	all, low, high := 0.0, 0.0, 0.0
	for s, w := range ways {
		all += w
		if s <= sum {
			low += w
		}
		if s >= sum {
			high += w
		}
	}
	return min(1, 2*min(low, high)/all)
}

// doubledRanks are twice the ranks of all samples together, equals sharing their mean, and the sum of those of x.
func doubledRanks(x, y []float64) (ranks []int, ofX int) {
	type one struct {
		v   float64
		isX bool
	}
	var all []one
	for _, v := range x {
		all = append(all, one{v, true})
	}
	for _, v := range y {
		all = append(all, one{v, false})
	}
	slices.SortFunc(all, func(a, b one) int { return cmp.Compare(a.v, b.v) })
	for first := 0; first < len(all); {
		next := first + 1
		for next < len(all) && all[next].v == all[first].v {
			next++
		}
		for k := first; k < next; k++ {
			ranks = append(ranks, first+1+next)
			if all[k].isX {
				ofX += first + 1 + next
			}
		}
		first = next
	}
	return ranks, ofX
}

// chosenSums counts, for each sum, the ways to choose n of the ranks that have it.
func chosenSums(ranks []int, n int) []float64 {
	top := 0
	for _, r := range ranks {
		top += r
	}
	ways := make([][]float64, n+1)
	for k := range ways {
		ways[k] = make([]float64, top+1)
	}
	ways[0][0] = 1
	for _, r := range ranks {
		for k := n; k >= 1; k-- {
			for s := top; s >= r; s-- {
				ways[k][s] += ways[k-1][s-r]
			}
		}
	}
	return ways[n]
}

// normalRankSumP is the p-value where the samples are many, from the mean and the variance of n ranks chosen out of those given.
func normalRankSumP(ranks []int, sum, n int) float64 {
	mean, square := 0.0, 0.0
	for _, r := range ranks {
		mean += float64(r) / float64(len(ranks))
	}
	for _, r := range ranks {
		square += (float64(r) - mean) * (float64(r) - mean)
	}
	all := float64(len(ranks))
	variance := float64(n) * (all - float64(n)) / (all * (all - 1)) * square
	if variance == 0 {
		return 1
	}
	z := (math.Abs(float64(sum)-float64(n)*mean) - 1) / math.Sqrt(variance) // 1 of doubled ranks is half a rank: continuity
	return min(1, math.Erfc(max(z, 0)/math.Sqrt2))
}
