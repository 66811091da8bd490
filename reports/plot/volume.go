package plot

import (
	"cmp"
	"fmt"
	"image/color"
	"path"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/reports/escape"
	"github.com/auditprof/auditprof/reports/unit"
)

// maxBars is how many rules a panel names; the rest is one bar.
const maxBars = 14

// bar is one rule, or all others, with its share of an arm's bytes and that of all bars down to it.
type bar struct {
	label             string
	share, cumulative float64
}

// volume draws a Pareto chart for each arm and workload with an attribution: bars are shares of bytes, the line what they make together.
func volume(run *result.Run, _ []result.Slot) (figure, error) {
	f := figure{title: "Volume by rule", keys: []key{{"one rule", okabeIto[0], draw.BoxGlyph{}}, {"all down to it", okabeIto[1], draw.CircleGlyph{}}}}
	for _, a := range run.Attribution {
		bars := barsOf(a)
		if len(bars) == 0 {
			continue
		}
		p := panel(escape.Cut(escape.Line(a.Arm), 28)+" on "+escape.Cut(escape.Line(a.Scenario), 28), "share of the bytes (%)", "")
		ticks := make(plot.ConstantTicks, len(bars))
		for i, b := range bars {
			ticks[i] = plot.Tick{Value: float64(len(bars) - 1 - i), Label: "  " + b.label}
		}
		p.Y.Tick.Marker, p.Y.Min, p.Y.Max = ticks, -0.6, float64(len(bars))-0.4
		p.X.Min, p.X.Max = 0, 112
		p.X.Tick.Marker = plot.ConstantTicks{{Value: 0, Label: "0"}, {Value: 25, Label: "25"}, {Value: 50, Label: "50"}, {Value: 75, Label: "75"}, {Value: 100, Label: "100"}}
		p.Add(pareto(bars))
		f.add(p, vg.Length(62+15*len(bars)))
	}
	if len(f.panels) == 0 {
		return f, fmt.Errorf("no rule recorded anything: the run needs a candidate (--rules) that records what its workloads do")
	}
	return f, nil
}

func barsOf(a result.Attribution) []bar {
	rules := slices.SortedStableFunc(slices.Values(a.Rules), func(x, y result.RuleShare) int { return cmp.Compare(y.Bytes, x.Bytes) })
	total := 0.0
	for _, r := range rules {
		total += float64(r.Bytes)
	}
	var bars []bar
	sum := 0.0
	for i, r := range rules {
		if r.Bytes == 0 {
			break
		}
		if i == maxBars {
			bars = append(bars, bar{fmt.Sprintf("%d more rules", len(rules)-i), 1 - sum, 1})
			break
		}
		part := float64(r.Bytes) / total
		sum += part
		bars = append(bars, bar{escape.Cut(escape.Line(fmt.Sprintf("%s:%d", path.Base(r.File), r.Line)), 26), part, sum})
	}
	return bars
}

// pareto draws bars and the line of their sums.
type pareto []bar

// Plot implements plot.Plotter.
func (b pareto) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := p.Transforms(&c)
	var sums []vg.Point
	for i, one := range b {
		y := float64(len(b) - 1 - i)
		left, right, bottom, top := toX(0), toX(100*one.share), toY(y-0.32), toY(y+0.32)
		c.FillPolygon(okabeIto[0], []vg.Point{{X: left, Y: bottom}, {X: right, Y: bottom}, {X: right, Y: top}, {X: left, Y: top}})
		sums = append(sums, vg.Point{X: toX(100 * one.cumulative), Y: toY(y)})
		text, where := style(9, draw.XLeft), vg.Point{X: right + 4, Y: toY(y)}
		if right-left > 60 { // beside a long bar stands the line of the sums
			text.Color, text.XAlign, where.X = color.White, draw.XRight, right-6
		}
		c.FillText(text, where, unit.Percent(one.share))
	}
	c.StrokeLines(draw.LineStyle{Color: okabeIto[1], Width: 1.2}, sums)
	for _, at := range sums {
		c.DrawGlyph(draw.GlyphStyle{Color: okabeIto[1], Radius: 3, Shape: draw.CircleGlyph{}}, at)
	}
}
