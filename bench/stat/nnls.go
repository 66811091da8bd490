package stat

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

const (
	// dependent is the condition number above which a column is taken to be a combination of the others: its coefficient would be noise.
	dependent = 1e8
	// still is the share of the steepest possible descent below which a coefficient is not worth freeing.
	still = 1e-10
)

// NNLS finds x, nothing in it below 0, that brings rows·x closest to y in the sense of least squares: with the counts of each record type in
// a slot as a row and the slot's CPU nanoseconds as y, x is nanoseconds per record of each type.
//
// A row shorter than the longest counts zeros at its end; a row with a number that is not finite, or without a y, is left out. A column that
// is all zero, or that the columns already chosen explain, gets 0. residual is the part of y left unexplained, Σ|rows·x − y| / Σ|y|: 0 for
// a perfect fit, 0 where y is all zero.
//
// The method is Lawson and Hanson, Solving Least Squares Problems, 1974, chapter 23.
func NNLS(rows [][]float64, y []float64) (x []float64, residual float64) {
	f := newFit(rows, y)
	if f == nil {
		return make([]float64, widest(rows)), 0
	}
	refused := make([]bool, f.width)
	for range 10 * f.width {
		j := f.steepest(refused)
		if j < 0 {
			break
		}
		if f.free(j) {
			clear(refused) // among other columns it may have its place
		} else {
			refused[j] = true
		}
	}
	x = make([]float64, f.width)
	for j := range x {
		if f.norm[j] > 0 {
			x[j] = f.x[j] / f.norm[j]
		}
	}
	return x, f.unexplained()
}

// fit is one problem on its way: columns scaled to length 1, so that a type with millions of records and one with ten are told apart alike.
type fit struct {
	a      *mat.Dense
	y      []float64
	norm   []float64 // what each column was divided by, 0 for an empty one
	x      []float64 // of the scaled columns
	passed []int     // columns free to be above 0, ascending
	width  int
}

func newFit(rows [][]float64, y []float64) *fit {
	width := widest(rows)
	var data, target []float64
	for i, row := range rows {
		if i >= len(y) || !finite(y[i]) || slices.ContainsFunc(row, func(v float64) bool { return !finite(v) }) {
			continue
		}
		data = append(data, row...)
		data = append(data, make([]float64, width-len(row))...)
		target = append(target, y[i])
	}
	if width == 0 || len(target) == 0 {
		return nil
	}
	f := &fit{a: mat.NewDense(len(target), width, data), y: target, norm: make([]float64, width), x: make([]float64, width), width: width}
	for j := range width {
		column := mat.NewVecDense(len(target), mat.Col(nil, j, f.a))
		if f.norm[j] = mat.Norm(column, 2); f.norm[j] > 0 {
			column.ScaleVec(1/f.norm[j], column)
			f.a.SetCol(j, column.RawVector().Data)
		}
	}
	return f
}

func widest(rows [][]float64) int {
	n := 0
	for _, row := range rows {
		n = max(n, len(row))
	}
	return n
}

// rest is y minus what the present x explains.
func (f *fit) rest() *mat.VecDense {
	var r mat.VecDense
	r.MulVec(f.a, mat.NewVecDense(f.width, f.x))
	r.SubVec(mat.NewVecDense(len(f.y), f.y), &r)
	return &r
}

// steepest is the column at 0 that would lower the residual most, -1 where none would.
func (f *fit) steepest(refused []bool) int {
	rest := f.rest()
	best, slope := -1, still*mat.Norm(mat.NewVecDense(len(f.y), f.y), 2)
	for j := range f.width {
		if refused[j] || f.norm[j] == 0 || slices.Contains(f.passed, j) {
			continue
		}
		if s := mat.Dot(f.a.ColView(j), rest); s > slope {
			best, slope = j, s
		}
	}
	return best
}

// free lets column j leave 0 and solves again, putting back to 0 whatever would fall below. It tells whether anything came of it.
func (f *fit) free(j int) bool {
	before := slices.Clone(f.x)
	passed := slices.Clone(f.passed)
	f.passed = append(f.passed, j)
	slices.Sort(f.passed)
	for len(f.passed) > 0 {
		s, ok := f.solve()
		if !ok || s[j] <= 0 && slices.Contains(f.passed, j) && f.x[j] == 0 {
			f.x, f.passed = before, passed
			return false
		}
		if f.advance(s) {
			return true
		}
	}
	return true
}

// advance goes from x towards s until the first free column would fall below 0, and drops that column; true where s was reached.
func (f *fit) advance(s []float64) bool {
	step, first := 1.0, -1
	for _, k := range f.passed {
		if s[k] > 0 {
			continue
		}
		if way := f.x[k] / math.Max(f.x[k]-s[k], math.SmallestNonzeroFloat64); first < 0 || way < step {
			step, first = way, k
		}
	}
	for k := range f.x {
		f.x[k] = math.Max(0, f.x[k]+step*(s[k]-f.x[k]))
	}
	if first < 0 {
		return true
	}
	f.x[first] = 0
	f.passed = slices.DeleteFunc(f.passed, func(k int) bool { return k == first })
	return false
}

// solve is plain least squares over the free columns, 0 elsewhere; false where those columns depend on one another.
func (f *fit) solve() ([]float64, bool) {
	rows, _ := f.a.Dims()
	if len(f.passed) > rows {
		return nil, false
	}
	sub := mat.NewDense(rows, len(f.passed), nil)
	for k, j := range f.passed {
		sub.SetCol(k, mat.Col(nil, j, f.a))
	}
	var qr mat.QR
	qr.Factorize(sub)
	if cond := qr.Cond(); !(cond < dependent) {
		return nil, false
	}
	var z mat.VecDense
	if err := qr.SolveVecTo(&z, false, mat.NewVecDense(rows, f.y)); err != nil {
		return nil, false
	}
	s := make([]float64, f.width)
	for k, j := range f.passed {
		s[j] = z.AtVec(k)
	}
	return s, true
}

func (f *fit) unexplained() float64 {
	missed, total := 0.0, 0.0
	rest := f.rest()
	for i, v := range f.y {
		missed += math.Abs(rest.AtVec(i))
		total += math.Abs(v)
	}
	if total == 0 {
		return 0
	}
	return missed / total
}
