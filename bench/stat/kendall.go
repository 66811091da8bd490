package stat

import "math"

// Kendall is the agreement of two rankings of the same things, -1 (opposite) to 1 (the same): tau-b, in which ties count for neither side.
// 0 where one of them ranks nothing, and below two pairs. The longer slice's tail is left out.
//
// Kendall, "The treatment of ties in ranking problems", Biometrika 33, 1945.
func Kendall(a, b []float64) float64 {
	n := min(len(a), len(b))
	agree, tiedA, tiedB, pairs := 0, 0, 0, 0
	for i := range n {
		for j := i + 1; j < n; j++ {
			x, y := sign(a[i]-a[j]), sign(b[i]-b[j])
			agree += x * y
			pairs++
			if x == 0 {
				tiedA++
			}
			if y == 0 {
				tiedB++
			}
		}
	}
	norm := math.Sqrt(float64(pairs-tiedA) * float64(pairs-tiedB))
	if norm == 0 {
		return 0
	}
	return float64(agree) / norm
}

func sign(x float64) int {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

// KendallApart is the agreement of two rankings over those couples of things that same tells apart in one of them or in both, and how many those
// are: the couples in the same order minus those in the opposite one, -1..1. Of things that are as good as equal both orders are right.
func KendallApart(a, b []float64, same func(x, y float64) bool) (tau float64, couples int) {
	n := min(len(a), len(b))
	agree := 0
	for i := range n {
		for j := i + 1; j < n; j++ {
			if same(a[i], a[j]) && same(b[i], b[j]) {
				continue
			}
			agree += sign(a[i]-a[j]) * sign(b[i]-b[j])
			couples++
		}
	}
	if couples == 0 {
		return 0, 0
	}
	return float64(agree) / float64(couples), couples
}
