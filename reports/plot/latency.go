package plot

import (
	"fmt"
	"math"
	"strings"

	"github.com/HdrHistogram/hdrhistogram-go"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/reports/unit"
)

// latency draws for each workload the percentiles of all operations of an arm, its timed slots together. The x axis is the share of operations
// that were slower, so that the tail has as much room as the rest.
func latency(run *result.Run, slots []result.Slot) (figure, error) {
	f := figure{title: "Latency of single operations"}
	keys, by := armKeys(run)
	f.keys = keys
	merged, lossy := histograms(slots), lossyOf(run)
	for _, s := range run.Scenarios {
		p := panel(s.Name+lossNote(run, lossy, s.Name), "percentile of operations", "latency")
		low, high, most := math.Inf(1), 0.0, 0.0
		for _, k := range run.Arms {
			h := merged[[2]string{s.Name, k.Name}]
			if h == nil || k.TwinOf != "" || lossy[[2]string{s.Name, k.Name}] {
				continue
			}
			points := percentiles(h)
			low, high = math.Min(low, points[0].Y), math.Max(high, points[len(points)-1].Y)
			most = math.Max(most, points[len(points)-1].X)
			if err := addSteps(p, points, by[k.Name]); err != nil {
				return f, err
			}
		}
		if high == 0 {
			continue
		}
		p.X.Scale, p.X.Tick.Marker, p.X.Min, p.X.Max = plot.LogScale{}, percentileTicks(most), 1, most*1.05
		p.Y.Scale, p.Y.Tick.Marker, p.Y.Min, p.Y.Max = plot.LogScale{}, timeTicks(low/1.5, high*1.5), low/1.5, high*1.5
		p.Add(grid(p))
		f.add(p, 190)
	}
	if len(f.panels) == 0 {
		return f, fmt.Errorf("no slot has a histogram of latencies: its workloads do not time single operations")
	}
	return f, nil
}

// lossyOf are the pairs of scenario and arm that lost records: what drops its work is quick for the wrong reason.
func lossyOf(run *result.Run) map[[2]string]bool {
	lossy := map[[2]string]bool{}
	for _, r := range run.Results {
		if strings.HasPrefix(rowOf(r).note, "LOST") {
			lossy[[2]string{r.Scenario, r.Arm}] = true
		}
	}
	return lossy
}

// lossNote names the arms that a panel leaves out.
func lossNote(run *result.Run, lossy map[[2]string]bool, scenario string) string {
	var names []string
	for _, a := range run.Arms {
		if lossy[[2]string{scenario, a.Name}] && a.TwinOf == "" {
			names = append(names, a.Name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return ", without " + strings.Join(names, ", ") + ": LOST records"
}

// histograms merges the valid timed slots of each scenario and arm; a histogram that cannot be read is left out.
func histograms(slots []result.Slot) map[[2]string]*hdrhistogram.Histogram {
	merged := map[[2]string]*hdrhistogram.Histogram{}
	for _, s := range slots {
		if s.Kind != result.SlotTimed || !s.Valid {
			continue
		}
		h, err := s.Histogram()
		if err != nil || h == nil {
			continue
		}
		at := [2]string{s.Scenario, s.Arm}
		if merged[at] == nil {
			merged[at] = h
		} else {
			merged[at].Merge(h)
		}
	}
	return merged
}

// percentiles are points of 1/(1-p) and the latency of p, as far as there are operations beyond.
func percentiles(h *hdrhistogram.Histogram) plotter.XYs {
	var points plotter.XYs
	for x := 1.0; ; x *= 1.12 {
		if x > math.Max(float64(h.TotalCount()), 2) {
			return points
		}
		y := math.Max(float64(h.ValueAtPercentile(100*(1-1/x))), 1)
		points = append(points, plotter.XY{X: x, Y: y})
	}
}

func percentileTicks(most float64) plot.ConstantTicks {
	ticks := plot.ConstantTicks{{Value: 1, Label: "0 %"}, {Value: 2, Label: "50 %"}, {Value: 4, Label: "75 %"}}
	if most > 1e4 { // their labels would stand in each other
		ticks = plot.ConstantTicks{{Value: 2, Label: "50 %"}}
	}
	for _, t := range []plot.Tick{{Value: 10, Label: "90 %"}, {Value: 100, Label: "99 %"}, {Value: 1e3, Label: "99.9 %"}, {Value: 1e4, Label: "99.99 %"},
		{Value: 1e5, Label: "99.999 %"}, {Value: 1e6, Label: "99.9999 %"}, {Value: 1e7, Label: "99.99999 %"}} {
		if t.Value <= most*1.05 {
			ticks = append(ticks, t)
		}
	}
	return ticks
}

// timeTicks are 1, 2 and 5 times powers of ten in units of time; only 1 where there are many.
func timeTicks(low, high float64) plot.ConstantTicks {
	digits := []float64{1, 2, 5}
	if high/low > 1e3 {
		digits = digits[:1]
	}
	var ticks plot.ConstantTicks
	for power := 0; power <= 13; power++ {
		for _, d := range digits {
			if v := d * math.Pow10(power); v >= low && v <= high {
				ticks = append(ticks, plot.Tick{Value: v, Label: shortTime(v)})
			}
		}
	}
	return ticks
}

// shortTime is a round time without digits that say nothing.
func shortTime(ns float64) string {
	s := unit.Pick(unit.Times, ns)
	return fmt.Sprintf("%g %s", ns/s.Size, s.Name)
}

// addSteps adds a line with a mark at every eighth point.
func addSteps(p *plot.Plot, points plotter.XYs, k key) error {
	line, err := plotter.NewLine(points)
	if err != nil {
		return err
	}
	line.Color, line.Width = k.color, vg.Points(1.5)
	var some plotter.XYs
	for i := 4; i < len(points); i += 8 {
		some = append(some, points[i])
	}
	p.Add(line)
	if len(some) == 0 {
		return nil
	}
	marks, err := plotter.NewScatter(some)
	if err != nil {
		return err
	}
	marks.Color, marks.Shape, marks.Radius = k.color, k.shape, vg.Points(3)
	p.Add(marks)
	return nil
}

// grid is thin lines at the ticks.
func grid(*plot.Plot) *plotter.Grid {
	g := plotter.NewGrid()
	g.Horizontal.Color, g.Vertical.Color = faint, faint
	return g
}
