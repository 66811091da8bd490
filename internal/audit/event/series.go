package event

// series is the serials of one node.
type series struct {
	boots, missing, duplicates, late uint64

	// The current boot: serials from first to before next have come, but for holes. They go on beyond 32 bits where the kernel's
	// counter came round: wrapped is what is to be added to a serial.
	first, next uint64
	wrapped     uint64
	holes       holes
	floor       uint64 // below it holes were closed: what comes there may or may not have come before
	newestMilli int64  // newest stamp, milliseconds since 1970
}

// add enters the event with that serial and stamp.
func (s *series) add(serial uint64, milli int64) {
	if s.boots == 0 {
		s.begin(serial, milli)
		return
	}
	n := s.unwrap(serial)
	switch {
	case n >= s.next:
		s.advance(n)
	case s.holes.fill(n):
	case n < s.first && milli <= s.newestMilli+bootSec*1000:
		s.extendDown(n)
	case n >= s.first && milli <= s.newestMilli:
		s.again(n)
	default: // a serial that was given out before, at a later time
		s.begin(serial, milli)
		return
	}
	s.newestMilli = max(s.newestMilli, milli)
}

// begin starts a new boot at its first serial.
func (s *series) begin(serial uint64, milli int64) {
	s.missing += s.holes.size()
	s.boots++
	s.first, s.next, s.wrapped, s.floor = serial, serial+1, 0, 0
	s.holes = s.holes[:0]
	s.newestMilli = milli
}

// unwrap places a serial of the kernel's 32-bit counter near the newest one, where the counter may have come round between them.
func (s *series) unwrap(serial uint64) uint64 {
	n := serial + s.wrapped
	switch {
	case n+serialSpan < s.next+windowSerials:
		s.wrapped += serialSpan
		return n + serialSpan
	case s.wrapped > 0 && n > s.next && n-serialSpan+windowSerials >= s.next:
		return n - serialSpan
	}
	return n
}

// advance goes on to serial n, leaving a hole where some were passed over.
func (s *series) advance(n uint64) {
	if n > s.next {
		s.holes = append(s.holes, hole{s.next, n})
	}
	s.next = n + 1
	for len(s.holes) > maxHoles || len(s.holes) > 0 && s.holes[0].hi+windowSerials < s.next {
		s.floor = s.holes[0].hi
		s.missing += s.holes.closeFirst()
	}
}

// extendDown takes an event of this boot from before the first one that was seen.
func (s *series) extendDown(n uint64) {
	if n+windowSerials < s.next {
		s.late++
		return
	}
	if n+1 < s.first {
		s.holes = append(holes{{n + 1, s.first}}, s.holes...)
	}
	s.first = n
}

// again counts an event whose serial is no longer missing.
func (s *series) again(n uint64) {
	if n < s.floor {
		s.late++
		return
	}
	s.duplicates++
}
