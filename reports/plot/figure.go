package plot

import (
	"fmt"
	"image/color"
	"io"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/reports/escape"
)

// maxPanels bounds a figure: one of each workload, and a picture has an end.
const maxPanels = 24

// figure is panels one below the other, under a title and what the colours mean.
type figure struct {
	title  string
	keys   []key
	panels []*plot.Plot
	heavy  []vg.Length // heights of the panels
}

// key says what a colour and a shape stand for.
type key struct {
	name  string
	color color.Color
	shape draw.GlyphDrawer
}

// keyOf gives the i-th name its colour, and a shape that differs where colours begin anew.
func keyOf(i int, name string) key {
	n := len(okabeIto)
	return key{escape.Cut(escape.Line(name), 30), okabeIto[i%n], shapes[(i+i/n)%len(shapes)]}
}

func (f *figure) add(p *plot.Plot, height vg.Length) {
	if len(f.panels) < maxPanels {
		f.panels, f.heavy = append(f.panels, p), append(f.heavy, height+edge)
	}
}

// panel is an empty plot with its title and axes named.
func panel(title, x, y string) *plot.Plot {
	p := plot.New()
	p.Title.Text = escape.Cut(escape.Line(title), 60)
	p.Title.TextStyle.Font.Size = font.Length(11)
	p.X.Label.TextStyle.Font.Size, p.Y.Label.TextStyle.Font.Size = font.Length(10), font.Length(10)
	p.X.Label.Text, p.Y.Label.Text = x, y
	return p
}

const (
	titleHeight = vg.Length(22)
	keyHeight   = vg.Length(16)
	edge        = vg.Length(8)
)

// write draws the figure.
func (f *figure) write(w io.Writer, format string) error {
	lines := f.keyLines()
	height := titleHeight + keyHeight*vg.Length(len(lines)) + edge
	for _, h := range f.heavy {
		height += h
	}
	canvas, err := draw.NewFormattedCanvas(Width, height, format)
	if err != nil {
		return fmt.Errorf("make a picture: %w", err)
	}
	c := draw.New(canvas)
	c.SetColor(color.White)
	c.Fill(c.Rectangle.Path())
	top := height - titleHeight
	c.FillText(style(12, draw.XCenter), vg.Point{X: Width / 2, Y: top + 6}, f.title)
	for _, line := range lines {
		top -= keyHeight
		drawKeys(c, line, top+keyHeight/2)
	}
	for i, p := range f.panels {
		p.Draw(draw.Crop(c, edge, -2*edge, top-f.heavy[i], top-height-edge))
		top -= f.heavy[i]
	}
	if _, err := canvas.WriteTo(w); err != nil {
		return fmt.Errorf("write the plot: %w", err)
	}
	return nil
}

// keyWidth is the room that a key takes.
func keyWidth(k key) vg.Length {
	s := style(10, draw.XLeft)
	return s.Width(k.name) + 34
}

// maxKeys bounds what is named above the panels.
const maxKeys = 40

// keyLines breaks the keys into lines as wide as the picture.
func (f *figure) keyLines() [][]key {
	var lines [][]key
	room := vg.Length(0)
	shown := f.keys[:min(len(f.keys), maxKeys)]
	if left := len(f.keys) - len(shown); left > 0 {
		shown = append(slices.Clip(shown), key{fmt.Sprintf("and %d more names", left), faint, shapes[0]})
	}
	for _, k := range shown {
		if wide := keyWidth(k); wide > room || len(lines) == 0 {
			lines, room = append(lines, nil), Width-4*edge
		}
		room -= keyWidth(k)
		lines[len(lines)-1] = append(lines[len(lines)-1], k)
	}
	return lines
}

func drawKeys(c draw.Canvas, keys []key, y vg.Length) {
	x := 2 * edge
	for _, k := range keys {
		c.StrokeLine2(draw.LineStyle{Color: k.color, Width: 1.5}, x, y, x+18, y)
		c.DrawGlyph(draw.GlyphStyle{Color: k.color, Radius: 3.5, Shape: k.shape}, vg.Point{X: x + 9, Y: y})
		c.FillText(style(10, draw.XLeft), vg.Point{X: x + 22, Y: y}, k.name)
		x += keyWidth(k)
	}
}

func style(size float64, align text.XAlignment) text.Style {
	s := plot.New().X.Tick.Label
	s.Font.Size, s.XAlign, s.YAlign = font.Length(size), align, draw.YCenter
	return s
}

// armKeys are the arms that are drawn, with their colours: all but repeated ones.
func armKeys(run *result.Run) ([]key, map[string]key) {
	var keys []key
	by := map[string]key{}
	for _, a := range run.Arms {
		if _, twice := by[a.Name]; a.TwinOf == "" && !twice {
			k := keyOf(len(keys), a.Name)
			keys, by[a.Name] = append(keys, k), k
		}
	}
	return keys, by
}
