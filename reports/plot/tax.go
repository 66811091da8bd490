package plot

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/auditprof/auditprof/bench/result"
)

// taxPoint is an arm on one scenario.
type taxPoint struct{ rules, ns, low, high float64 }

// tax draws for each workload the filter tax of an operation against the number of rules, on logarithmic scales: workloads differ by powers of ten.
func tax(run *result.Run, _ []result.Slot) (figure, error) {
	f := figure{title: "Filter tax by number of rules"}
	p := panel("", "rules loaded", "filter tax per operation")
	low, high, least, most := math.Inf(1), 0.0, math.Inf(1), 0.0
	for _, s := range run.Scenarios {
		points := taxesOf(run, s.Name)
		if len(points) == 0 {
			continue
		}
		k := keyOf(len(f.keys), s.Name)
		f.keys = append(f.keys, k)
		p.Add(taxLine{points, k})
		for _, t := range points {
			low, high = math.Min(low, t.low), math.Max(high, t.high)
			least, most = math.Min(least, t.rules), math.Max(most, t.rules)
		}
	}
	if len(f.keys) == 0 {
		return f, fmt.Errorf("no arm with rules has a filter tax above its noise")
	}
	low, high = low/1.4, high*1.4
	p.Y.Scale, p.Y.Min, p.Y.Max, p.Y.Tick.Marker = plot.LogScale{}, low, high, timeTicks(low, high)
	p.X.Scale, p.X.Min, p.X.Max = plot.LogScale{}, least/1.3, most*1.3
	p.X.Tick.Marker = ruleTicks(least, most)
	p.Add(grid(p))
	f.add(p, 300)
	return f, nil
}

// ruleTicks are the ticks between the smallest and the largest set, those themselves where no round number lies there.
func ruleTicks(least, most float64) plot.ConstantTicks {
	if round := logTicks(least, most); len(round) > 1 {
		return logTicks(least/1.3, most*1.3)
	}
	var ticks plot.ConstantTicks
	for _, n := range slices.Compact([]float64{least, most}) {
		ticks = append(ticks, plot.Tick{Value: n, Label: strconv.FormatFloat(n, 'f', -1, 64)})
	}
	return ticks
}

// taxesOf are the arms by their number of rules. What the noise hides has no place on a logarithmic scale, and is left out.
func taxesOf(run *result.Run, scenario string) []taxPoint {
	rules := map[string]int{}
	for _, a := range run.Arms {
		if a.TwinOf == "" {
			rules[a.Name] = len(a.Rules)
		}
	}
	var points []taxPoint
	for _, r := range run.Results {
		m, ok := r.Metrics[result.FilterTaxPerOp]
		if r.Scenario != scenario || !ok || rules[r.Arm] == 0 || !(m.Low > 0.01 && m.Value >= m.Low && m.High >= m.Value && m.High < 1e13) {
			continue
		}
		points = append(points, taxPoint{float64(rules[r.Arm]), m.Value, m.Low, m.High})
	}
	slices.SortFunc(points, func(a, b taxPoint) int { return cmp.Compare(a.rules, b.rules) })
	return points
}

// taxLine joins the arms of one workload.
type taxLine struct {
	points []taxPoint
	key    key
}

// Plot implements plot.Plotter.
func (l taxLine) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := p.Transforms(&c)
	stroke := draw.LineStyle{Color: l.key.color, Width: vg.Points(1.2)}
	var line []vg.Point
	for _, t := range l.points {
		at := vg.Point{X: toX(t.rules), Y: toY(t.ns)}
		line = append(line, at)
		c.StrokeLine2(stroke, at.X, toY(t.low), at.X, toY(t.high))
		c.DrawGlyph(draw.GlyphStyle{Color: l.key.color, Radius: vg.Points(3.5), Shape: l.key.shape}, at)
	}
	c.StrokeLines(stroke, line)
}
