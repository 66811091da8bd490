package result

import (
	"fmt"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// Latency is that of single operations in all slots of an arm that count, taken together: the percentiles of the sum of the slots' histograms
// (three significant digits; HdrHistogram), not a mean or a median of the slots' percentiles, which hides a round in which the tail was long.
type Latency struct {
	Slots      int   `json:"slots"`
	Operations int64 `json:"operations"`
	P50Ns      int64 `json:"p50_ns"`
	P99Ns      int64 `json:"p99_ns"`
	P999Ns     int64 `json:"p999_ns"`
	MaxNs      int64 `json:"max_ns"` // exact
}

// maxHistogram is the longest text of a histogram that is unpacked: three digits up to ten minutes take less.
const maxHistogram = 1 << 19

// Histogram unpacks the slot's histogram, nil with no error where it has none.
func (s Slot) Histogram() (*hdrhistogram.Histogram, error) {
	if s.Latency == "" {
		return nil, nil
	}
	if len(s.Latency) > maxHistogram {
		return nil, fmt.Errorf("a histogram of %d bytes: bench writes at most %d", len(s.Latency), maxHistogram)
	}
	h, err := hdrhistogram.Decode([]byte(s.Latency))
	if err != nil {
		return nil, fmt.Errorf("read a histogram of latencies: %w", err)
	}
	if h.TotalCount() <= 0 || h.Max() <= 0 {
		return nil, fmt.Errorf("a histogram of latencies without an operation")
	}
	return h, nil
}

// MergeLatency joins the slots of one arm on one scenario. Nil where one has no histogram that can be read, or was stopped at the limit: the
// others are then those that happened to be fast.
func MergeLatency(slots []Slot) *Latency {
	var all *hdrhistogram.Histogram
	l := &Latency{Slots: len(slots)}
	for _, s := range slots {
		h, err := s.Histogram()
		if err != nil || h == nil || s.Ended {
			return nil
		}
		l.MaxNs = max(l.MaxNs, s.LatencyMaxNs)
		if all == nil {
			all = h
		} else if all.Merge(h) > 0 { // values beyond its range: not of bench
			return nil
		}
	}
	if all == nil {
		return nil
	}
	l.Operations = all.TotalCount()
	at := func(percentile float64) int64 { return min(all.ValueAtPercentile(percentile), l.MaxNs) }
	l.P50Ns, l.P99Ns, l.P999Ns = at(50), at(99), at(99.9)
	return l
}

// Shown is what a report says of a metric: of the latency that of all slots together, where it is there (runs of earlier versions have only
// medians over the slots), else the metric itself.
func (r Result) Shown(name string) (Metric, bool) {
	m, ok := r.Metrics[name]
	if r.Latency == nil {
		return m, ok
	}
	together := map[string]int64{LatencyP50: r.Latency.P50Ns, LatencyP99: r.Latency.P99Ns, LatencyMax: r.Latency.MaxNs}
	if ns, of := together[name]; of {
		v := float64(ns)
		return Metric{Unit: "ns", Value: v, Low: v, High: v, N: r.Latency.Slots}, true
	}
	return m, ok
}
