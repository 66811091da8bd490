package stat

import (
	"math"
	"testing"
)

// Published values: the rule of three's exact form for none, and Newcombe, "Two-sided confidence intervals for the single proportion", Statistics
// in Medicine 17, 1998, table I, method 5 (81 of 263, 15 of 148, 0 of 20, 1 of 29).
func TestBinomialIntervalAgainstNewcombe(t *testing.T) {
	for _, c := range []struct {
		k, n      int
		low, high float64
	}{{81, 263, 0.2527, 0.3676}, {15, 148, 0.0578, 0.1617}, {0, 20, 0, 0.1684}, {1, 29, 0.0009, 0.1776}, {20, 20, 0.8316, 1}, {0, 0, 0, 1}} {
		low, high := BinomialInterval(c.k, c.n, 0.95)
		if math.Abs(low-c.low) > 5e-5 || math.Abs(high-c.high) > 5e-5 {
			t.Errorf("%d of %d: %.4f to %.4f, published %.4f to %.4f", c.k, c.n, low, high, c.low, c.high)
		}
	}
}
