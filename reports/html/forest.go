package html

import (
	"fmt"
	"math"
	"strconv"

	"github.com/auditprof/auditprof/bench/result"
)

// forest is a forest plot: one line for each scenario and arm, on one axis.
type forest struct {
	Log    bool
	Ticks  []tick
	One    string // place of 1
	Groups []forestGroup
}

// tick is a number on an axis.
type tick struct{ At, Text string }

type forestGroup struct {
	Scenario, Note string
	Floor          *span // A/A: what noise alone makes
	FloorText      string
	Rows           []forestRow
}

type forestRow struct {
	Arm, Colour, Word, Tone string
	Wall, CPU               *mark
	Bound                   bool // Wall is a lower bound
}

// mark is a ratio with its interval.
type mark struct {
	Value, Between string
	At             string
	span
	measured result.Metric
}

type span struct{ From, To, Width string }

// slowdown adds the plot of all ratios to no audit.
func (v *runView) slowdown(d *document) {
	f := v.forest()
	if len(f.Groups) == 0 {
		return
	}
	note := "Each arm beside no audit at all, paired by round, with 95 % intervals. 1 is no difference; what lies within the grey band is what the same set shows against itself (A/A)."
	if v.run.Quick || v.run.RoundsDone < verdictRounds {
		note = "Each arm beside no audit at all, paired by round; bars are the range of the few rounds. 1 is no difference."
	}
	d.add("slowdown", "Slowdown", note, "forest", f)
}

func (v *runView) forest() *forest {
	f := &forest{}
	low, high := 1.0, 1.0
	see := func(m result.Metric) *mark {
		for _, x := range []float64{m.Value, m.Low, m.High} {
			if drawable(x) {
				low, high = min(low, x), max(high, x)
			}
		}
		return &mark{Value: ratioOf(m.Value), Between: between(m.Low, m.High), measured: m}
	}
	for _, s := range v.run.Scenarios {
		g := forestGroup{Scenario: s.Name, Note: scenarioNote(s)}
		for _, a := range v.arms() {
			if r, ok := v.result(s.Name, a.Name); ok {
				g.Rows = append(g.Rows, v.forestRow(r, see))
			}
		}
		if len(g.Rows) > 0 {
			f.Groups = append(f.Groups, g)
		}
	}
	f.scale(low, high, v.run.Trust.AA)
	return f
}

func scenarioNote(s result.Scenario) string {
	if s.Ops == 0 {
		return ""
	}
	op := s.Op
	if op == "" {
		op = "operation"
	}
	return fmt.Sprintf("%s × %s a slot", countOf(s.Ops), op)
}

func (v *runView) forestRow(r result.Result, see func(result.Metric) *mark) forestRow {
	row := forestRow{Arm: r.Arm, Colour: v.colour(r.Arm)}
	if what := loss(r); what != "" {
		row.Word, row.Tone = what+": no figure", "bad"
		return row
	}
	f := v.finding(r)
	row.Word, row.Tone = f.Word, f.Tone
	if m, ok := metric(r, result.CPURatio); ok && drawable(m.Value) {
		row.CPU = see(m)
	}
	if m, ok := metric(r, result.AtLeastSlowdown); ok && drawable(m.Value) {
		row.Wall, row.Bound = see(m), true
		row.Wall.Value, row.Wall.Between = "≥\u00a0"+row.Wall.Value, ""
	} else if m, ok := metric(r, result.Slowdown); ok && drawable(m.Value) {
		row.Wall = see(m)
	}
	if row.CPU == nil && row.Wall == nil {
		row.Word, row.Tone = "not measured", "unsure"
	}
	return row
}

// drawable keeps what a hostile file may hold off the axis: a ratio is above 0, and none that was measured is beyond a million.
func drawable(v float64) bool { return v > 1e-6 && v < 1e6 && finite(v) }

// scale finds the axis and puts every mark on it. It is logarithmic where the largest ratio is more than 4 times the smallest.
func (f *forest) scale(low, high float64, aa map[string]result.Metric) {
	f.Log = high/low > 4
	margin := math.Max((high-low)*0.06, 0.02)
	low, high = low-margin, high+margin
	place := func(v float64) float64 { return (v - low) / (high - low) }
	f.Ticks = linearTicks(low, high, place)
	if f.Log {
		low, high = (low+margin)/1.12, (high-margin)*1.12
		place = func(v float64) float64 { return math.Log(v/low) / math.Log(high/low) }
		f.Ticks = logTicks(low, high, place)
	}
	f.One = percentAt(place(1))
	on := func(a, b float64) span {
		from, to := min(max(place(a), 0), 1), min(max(place(b), 0), 1)
		return span{percentAt(from), percentAt(to), percentAt(max(to-from, 0))}
	}
	for i := range f.Groups {
		g := &f.Groups[i]
		if m, ok := aa[g.Scenario]; ok && drawable(m.Low) && drawable(m.High) {
			s := on(m.Low, m.High)
			g.Floor, g.FloorText = &s, ratioOf(m.Value)+" "+between(m.Low, m.High)
		}
		for j := range g.Rows {
			for _, m := range []*mark{g.Rows[j].Wall, g.Rows[j].CPU} {
				if m != nil {
					m.At, m.span = percentAt(place(m.measured.Value)), on(m.measured.Low, m.measured.High)
				}
			}
		}
	}
}

// linearTicks are at most 7 round numbers.
func linearTicks(low, high float64, place func(float64) float64) []tick {
	step := math.Pow10(int(math.Floor(math.Log10(high - low))))
	for _, part := range []float64{5, 2, 1} {
		if (high-low)/(step/part) <= 6 {
			step /= part
			break
		}
	}
	var list []tick
	for n := math.Ceil(low / step); n*step <= high && len(list) < 12; n++ {
		list = append(list, tick{percentAt(place(n * step)), strconv.FormatFloat(n*step, 'g', 4, 64)})
	}
	return list
}

// logTicks are 1, 2 and 5 times the powers of ten, or the powers alone where that were many.
func logTicks(low, high float64, place func(float64) float64) []tick {
	digits := []float64{1, 2, 5}
	if high/low > 1000 {
		digits = digits[:1]
	}
	var list []tick
	for power := -6; power <= 6; power++ {
		for _, digit := range digits {
			if v := digit * math.Pow10(power); v >= low && v <= high {
				list = append(list, tick{percentAt(place(v)), strconv.FormatFloat(v, 'g', -1, 64)})
			}
		}
	}
	return list
}
