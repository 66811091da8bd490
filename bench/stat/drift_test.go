package stat

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestDrift(t *testing.T) {
	rising := []float64{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048}
	if c, p := Drift(rising); c != 1 || p > 0.001 {
		t.Errorf("rising: %v, p %v", c, p)
	}
	// Zar, Biostatistical Analysis, table B.20: for 10 values 0.648 is the least correlation that is significant at 5 %.
	at := []float64{1, 2, 8, 4, 5, 3, 10, 6, 9, 7}
	if c, p := Drift(at); math.Abs(c-0.660606) > 1e-6 || p > 0.05 || p < 0.02 {
		t.Errorf("just significant: %v, p %v", c, p)
	}
	if c, p := Drift([]float64{3, 3, 3, 3}); c != 0 || p != 1 {
		t.Errorf("all equal: %v, p %v", c, p)
	}
	if c, p := Drift([]float64{1, 2}); c != 0 || p != 1 {
		t.Errorf("two values: %v, p %v", c, p)
	}
	if c, _ := Drift([]float64{5, 1, 1, 0}); math.Abs(c+0.948683) > 1e-6 {
		t.Errorf("equal values share a rank: %v", c)
	}
}

func TestDriftOfNothing(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 10))
	const runs = 400
	found := 0
	for range runs {
		if _, p := Drift(slots(random, 12, 1, 0.05)); p < 0.05 {
			found++
		}
	}
	if share := float64(found) / runs; share > 0.05+2.6*math.Sqrt(0.05*0.95/runs) {
		t.Errorf("drift in %.3f of %d runs without any", share, runs)
	}
}
