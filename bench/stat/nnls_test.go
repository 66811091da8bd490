package stat

import (
	"math"
	"math/rand/v2"
	"testing"
)

// planted makes slots with random counts whose y follows from the coefficients, with relative noise.
func planted(random *rand.Rand, coefficients []float64, slots int, noise float64) (rows [][]float64, y []float64) {
	for range slots {
		row, sum := make([]float64, len(coefficients)), 0.0
		for j, c := range coefficients {
			row[j] = math.Floor(math.Exp(random.Float64()*6) * 100)
			sum += c * row[j]
		}
		rows, y = append(rows, row), append(y, sum*(1+noise*random.NormFloat64()))
	}
	return rows, y
}

func TestNNLSFindsPlanted(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		coefficients := make([]float64, 1+random.IntN(8))
		for j := range coefficients {
			if random.IntN(3) > 0 {
				coefficients[j] = random.Float64() * 20000
			}
		}
		rows, y := planted(random, coefficients, len(coefficients)+random.IntN(20), 0)
		x, residual := NNLS(rows, y)
		if residual > 1e-6 {
			t.Errorf("planted %v: residual %v", coefficients, residual)
		}
		for j := range x {
			if math.Abs(x[j]-coefficients[j]) > 1e-4*20000 {
				t.Errorf("planted %v, found %v", coefficients, x)
				break
			}
		}
	}
}

func TestNNLSUnderNoise(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	coefficients := []float64{9000, 1500, 800, 0, 4000}
	rows, y := planted(random, coefficients, 60, 0.03)
	x, residual := NNLS(rows, y)
	if residual > 0.05 {
		t.Errorf("residual %v with 3 %% noise", residual)
	}
	for j, c := range coefficients {
		if math.Abs(x[j]-c) > 0.15*c+300 {
			t.Errorf("planted %v, found %v", coefficients, x)
			break
		}
	}
}

// What the solution must satisfy whatever the data (Karush, Kuhn and Tucker): nothing below 0, no descent left at 0, none at all above it.
func TestNNLSIsOptimal(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for range 300 {
		width, slots := 1+random.IntN(6), 1+random.IntN(12)
		rows, y := make([][]float64, slots), make([]float64, slots)
		for i := range rows {
			rows[i] = make([]float64, width)
			for j := range rows[i] {
				rows[i][j] = random.NormFloat64()
			}
			y[i] = random.NormFloat64()
		}
		x, _ := NNLS(rows, y)
		for j := range x {
			slope := 0.0
			for i, row := range rows {
				rest := y[i]
				for k := range row {
					rest -= row[k] * x[k]
				}
				slope += row[j] * rest
			}
			if x[j] < 0 || slope > 1e-6 || x[j] > 0 && math.Abs(slope) > 1e-6 {
				t.Fatalf("rows %v y %v: x %v, slope %v at %d", rows, y, x, slope, j)
			}
		}
	}
}

func TestNNLSDegenerate(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		name     string
		rows     [][]float64
		y        []float64
		want     []float64 // nil: only the sum of the coefficients counts
		sum      float64
		residual float64
	}{
		{"nothing", nil, nil, []float64{}, 0, 0},
		{"no y", [][]float64{{1, 2}}, nil, []float64{0, 0}, 0, 0},
		{"empty column", [][]float64{{1, 0}, {2, 0}}, []float64{5, 10}, []float64{5, 0}, 0, 0},
		{"y all zero", [][]float64{{1, 2}, {2, 1}}, []float64{0, 0}, []float64{0, 0}, 0, 0},
		{"only below zero", [][]float64{{1}, {2}}, []float64{-1, -2}, []float64{0}, 0, 1},
		{"twin columns", [][]float64{{1, 1}, {2, 2}, {3, 3}}, []float64{4, 8, 12}, nil, 4, 0},
		{"nearly twin columns", [][]float64{{1, 1}, {2, 2}, {3, 3 + 1e-12}}, []float64{4, 8, 12}, nil, 4, 0},
		{"more columns than slots", [][]float64{{1, 1, 1}}, []float64{6}, nil, 6, 0},
		{"short row", [][]float64{{2}, {0, 4}}, []float64{6, 20}, []float64{3, 5}, 0, 0},
		{"rejected slots", [][]float64{{1, 0}, {nan, 9}, {0, 1}, {1, 1}}, []float64{3, 1, 5, nan}, []float64{3, 5}, 0, 0},
	} {
		x, residual := NNLS(c.rows, c.y)
		sum := 0.0
		for j, v := range x {
			sum += v
			if c.want != nil && math.Abs(v-c.want[j]) > 1e-9 {
				t.Errorf("%s: %v, want %v", c.name, x, c.want)
			}
		}
		if c.want != nil && len(x) != len(c.want) || c.want == nil && math.Abs(sum-c.sum) > 1e-6 {
			t.Errorf("%s: %v", c.name, x)
		}
		if math.Abs(residual-c.residual) > 1e-9 {
			t.Errorf("%s: residual %v, want %v", c.name, residual, c.residual)
		}
	}
}

// A slot of a type that always comes with another (PATH with CWD) cannot tell the two apart; what is paid for both must still come out.
func TestNNLSCollinearTotal(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 10))
	rows, y := planted(random, []float64{9000, 700}, 20, 0.01)
	for i := range rows {
		rows[i] = append(rows[i], 2*rows[i][1])
	}
	x, residual := NNLS(rows, y)
	if residual > 0.02 || math.Abs(x[1]+2*x[2]-700) > 70 {
		t.Errorf("x %v, residual %v", x, residual)
	}
}

func TestNNLSHugeNumbersEnd(t *testing.T) {
	for _, v := range []float64{1e300, math.MaxFloat64, math.SmallestNonzeroFloat64} {
		x, _ := NNLS([][]float64{{v, 1}, {1, v}, {v, v}}, []float64{v, v, 1})
		for _, c := range x {
			if c < 0 || math.IsNaN(c) {
				t.Errorf("%v: %v", v, x)
			}
		}
	}
}

func BenchmarkNNLS(b *testing.B) {
	rows, y := planted(rand.New(rand.NewPCG(1, 1)), []float64{9000, 1500, 800, 0, 4000, 12, 300, 5}, 200, 0.05)
	for b.Loop() {
		NNLS(rows, y)
	}
}
