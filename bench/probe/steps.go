package probe

import "math"

// The steps of a histogram, as bpf/watch.bpf.c counts them: one below 64 ns, 16 in each octave, one from 2^26 ns on.
const (
	stepsPerOctave = 16
	firstOctave    = 6
	lastOctave     = 25
	stepCount      = 2 + stepsPerOctave*(lastOctave-firstOctave+1)
)

// Steps counts calls by the time they took. A step is a sixteenth of an octave wide, 4 to 6 % of the time.
type Steps [stepCount]uint64

// stepBounds are the times of a step in ns, from included, to excluded. The last one has no end; an octave is taken.
func stepBounds(i int) (from, to float64) {
	switch {
	case i == 0:
		return 0, 1 << firstOctave
	case i >= stepCount-1:
		return 1 << (lastOctave + 1), 1 << (lastOctave + 2)
	}
	octave, part := firstOctave+(i-1)/stepsPerOctave, (i-1)%stepsPerOctave
	width := math.Ldexp(1, octave) / stepsPerOctave
	from = math.Ldexp(1, octave) + float64(part)*width
	return from, from + width
}

// Count is the number of calls.
func (s *Steps) Count() (n uint64) {
	for _, c := range s {
		n += c
	}
	return n
}

// Quantile is the time in ns below which the share q of the calls took, 0 ≤ q ≤ 1, as if calls lay evenly within a step; NaN without calls.
func (s *Steps) Quantile(q float64) float64 {
	n := s.Count()
	if n == 0 {
		return math.NaN()
	}
	want, below := q*float64(n), 0.0
	last := 0
	for i, c := range s {
		if c == 0 {
			continue
		}
		last = i
		if below+float64(c) >= want {
			from, to := stepBounds(i)
			return from + (to-from)*(want-below)/float64(c)
		}
		below += float64(c)
	}
	_, to := stepBounds(last)
	return to
}

// Log2 counts the calls by octave: place i is 2^i to 2^(i+1) ns. Place 5 holds all that is shorter, the last one all that is longer. Trailing
// places without calls are left out.
func (s *Steps) Log2() []uint64 {
	octaves := make([]uint64, lastOctave+2)
	last := -1
	for i, c := range s {
		at := firstOctave + (i-1)/stepsPerOctave
		if i == 0 {
			at = firstOctave - 1
		}
		if octaves[at] += c; c > 0 {
			last = at
		}
	}
	return octaves[:last+1]
}

// Mean is the mean time of the calls in ns, each taken as the middle of its step; NaN without calls.
func (s *Steps) Mean() float64 {
	n, sum := 0.0, 0.0
	for i, c := range s {
		from, to := stepBounds(i)
		n, sum = n+float64(c), sum+float64(c)*(from+to)/2
	}
	return sum / n
}
