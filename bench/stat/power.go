package stat

import (
	"math"
	"math/rand/v2"
	"sort"
	"sync"
)

// What a plan takes for granted of the noise on a shared machine: most pairs normal, and in one arm of ten a slot that something else ran into.
const (
	power        = 0.8
	outlierShare = 0.1
	outlierSize  = 5
	planned      = 2000 // simulated runs behind each answer: a share of 0.8 is known to 0.018
)

// Detectable is the smallest true ratio that n rounds find in 4 of 5 runs, at alpha and where pairs vary by noise (see Comparison). +Inf where
// no ratio is found with so few rounds. It is simulated, always with the same numbers.
func Detectable(n int, noise, alpha float64) float64 {
	unit := detectableShift(n, alpha)
	if math.IsInf(unit, 1) {
		return unit // also without noise
	}
	return math.Exp(unit * noise)
}

// RoundsFor is the number of rounds in which a true ratio is found in 4 of 5 runs; 0 where limit rounds are too few.
func RoundsFor(ratio, noise, alpha float64, limit int) int {
	want := math.Abs(math.Log(ratio))
	few := fewestRounds(alpha)
	n := few + sort.Search(max(limit-few+1, 0), func(more int) bool { return detectableShift(few+more, alpha)*noise <= want })
	if n > limit {
		return 0
	}
	return n
}

// fewestRounds is the least number of rounds whose smallest p-value is at most alpha: 6 for 0.05. That p is 2^(1-n).
func fewestRounds(alpha float64) int {
	n := 1
	for math.Exp2(float64(1-n)) > alpha {
		n++
	}
	return n
}

// FewestRounds is the least number of rounds with which every one of so many tests can get a verdict at alpha after Holm: 6 for one test, 9 for
// ten. alpha in 0..1.
func FewestRounds(tests int, alpha float64) int { return fewestRounds(alpha / float64(max(tests, 1))) }

// simulatedRounds bounds what is simulated: from there on the ratio that is found shrinks with the root of the rounds.
const simulatedRounds = 40

// shifts remembers what was simulated, by rounds and bound: a run asks for the same again and again.
var shifts sync.Map

// detectableShift is the logarithm of the ratio that n rounds find, in units of the noise.
func detectableShift(n int, alpha float64) float64 {
	if n > simulatedRounds && fewestRounds(alpha) < simulatedRounds {
		return detectableShift(simulatedRounds, alpha) * math.Sqrt(simulatedRounds/float64(n))
	}
	bound := signedRankBound(n, 1-alpha)
	if bound == 0 {
		return math.Inf(1)
	}
	if known, ok := shifts.Load([2]int{n, bound}); ok {
		return known.(float64)
	}
	shift := simulatedShift(n, bound)
	shifts.Store([2]int{n, bound}, shift)
	return shift
}

func simulatedShift(n, bound int) float64 {
	runs := simulated(n)
	low, high := 0.0, 64.0
	for high-low > 0.005 {
		middle := (low + high) / 2
		if foundShare(runs, middle, bound) >= power {
			high = middle
		} else {
			low = middle
		}
	}
	return high
}

// simulated are the logarithms of the ratios of runs of n rounds without a difference, in units of the noise: that of each arm is 1/√2.
func simulated(n int) [][]float64 {
	random := rand.New(rand.NewPCG(uint64(n), planned))
	arm := func() float64 {
		x := random.NormFloat64() / math.Sqrt2
		if random.Float64() < outlierShare {
			x *= outlierSize
		}
		return x
	}
	runs := make([][]float64, planned)
	for i := range runs {
		runs[i] = make([]float64, n)
		for k := range runs[i] {
			runs[i][k] = arm() - arm()
		}
	}
	return runs
}

// foundShare is the share of runs in which a shift is found: the sum of the negative ranks is below the bound.
func foundShare(runs [][]float64, shift float64, bound int) float64 {
	found := 0
	moved := make([]float64, len(runs[0]))
	for _, run := range runs {
		for k, x := range run {
			moved[k] = x + shift
		}
		ranks, positive := signedRanks(moved)
		total := 0
		for _, r := range ranks {
			total += r
		}
		if (total-positive)/2 < bound {
			found++
		}
	}
	return float64(found) / float64(len(runs))
}
