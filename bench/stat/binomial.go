package stat

import "gonum.org/v1/gonum/mathext"

// BinomialInterval is the exact interval of a share of which k of n cases were seen: no share outside of it gives k or further with more than
// half of 1 - confidence on its side. 0 to 1 without cases.
//
// Clopper and Pearson, "The use of confidence or fiducial limits illustrated in the case of the binomial", Biometrika 26, 1934.
func BinomialInterval(k, n int, confidence float64) (low, high float64) {
	if n <= 0 {
		return 0, 1
	}
	tail := (1 - confidence) / 2
	high = 1
	if k > 0 {
		low = mathext.InvRegIncBeta(float64(k), float64(n-k+1), tail)
	}
	if k < n {
		high = mathext.InvRegIncBeta(float64(k+1), float64(n-k), 1-tail)
	}
	return low, high
}
