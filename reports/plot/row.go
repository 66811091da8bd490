package plot

import (
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/reports/escape"
	"github.com/auditprof/auditprof/reports/unit"
)

// labelColumns is the room for the names of a row.
const labelColumns = 34

// okabeIto are colours that the common kinds of colour blindness tell apart: Okabe and Ito, Color Universal Design, 2008.
var okabeIto = []color.Color{
	color.RGBA{0x00, 0x72, 0xb2, 0xff}, // blue
	color.RGBA{0xd5, 0x5e, 0x00, 0xff}, // vermilion
	color.RGBA{0x00, 0x9e, 0x73, 0xff}, // green
	color.RGBA{0xcc, 0x79, 0xa7, 0xff}, // purple
	color.RGBA{0xe6, 0x9f, 0x00, 0xff}, // orange
}

var (
	grey  = color.RGBA{0x66, 0x66, 0x66, 0xff}
	faint = color.RGBA{0xdd, 0xdd, 0xdd, 0xff}
)

var shapes = []draw.GlyphDrawer{draw.CircleGlyph{}, draw.BoxGlyph{}, draw.PyramidGlyph{}, diamond{}, draw.CrossGlyph{}}

// diamond is a filled square on its corner: gonum's own further shapes are thin lines.
type diamond struct{}

// DrawGlyph implements draw.GlyphDrawer.
func (diamond) DrawGlyph(c *draw.Canvas, style draw.GlyphStyle, at vg.Point) {
	r := style.Radius * 1.2
	c.FillPolygon(style.Color, []vg.Point{{X: at.X - r, Y: at.Y}, {X: at.X, Y: at.Y + r}, {X: at.X + r, Y: at.Y}, {X: at.X, Y: at.Y - r}})
}

// row is one scenario and arm.
type row struct {
	label            string
	value, low, high float64 // ratios
	bound            bool    // value is a lower bound
	note             string  // printed in place of a mark
	color            color.Color
	shape            draw.GlyphDrawer
}

// rowsOf takes every arm that is compared: not the baseline itself, not the A/A twin.
func rowsOf(run *result.Run) []row {
	results := map[[2]string]result.Result{}
	for _, r := range run.Results {
		results[[2]string{r.Scenario, r.Arm}] = r
	}
	arms := slices.DeleteFunc(slices.Clone(run.Arms), func(a result.Arm) bool { return a.TwinOf != "" || a.Kind == result.ArmNoAudit })
	var rows []row
	for _, s := range run.Scenarios {
		for i, a := range arms {
			r, ok := results[[2]string{s.Name, a.Name}]
			if !ok {
				continue
			}
			one := rowOf(r)
			one.label = escape.Cut(escape.Line(s.Name+"  "+a.Name), labelColumns)
			one.color, one.shape = okabeIto[i%len(okabeIto)], shapes[i%len(shapes)]
			rows = append(rows, one)
		}
	}
	return rows
}

func rowOf(r result.Result) row {
	for _, c := range []struct{ name, what string }{{result.Lost, "records"}, {result.EventsMissing, "events"}, {result.PartialEvents, "parts of events"}} {
		if lost := r.Metrics[c.name].Value; lost > 0 {
			return row{note: fmt.Sprintf("LOST %s %s", unit.Count(int64(lost)), c.what)}
		}
	}
	if !r.Complete && r.Slots > 0 && r.Invalid == 0 {
		return row{note: "LOST: incomplete log"}
	}
	if m, ok := r.Metrics[result.AtLeastSlowdown]; ok && drawable(m.Value) {
		return row{value: m.Value, low: m.Value, high: m.Value, bound: true}
	}
	m, ok := r.Metrics[result.Slowdown]
	if !ok || !drawable(m.Value) || !drawable(m.Low) || !drawable(m.High) {
		return row{note: "not measured"}
	}
	return row{value: m.Value, low: m.Low, high: m.High}
}

// text stands beside the mark.
func (r row) text() string {
	switch {
	case r.note != "":
		return r.note
	case r.bound:
		return "at least " + unit.Ratio(r.value)
	}
	return unit.Ratio(r.value)
}

// drawable keeps what a hostile file may hold off the axis: a ratio is above 0, and none that was measured is beyond a million.
func drawable(v float64) bool { return v > 1e-6 && v < 1e6 && !math.IsNaN(v) }

// extent spans all intervals; low > high where there is none.
func extent(rows []row) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, r := range rows {
		if r.note == "" {
			low, high = math.Min(low, math.Min(r.low, r.value)), math.Max(high, math.Max(r.high, r.value))
		}
	}
	return low, high
}
