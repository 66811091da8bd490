package analyze

const (
	seriesBuckets = 512
	ruleBuckets   = seriesBuckets / ruleWidth
	ruleWidth     = 4 // buckets of the series in one of a rule's
	slackSec      = 64
	maxSec        = 1 << 40 // a time beyond is taken for this one: no clock says so, a damaged line may
)

// timeline counts over time in a fixed number of buckets. Where an event lies outside of them, their width is doubled.
type timeline struct {
	begun   bool
	start   int64 // seconds since 1970, a multiple of ruleWidth buckets
	shift   uint  // the width is 1<<shift seconds
	events  [seriesBuckets]uint64
	bytes   [seriesBuckets]uint64
	byRule  [][]uint32 // by rule, nil for one that recorded nothing
	maxRows int        // how many rules have theirs
}

func newTimeline(rules, maxRows int) *timeline {
	return &timeline{byRule: make([][]uint32, rules), maxRows: maxRows}
}

func (t *timeline) add(sec int64, rule int, bytes uint64) {
	if !t.begun {
		t.begun = true
		t.start = t.align(sec - slackSec) // events that come a little early need no wider buckets
	}
	for !t.covers(sec) {
		t.widen(sec)
	}
	at := (sec - t.start) >> t.shift
	t.events[at]++
	t.bytes[at] += bytes
	if rule >= 0 {
		if row := t.row(rule); row != nil {
			row[at/ruleWidth]++
		}
	}
}

func (t *timeline) row(rule int) []uint32 {
	if t.byRule[rule] == nil && t.maxRows > 0 {
		t.maxRows--
		t.byRule[rule] = make([]uint32, ruleBuckets)
	}
	return t.byRule[rule]
}

func (t *timeline) covers(sec int64) bool {
	return sec >= t.start && (sec-t.start)>>t.shift < seriesBuckets
}

func (t *timeline) align(sec int64) int64 {
	return sec &^ (ruleWidth<<t.shift - 1)
}

// widen doubles the width and moves the buckets: to the end where sec is before them, so that there is room for more of its kind.
func (t *timeline) widen(sec int64) {
	start, shift := t.start, t.shift
	t.shift++
	t.start = t.align(start)
	if sec < start {
		t.start = t.align(start - (seriesBuckets/2-ruleWidth)<<t.shift)
	}
	to := func(i int, scale uint) int {
		return int((start + int64(i)<<(shift+scale) - t.start) >> (t.shift + scale))
	}
	t.events = moved(t.events, func(i int) int { return to(i, 0) })
	t.bytes = moved(t.bytes, func(i int) int { return to(i, 0) })
	for _, row := range t.byRule {
		if row == nil {
			continue
		}
		var next [ruleBuckets]uint32
		for i, n := range row {
			if n > 0 {
				next[to(i, 2)] += n
			}
		}
		copy(row, next[:])
	}
}

func moved(old [seriesBuckets]uint64, to func(int) int) (next [seriesBuckets]uint64) {
	for i, n := range old {
		if n > 0 {
			next[to(i)] += n
		}
	}
	return next
}

// series are the buckets from the first to the last that is not empty.
func (t *timeline) series() Series {
	s := Series{StartSec: t.start, WidthSec: 1 << t.shift, Events: []uint64{}, Bytes: []uint64{}}
	first, last := -1, -1
	for i, n := range t.events {
		if n > 0 {
			if last = i; first < 0 {
				first = i
			}
		}
	}
	if first < 0 {
		return Series{WidthSec: 1, Events: s.Events, Bytes: s.Bytes}
	}
	s.StartSec += int64(first) << t.shift
	s.Events = append(s.Events, t.events[first:last+1]...)
	s.Bytes = append(s.Bytes, t.bytes[first:last+1]...)
	return s
}

// rule is the series of one rule, beside the profile's.
func (t *timeline) rule(rule int, s Series) []uint64 {
	width := ruleWidth << t.shift
	first := (t.align(s.StartSec) - t.start) / int64(width)
	end := (s.StartSec+int64(len(s.Events))*s.WidthSec-t.start-1)/int64(width) + 1
	out := []uint64{}
	for _, n := range t.byRule[rule][first:end] {
		out = append(out, uint64(n))
	}
	return out
}
