package plot

import (
	"fmt"
	"io"
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/auditprof/auditprof/bench/result"
)

// Width of the picture in points; PNG is written at 96 dots an inch, so this is 600 pixels.
const Width = 450 * vg.Inch / 72

// Slowdown draws the run to w as "png" or "svg": one line for each scenario and arm, the ratio of wall times to the arm without audit on the
// x axis, logarithmic where the largest is more than 5 times the smallest. A run without any slowdown is a NoFigures.
func Slowdown(w io.Writer, run *result.Run, format string) error {
	if format != "png" && format != "svg" {
		return fmt.Errorf("plot format %q: png or svg", format)
	}
	rows := bounded(rowsOf(run))
	low, high := extent(rows)
	if low > high {
		return &NoFigures{"slowdown", "no arm has a slowdown: the run needs an arm without audit and a round that lost nothing"}
	}
	p := plot.New()
	p.Title.Text = "Slowdown by audit rules"
	p.Title.TextStyle.Font.Size = font.Length(12)
	p.X.Label.Text = "wall time / wall time without audit (ratio)"
	axes(p, rows, low, high)
	one, err := plotter.NewLine(plotter.XYs{{X: 1, Y: -0.5}, {X: 1, Y: float64(len(rows)) - 0.5}})
	if err != nil {
		return fmt.Errorf("plot a run: %w", err)
	}
	one.Color, one.Dashes = grey, []vg.Length{3, 3}
	p.Add(one, marks(rows))
	height := vg.Length(70+16*len(rows)) * vg.Inch / 72
	picture, err := p.WriterTo(Width, height, format)
	if err != nil {
		return fmt.Errorf("plot a run: %w", err)
	}
	if _, err := picture.WriteTo(w); err != nil {
		return fmt.Errorf("write the plot: %w", err)
	}
	return nil
}

// maxRows bounds the picture: of workloads and sets there may be as many as a file lists.
const maxRows = 300

// bounded are the first rows, the last of them saying how many are left out.
func bounded(rows []row) []row {
	if len(rows) <= maxRows {
		return rows
	}
	left := len(rows) - maxRows + 1
	return append(rows[:maxRows-1:maxRows-1], row{note: fmt.Sprintf("and %d more rows that have no room", left)})
}

// axes names the rows from top to bottom and scales x around the data and 1.
func axes(p *plot.Plot, rows []row, low, high float64) {
	ticks := make(plot.ConstantTicks, len(rows))
	for i, r := range rows {
		ticks[i] = plot.Tick{Value: place(rows, i), Label: "  " + r.label} // the canvas cuts what touches its edge
	}
	p.Y.Tick.Marker, p.Y.Min, p.Y.Max = ticks, -0.5, float64(len(rows))-0.5
	low, high = math.Min(low, 1), math.Max(high, 1)
	if high/low > 5 && low > 0 {
		p.X.Min, p.X.Max = low/1.2, high*math.Pow(high/low, 0.25) // room for the numbers
		p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, logTicks(p.X.Min, p.X.Max)
		return
	}
	margin := math.Max((high-low)*0.08, 0.02)
	p.X.Min, p.X.Max = low-margin, high+3*margin
}

// logTicks are 1, 2 and 5 times the powers of ten.
func logTicks(low, high float64) plot.ConstantTicks {
	var ticks plot.ConstantTicks
	for power := -6; power <= 6; power++ {
		for _, digit := range []float64{1, 2, 5} {
			if v := digit * math.Pow10(power); v >= low && v <= high {
				ticks = append(ticks, plot.Tick{Value: v, Label: strconv.FormatFloat(v, 'g', -1, 64)})
			}
		}
	}
	return ticks
}

// place is the height of row i: the first one on top.
func place(rows []row, i int) float64 { return float64(len(rows) - 1 - i) }

// marks draws the rows.
type marks []row

// Plot implements plot.Plotter.
func (m marks) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := p.Transforms(&c)
	for i, r := range m {
		y, end := toY(place(m, i)), toX(1)
		stroke := draw.LineStyle{Color: r.color, Width: vg.Points(1.5)}
		switch {
		case r.bound:
			x := toX(r.value)
			end = x + vg.Points(10)
			c.StrokeLine2(stroke, x, y, end, y)
			c.StrokeLines(stroke, []vg.Point{{X: end - 4, Y: y + 3}, {X: end, Y: y}, {X: end - 4, Y: y - 3}})
		case r.note == "":
			end = toX(r.high)
			c.StrokeLine2(stroke, toX(r.low), y, end, y)
			c.DrawGlyph(draw.GlyphStyle{Color: r.color, Radius: vg.Points(4), Shape: r.shape}, vg.Point{X: toX(r.value), Y: y})
		}
		text := p.X.Tick.Label
		text.XAlign, text.YAlign = draw.XLeft, draw.YCenter
		c.FillText(text, vg.Point{X: end + vg.Points(6), Y: y}, r.text())
	}
}
