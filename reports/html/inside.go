package html

import (
	"strings"

	"github.com/auditprof/auditprof/bench/result"
)

// insideCells is the number of points of a line within a slot: enough for its shape, and twenty workloads of five sets stay small.
const insideCells = 24

// inside is what is drawn over the time of a slot.
type inside struct {
	title string
	of    func(result.Slot) *result.Series
	rate  bool
	print func(float64) string
	least float64 // what the axis goes up to at least
}

var insides = []inside{
	{"CPU of auditd", func(s result.Slot) *result.Series { return s.AuditdCPUNsSeries }, true, func(v float64) string { return digits(100*v) + " % of a CPU" }, 0},
	{"Memory of auditd", func(s result.Slot) *result.Series { return s.AuditdRSSBytesSeries }, false, bytesOf, 0},
	{"Backlog", func(s result.Slot) *result.Series { return s.BacklogSeries }, false, func(v float64) string { return plural(int64(v), "record") }, leastBacklog},
}

// inside draws a quantity over the slots of a scenario: of each arm the median of the rounds as a line, and their range as a band behind it.
func (v *runView) inside(scenario string, q inside) (chart, bool) {
	of, span := map[string][]*result.Series{}, int64(0)
	for _, s := range v.options.Slots {
		if series := q.of(s); s.Kind == result.SlotTimed && s.Valid && s.Scenario == scenario && v.arm(s.Arm).TwinOf == "" && series.Drawable() {
			of[s.Arm] = append(of[s.Arm], series)
			span = max(span, series.SpanNs())
		}
	}
	cell := span/insideCells + 1
	bands, most, seen := map[string][]result.Band{}, q.least, 0.0
	for arm, list := range of {
		bands[arm] = result.Overlay(list, cell, insideCells, q.rate)
		for _, b := range bands[arm] {
			most, seen = max(most, b.High), max(seen, b.High)
		}
	}
	ch := chart{Title: q.title, Top: q.print(most), Left: "0", Right: timeOf(float64(span))}
	if seen == 0 {
		return ch, false
	}
	for _, a := range v.run.Arms {
		if list := bands[a.Name]; list != nil {
			ch.Lines = append(ch.Lines, bandOf(list, most, v.colour(a.Name), a.Name))
		}
	}
	return ch, true
}

// bandOf draws the median as a line, and the range as a band where there are two slots or more.
func bandOf(list []result.Band, most float64, colour, name string) stroke {
	var points [][2]float64
	var over, under []string
	for i, b := range list {
		if b.Slots == 0 {
			break // every slot of the arm has ended
		}
		x := (float64(i) + 0.5) / float64(len(list))
		points = append(points, [2]float64{x, b.Mid})
		if b.Slots > 1 {
			over = append(over, at(x*chartWide)+" "+at(chartHigh*(1-b.High/most)))
			under = append(under, at(x*chartWide)+" "+at(chartHigh*(1-b.Low/most)))
		}
	}
	s := pathOf(points, most, colour, name)
	s.Dots = ""
	if len(over) > 1 {
		var d strings.Builder
		d.WriteString("M" + strings.Join(over, "L"))
		for i := len(under) - 1; i >= 0; i-- {
			d.WriteString("L" + under[i])
		}
		s.Band = d.String() + "Z"
	}
	return s
}
