package stat

import "math"

// Comparison is what pairs of measurements of two things, one pair a round, say of the ratio between them.
type Comparison struct {
	Ratio, Low, High float64 // Hodges-Lehmann on the logarithms of the ratios, with its interval at Confidence; NaN without pairs
	P                float64 // exact, two-sided, that there is no difference; of this test alone: see Holm
	Noise            float64 // robust standard deviation of the logarithms: 0.02 is pairs that differ by 2 %
	N                int     // pairs
}

// Compare compares a with b, round by round. A pair in which a number is not finite or not above 0 is left out.
func Compare(a, b []float64) Comparison {
	var logs []float64
	for i := range min(len(a), len(b)) {
		if l := math.Log(a[i] / b[i]); a[i] > 0 && b[i] > 0 && finite(l) {
			logs = append(logs, l)
		}
	}
	middle, low, high := HodgesLehmann(logs, Confidence)
	return Comparison{Ratio: math.Exp(middle), Low: math.Exp(low), High: math.Exp(high), P: SignedRankP(logs), Noise: spread(logs), N: len(logs)}
}

// Spread is the robust standard deviation of samples as a share of their median: 0.02 for samples that differ by 2 %. NaN without samples.
func Spread(samples []float64) float64 { return spread(samples) / Median(samples) }

// spread is the median distance from the median, as the standard deviation of a normal distribution with that distance.
func spread(xs []float64) float64 {
	middle := Median(xs)
	var away []float64
	for _, x := range xs {
		away = append(away, math.Abs(x-middle))
	}
	const normal = 1.4826 // 1/Φ⁻¹(3/4)
	return normal * Median(away)
}

// Verdict is one of three answers.
type Verdict uint8

// The verdicts. CannotTell is the answer to a difference that may be none, or may be none that matters: it is no pass.
const (
	CannotTell Verdict = iota
	Smaller
	Larger
)

func (v Verdict) String() string { return [...]string{"cannot tell", "smaller", "larger"}[v] }

// Verdict says whether the ratio is above or below 1: where p, which holds for all tests of the run (Holm), is below alpha, the interval does
// not hold 1, and the ratio is further from it than floor, the largest ratio (1 or more) that the same thing measured twice has shown.
func (c Comparison) Verdict(p, alpha, floor float64) Verdict {
	switch {
	case !(p < alpha) || c.N == 0:
		return CannotTell
	case c.Low > 1 && c.Ratio > floor:
		return Larger
	case c.High < 1 && c.Ratio < 1/floor:
		return Smaller
	}
	return CannotTell
}
