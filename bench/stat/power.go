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

// Bar is what a difference must pass to be told: the p-value below Alpha, and where BeyondAA is set the ratio beyond the far end of the interval of
// an A/A of as many rounds. A/A's end varies from run to run too: with it a single
// test needs a third to a half more rounds, one of six a tenth.
type Bar struct {
	Alpha    float64 // 0..1
	BeyondAA bool
}

// Detectable is the smallest true ratio that n rounds find in 4 of 5 runs, where pairs vary by noise (see Comparison). +Inf where no ratio is found
// with so few rounds. It is simulated, always with the same numbers.
func (b Bar) Detectable(n int, noise float64) float64 {
	unit := b.shift(n)
	if math.IsInf(unit, 1) {
		return unit // also without noise
	}
	return math.Exp(unit * noise)
}

// RoundsFor is the number of rounds in which a true ratio is found in 4 of 5 runs; 0 where limit rounds are too few.
func (b Bar) RoundsFor(ratio, noise float64, limit int) int {
	want := math.Abs(math.Log(ratio))
	few := fewestRounds(b.Alpha)
	n := few + sort.Search(max(limit-few+1, 0), func(more int) bool { return b.shift(few+more)*noise <= want })
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

// shifts remembers what was simulated, by rounds and bar: a run asks for the same again and again. runsOf remembers the simulated runs, by rounds.
var shifts, runsOf sync.Map

// simulation is the bar of some rounds, as a key of shifts.
type simulation struct {
	n, bound int
	beyondAA bool
}

// shift is the logarithm of the ratio that n rounds find, in units of the noise.
func (b Bar) shift(n int) float64 {
	if n > simulatedRounds && fewestRounds(b.Alpha) < simulatedRounds {
		return b.shift(simulatedRounds) * math.Sqrt(simulatedRounds/float64(n))
	}
	s := simulation{n, signedRankBound(n, 1-b.Alpha), b.BeyondAA}
	if s.bound == 0 {
		return math.Inf(1)
	}
	if known, ok := shifts.Load(s); ok {
		return known.(float64)
	}
	found := s.shift()
	shifts.Store(s, found)
	return found
}

func (s simulation) shift() float64 {
	runs := simulated(s.n)
	low, high := 0.0, 64.0
	for high-low > 0.005 {
		middle := (low + high) / 2
		if s.foundShare(runs, middle) >= power {
			high = middle
		} else {
			low = middle
		}
	}
	return high
}

// simulatedRun is a run without a difference, in units of the noise: the logarithms of its ratios, where they lie, and the far end of the interval
// of its A/A.
type simulatedRun struct {
	logs          []float64
	middle, floor float64
}

// simulated are runs of n rounds. The noise of each arm is 1/√2; the arm that is compared is the one that A/A repeats.
func simulated(n int) []simulatedRun {
	if known, ok := runsOf.Load(n); ok {
		return known.([]simulatedRun)
	}
	random := rand.New(rand.NewPCG(uint64(n), planned))
	arm := func() float64 {
		x := random.NormFloat64() / math.Sqrt2
		if random.Float64() < outlierShare {
			x *= outlierSize
		}
		return x
	}
	runs := make([]simulatedRun, planned)
	for i := range runs {
		logs, aa := make([]float64, n), make([]float64, n)
		for k := range logs {
			a := arm()
			logs[k], aa[k] = a-arm(), arm()-a
		}
		middle, _, _ := HodgesLehmann(logs, Confidence)
		_, low, high := HodgesLehmann(aa, Confidence)
		runs[i] = simulatedRun{logs: logs, middle: middle, floor: max(high, -low)}
	}
	runsOf.Store(n, runs)
	return runs
}

// foundShare is the share of runs in which a shift is found: the sum of the negative ranks is below the bound, and what was found beyond A/A.
func (s simulation) foundShare(runs []simulatedRun, shift float64) float64 {
	found := 0
	moved := make([]float64, s.n)
	for _, run := range runs {
		if s.beyondAA && run.middle+shift <= run.floor {
			continue
		}
		for k, x := range run.logs {
			moved[k] = x + shift
		}
		ranks, positive := signedRanks(moved)
		total := 0
		for _, r := range ranks {
			total += r
		}
		if (total-positive)/2 < s.bound {
			found++
		}
	}
	return float64(found) / float64(len(runs))
}
