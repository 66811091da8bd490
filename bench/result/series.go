package result

// SeriesPoints is the largest number of values in a Series.
const SeriesPoints = 64

// Series is something sampled over a slot, from the begin mark on: of each step the largest sample, or the sum of what was used up in it.
type Series struct {
	StepNs int64   `json:"step_ns"`
	Values []int64 `json:"values"` // at most 64
}

// maxStepNs is an hour: no slot is as long as that.
const maxStepNs = 3600e9

// Drawable tells whether the series is one that bench may have written: a run directory may come from anywhere.
func (s *Series) Drawable() bool {
	if s == nil || s.StepNs <= 0 || s.StepNs > maxStepNs || len(s.Values) == 0 || len(s.Values) > SeriesPoints {
		return false
	}
	for _, v := range s.Values {
		if v < 0 || v > 1<<50 {
			return false
		}
	}
	return true
}

// SpanNs is how long the series is.
func (s *Series) SpanNs() int64 { return s.StepNs * int64(len(s.Values)) }
