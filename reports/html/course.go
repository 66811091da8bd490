package html

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/auditprof/auditprof/bench/result"
)

// courses are the drawings of what changed while the run went on: one row for each scenario.
type courses struct {
	Legend []legend
	From   string // of the time axis
	To     string
	Rows   []courseRow
	Inside []courseRow // within a slot: CPU and memory of auditd, and the backlog
}

type legend struct{ Name, Colour string }

type courseRow struct {
	Scenario string
	Charts   []chart
}

// chart is a drawing with lines on common axes; y begins at 0.
type chart struct {
	Title, Top, Left, Right string
	Lines                   []stroke
}

// stroke is a line of a chart in a box of 300 by 80, its points, and the area around it.
type stroke struct{ Colour, Name, D, Dots, Band string }

const (
	chartWide = 300.0
	chartHigh = 80.0
)

// quantity is what a chart of slots shows.
type quantity struct {
	title string
	of    func(result.Slot) float64
	print func(float64) string
	least float64 // what the axis goes up to at least
}

// leastBacklog is the kernel's own limit before auditctl -b (kernel/audit.c: audit_backlog_limit): a queue of one record is no hill.
const leastBacklog = 64

var quantities = []quantity{
	{"CPU per operation", func(s result.Slot) float64 { return float64(s.TotalCPUNs()) / float64(max(s.OpsDone, 1)) }, timeOf, 0},
	{"Backlog, peak", func(s result.Slot) float64 { return float64(s.BacklogPeak) }, func(v float64) string { return plural(int64(v), "record") }, leastBacklog},
	{"Memory of auditd, peak", func(s result.Slot) float64 { return float64(s.AuditdRSSPeakBytes) }, bytesOf, 0},
}

// courses adds CPU, backlog and memory of the timed slots over the time of the run.
func (v *runView) courses(d *document) {
	c := courses{}
	from, to := v.span()
	for _, s := range v.run.Scenarios {
		row := courseRow{Scenario: s.Name}
		for _, q := range quantities {
			if ch, ok := v.chart(s.Name, q, from, to); ok {
				row.Charts = append(row.Charts, ch)
			}
		}
		if len(row.Charts) > 0 {
			c.Rows = append(c.Rows, row)
		}
		within := courseRow{Scenario: s.Name}
		for _, q := range insides {
			if ch, ok := v.inside(s.Name, q); ok {
				within.Charts = append(within.Charts, ch)
			}
		}
		if len(within.Charts) > 0 {
			c.Inside = append(c.Inside, within)
		}
	}
	if len(c.Rows) == 0 {
		return
	}
	c.From, c.To = from.UTC().Format("15:04:05"), to.UTC().Format("15:04:05 UTC")
	for _, a := range v.run.Arms {
		if a.TwinOf == "" {
			c.Legend = append(c.Legend, legend{a.Name, v.colour(a.Name)})
		}
	}
	d.add("course", "Over time", "Each point is a timed slot that counts, at the time it began. A line that climbs or falls is a machine that drifts, or a queue that fills.", "course", c)
}

// span is from the first timed slot to the last.
func (v *runView) span() (from, to time.Time) {
	for _, s := range v.options.Slots {
		if s.Kind != result.SlotTimed {
			continue
		}
		if from.IsZero() || s.Started.Before(from) {
			from = s.Started
		}
		if s.Started.After(to) {
			to = s.Started
		}
	}
	return from, to
}

func (v *runView) chart(scenario string, q quantity, from, to time.Time) (chart, bool) {
	points := map[string][][2]float64{}
	most := q.least
	for _, s := range v.options.Slots {
		if s.Kind != result.SlotTimed || !s.Valid || s.Scenario != scenario || v.arm(s.Arm).TwinOf != "" {
			continue
		}
		x, y := 0.5, q.of(s)
		if to.After(from) {
			x = float64(s.Started.Sub(from)) / float64(to.Sub(from))
		}
		if finite(y) && y >= 0 {
			points[s.Arm] = append(points[s.Arm], [2]float64{x, y})
			most = max(most, y)
		}
	}
	ch := chart{Title: q.title, Top: q.print(most), Left: "", Right: ""}
	return ch, v.draw(&ch, points, most)
}

// draw makes lines of points; what is 0 throughout is not worth a drawing, but is said.
func (v *runView) draw(ch *chart, points map[string][][2]float64, most float64) bool {
	for _, a := range v.run.Arms {
		list := points[a.Name]
		if len(list) == 0 {
			continue
		}
		slices.SortFunc(list, func(a, b [2]float64) int { return cmp.Compare(a[0], b[0]) })
		ch.Lines = append(ch.Lines, pathOf(list, most, v.colour(a.Name), a.Name))
	}
	return len(ch.Lines) > 0
}

// pathOf draws points with x of 0 to 1 and y of 0 to most.
func pathOf(list [][2]float64, most float64, colour, name string) stroke {
	var line, dots strings.Builder
	for i, p := range list {
		y := chartHigh
		if most > 0 {
			y = chartHigh * (1 - p[1]/most)
		}
		x, y2 := at(p[0]*chartWide), at(y)
		if i == 0 {
			line.WriteString("M" + x + " " + y2)
		} else {
			line.WriteString("L" + x + " " + y2)
		}
		if len(list) <= 40 {
			dots.WriteString("M" + x + " " + y2 + "h0")
		}
	}
	return stroke{Colour: colour, Name: name, D: line.String(), Dots: dots.String()}
}

// withoutHistograms leaves out of slots what the page does not draw.
func withoutHistograms(slots []result.Slot) []result.Slot {
	for i := range slots {
		slots[i].Latency = ""
	}
	return slots
}

// describe names a chart for those who do not see it.
func (c chart) Describe() string {
	var names []string
	for _, l := range c.Lines {
		names = append(names, l.Name)
	}
	return fmt.Sprintf("%s, 0 to %s, of %s", c.Title, c.Top, strings.Join(names, ", "))
}
