package plot

import (
	"fmt"
	"math"

	"gonum.org/v1/plot/plotter"

	"github.com/auditprof/auditprof/bench/result"
)

// backlog draws for each workload the backlog over the slot of each arm in which it was longest.
func backlog(run *result.Run, slots []result.Slot) (figure, error) {
	f := figure{title: "Backlog over the worst slot of each rule set"}
	keys, by := armKeys(run)
	f.keys = keys
	worst := map[[2]string]*result.Series{}
	for _, s := range slots {
		if s.Kind != result.SlotTimed || !s.Valid || !s.BacklogSeries.Drawable() {
			continue
		}
		if at := [2]string{s.Scenario, s.Arm}; worst[at] == nil || peak(s.BacklogSeries) > peak(worst[at]) {
			worst[at] = s.BacklogSeries
		}
	}
	for _, s := range run.Scenarios {
		p := panel(s.Name, "time since the slot began (s)", "backlog (records)")
		drawn, high := false, int64(1)
		for _, a := range run.Arms {
			series := worst[[2]string{s.Name, a.Name}]
			if series == nil || a.TwinOf != "" {
				continue
			}
			drawn, high = true, max(high, peak(series))
			if err := addSteps(p, overTime(series), by[a.Name]); err != nil {
				return f, err
			}
		}
		if !drawn {
			continue
		}
		p.X.Min, p.Y.Min, p.Y.Max = 0, 0, math.Max(float64(high)*1.1, 5)
		p.Add(grid(p))
		f.add(p, 170)
	}
	if len(f.panels) == 0 {
		return f, fmt.Errorf("no slot has the backlog over time: the run is of an earlier version, or nothing was measured")
	}
	return f, nil
}

func peak(s *result.Series) (most int64) {
	for _, v := range s.Values {
		most = max(most, v)
	}
	return most
}

func overTime(s *result.Series) plotter.XYs {
	var points plotter.XYs
	for i, v := range s.Values {
		points = append(points, plotter.XY{X: float64(i) * float64(s.StepNs) / 1e9, Y: float64(v)})
	}
	return points
}
