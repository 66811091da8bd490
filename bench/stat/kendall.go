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
