package scenarios

import (
	"fmt"

	"github.com/HdrHistogram/hdrhistogram-go"
)

const (
	stallNs = 10_000_000
	// longestNs is ten minutes: the longest the kernel lets a task wait for the backlog is 60,000 jiffies, 240 s where HZ is 250.
	longestNs = 600_000_000_000
)

// latency collects how long single operations took, to three significant digits. The largest value is kept exactly.
type latency struct {
	histogram *hdrhistogram.Histogram
	maxNs     int64
	stalls    int64
}

func newLatency() *latency {
	return &latency{histogram: hdrhistogram.New(1, longestNs, 3)}
}

func (l *latency) record(ns int64) {
	if ns > l.maxNs {
		l.maxNs = ns
	}
	if ns > stallNs {
		l.stalls++
	}
	_ = l.histogram.RecordValue(min(ns, longestNs)) // it refuses only what is out of its range
}

// fill writes the latency fields of an outcome; a nil latency leaves them zero.
func (l *latency) fill(o *Outcome) error {
	if l == nil {
		return nil
	}
	encoded, err := l.histogram.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
	if err != nil {
		return fmt.Errorf("encode latency histogram: %w", err)
	}
	o.Latency = string(encoded)
	o.LatencyCount = l.histogram.TotalCount()
	o.LatencyP50Ns = min(l.histogram.ValueAtPercentile(50), l.maxNs)
	o.LatencyP90Ns = min(l.histogram.ValueAtPercentile(90), l.maxNs)
	o.LatencyP99Ns = min(l.histogram.ValueAtPercentile(99), l.maxNs)
	o.LatencyMaxNs = l.maxNs
	o.Stalls10ms = l.stalls
	return nil
}
