package analyze

// Rate is how fast events came.
type Rate struct {
	PeakSec    int64   `json:"peak_sec"`    // the second with the most events, seconds since 1970
	PeakEvents uint64  `json:"peak_events"` // events in it
	Bursts     []Burst `json:"bursts"`      // the minutes with the most events, the worst first
}

// Burst is one minute by the writer's clock.
type Burst struct {
	StartSec   int64  `json:"start_sec"` // a multiple of 60
	Events     uint64 `json:"events"`
	Rule       int    `json:"rule"` // the rule that recorded most of them, NoRule where none recorded any
	RuleEvents uint64 `json:"rule_events"`
}

// Series is the volume over time, in buckets of equal width.
type Series struct {
	StartSec int64    `json:"start_sec"` // a multiple of WidthSec
	WidthSec int64    `json:"width_sec"` // a power of two
	Events   []uint64 `json:"events"`    // at most 512
	Bytes    []uint64 `json:"bytes"`
}

// RuleSeries is the number of events over time that one rule recorded, in buckets four times as wide as those of the profile's Series. The
// first begins at the last multiple of their width that is not behind the Series' start.
type RuleSeries struct {
	Rule   int      `json:"rule"`
	Events []uint64 `json:"events"` // at most 129
}
