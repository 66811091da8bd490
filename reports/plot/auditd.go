package plot

import (
	"fmt"
	"math"

	"gonum.org/v1/plot/plotter"

	"github.com/auditprof/auditprof/bench/result"
)

// courseCells is the number of points of a line.
const courseCells = 48

// course is something of auditd over the time of a slot.
type course struct {
	title, axis, name string
	of                func(result.Slot) *result.Series
	rate              bool
	scale             float64 // from the value to the axis
}

var cpuCourse = course{"CPU of auditd over a slot, median of the rounds", "auditd (% of a CPU)", "CPU", func(s result.Slot) *result.Series { return s.AuditdCPUNsSeries }, true, 100}

var memoryCourse = course{"Memory of auditd over a slot, median of the rounds", "auditd, resident (MiB)", "memory", func(s result.Slot) *result.Series { return s.AuditdRSSBytesSeries }, false, 1.0 / (1 << 20)}

// draw draws for each workload a line for each arm.
func (c course) draw(run *result.Run, slots []result.Slot) (figure, error) {
	f := figure{title: c.title}
	keys, by := armKeys(run)
	f.keys = keys
	of := map[[2]string][]*result.Series{}
	for _, s := range slots {
		if series := c.of(s); s.Kind == result.SlotTimed && s.Valid && series.Drawable() {
			at := [2]string{s.Scenario, s.Arm}
			of[at] = append(of[at], series)
		}
	}
	for _, s := range run.Scenarios {
		p := panel(s.Name, "time since the slot began (s)", c.axis)
		high := 0.0
		for _, a := range run.Arms {
			points := c.points(of[[2]string{s.Name, a.Name}])
			if len(points) == 0 || a.TwinOf != "" {
				continue
			}
			for _, at := range points {
				high = math.Max(high, at.Y)
			}
			if err := addSteps(p, points, by[a.Name]); err != nil {
				return f, err
			}
		}
		if high == 0 {
			continue
		}
		p.X.Min, p.Y.Min, p.Y.Max = 0, 0, high*1.1
		p.Add(grid(p))
		f.add(p, 170)
	}
	if len(f.panels) == 0 {
		return f, fmt.Errorf("no slot has the %s of auditd over time: the run is of an earlier version, or nothing was measured", c.name)
	}
	return f, nil
}

// points are the medians of the slots, each in the middle of its cell, for as long as one of them lasted.
func (c course) points(list []*result.Series) plotter.XYs {
	span := int64(0)
	for _, s := range list {
		span = max(span, s.SpanNs())
	}
	cell := span/courseCells + 1
	var points plotter.XYs
	for i, b := range result.Overlay(list, cell, courseCells, c.rate) {
		if b.Slots > 0 {
			points = append(points, plotter.XY{X: (float64(i) + 0.5) * float64(cell) / 1e9, Y: b.Mid * c.scale})
		}
	}
	return points
}
