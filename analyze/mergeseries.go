package analyze

// join adds two series. Its buckets are the narrowest that hold both in no more than 512, so that it does not matter in which order series
// are joined.
func (s Series) join(o Series) Series {
	switch {
	case len(s.Events) == 0:
		return o.clone()
	case len(o.Events) == 0:
		return s.clone()
	}
	width := max(s.WidthSec, o.WidthSec)
	first := min(s.StartSec, o.StartSec)
	last := max(s.last(), o.last())
	for floor(last, width)-floor(first, width) >= seriesBuckets*width {
		width *= 2
	}
	start := floor(first, width)
	n := (floor(last, width)-start)/width + 1
	out := Series{StartSec: start, WidthSec: width, Events: make([]uint64, n), Bytes: make([]uint64, n)}
	out.pour(s)
	out.pour(o)
	return out
}

// pour adds what o has, whose buckets are no wider and lie within those of s.
func (s *Series) pour(o Series) {
	for i, n := range o.Events {
		at := (o.StartSec + int64(i)*o.WidthSec - s.StartSec) / s.WidthSec
		s.Events[at] += n
		s.Bytes[at] += o.Bytes[i]
	}
}

// last is the first second of the last bucket.
func (s *Series) last() int64 { return s.StartSec + int64(len(s.Events)-1)*s.WidthSec }

func (s Series) clone() Series {
	s.Events, s.Bytes = append([]uint64{}, s.Events...), append([]uint64{}, s.Bytes...)
	return s
}

// floor is the last multiple of width, a power of two, that is not behind sec.
func floor(sec, width int64) int64 { return sec &^ (width - 1) }

// ofRule is a rule's series by itself, without what is empty at its ends.
func (s Series) ofRule(r RuleSeries) Series {
	width := ruleWidth * s.WidthSec
	first, last := -1, -1
	for i, n := range r.Events {
		if n > 0 {
			if last = i; first < 0 {
				first = i
			}
		}
	}
	if first < 0 {
		return Series{WidthSec: width}
	}
	events := r.Events[first : last+1]
	return Series{floor(s.StartSec, width) + int64(first)*width, width, events, make([]uint64, len(events))}
}

// forRule is the series of a rule in buckets that fit those of s.
func (s Series) forRule(rule int, line Series) RuleSeries {
	wide := Series{StartSec: floor(s.StartSec, ruleWidth*s.WidthSec), WidthSec: ruleWidth * s.WidthSec}
	n := s.ruleBuckets()
	wide.Events, wide.Bytes = make([]uint64, n), make([]uint64, n)
	wide.pour(line)
	return RuleSeries{rule, wide.Events}
}

// ruleBuckets is how many buckets a rule's series has beside s.
func (s *Series) ruleBuckets() int {
	if len(s.Events) == 0 {
		return 0
	}
	width := ruleWidth * s.WidthSec
	return int((s.last()-floor(s.StartSec, width))/width) + 1
}
