package result

// SeriesPoints is the largest number of values in a Series.
const SeriesPoints = 64

// Series is something sampled over a slot: the largest sample of each step, from the begin mark on.
type Series struct {
	StepNs int64   `json:"step_ns"`
	Values []int64 `json:"values"` // at most 64
}
