package result

import (
	"math"
	"slices"
)

// Band is what the slots of an arm show at one time since their begin: the median of the slots, the smallest and the largest.
type Band struct {
	Low, Mid, High float64
	Slots          int // that lasted so long; 0: none, and the others are 0
}

// Overlay lays series of slots over each other, cut anew into n cells of cellNs. Of samples a cell has the largest; where rate is set the values
// are sums per step, and a cell has their mean per ns: of CPU in ns the share of one CPU. A series that is not Drawable is left out.
func Overlay(list []*Series, cellNs int64, n int, rate bool) []Band {
	bands := make([]Band, n)
	for i := range bands {
		var at []float64
		for _, s := range list {
			if !s.Drawable() || s.SpanNs() <= int64(i)*cellNs {
				continue
			}
			at = append(at, s.cell(int64(i)*cellNs, int64(i+1)*cellNs, rate))
		}
		if len(at) > 0 {
			slices.Sort(at)
			bands[i] = Band{Low: at[0], Mid: (at[(len(at)-1)/2] + at[len(at)/2]) / 2, High: at[len(at)-1], Slots: len(at)}
		}
	}
	return bands
}

// cell is the largest value between two times, or the mean rate.
func (s *Series) cell(from, to int64, rate bool) float64 {
	to = min(to, s.SpanNs())
	most, sum := 0.0, 0.0
	for i := from / s.StepNs; i < int64(len(s.Values)) && i*s.StepNs < to; i++ {
		v := float64(s.Values[i])
		most = math.Max(most, v)
		overlap := min(to, (i+1)*s.StepNs) - max(from, i*s.StepNs)
		sum += v * float64(overlap) / float64(s.StepNs)
	}
	if rate {
		return sum / float64(to-from)
	}
	return most
}
