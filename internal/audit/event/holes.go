package event

import "slices"

// hole is the serials from lo to before hi.
type hole struct{ lo, hi uint64 }

// holes are ranges of serials that have not come yet: ascending, apart, none empty.
type holes []hole

// size is the number of serials in all holes.
func (h holes) size() uint64 {
	sum := uint64(0)
	for _, o := range h {
		sum += o.hi - o.lo
	}
	return sum
}

// fill takes one serial out and reports whether it was in a hole.
func (h *holes) fill(serial uint64) bool {
	n, _ := slices.BinarySearchFunc(*h, serial, func(o hole, s uint64) int {
		if o.hi <= s {
			return -1
		}
		return 1
	})
	if n == len(*h) || serial < (*h)[n].lo {
		return false
	}
	o := &(*h)[n]
	switch {
	case o.hi-o.lo == 1:
		*h = slices.Delete(*h, n, n+1)
	case serial == o.lo:
		o.lo++
	case serial == o.hi-1:
		o.hi--
	default:
		left := hole{o.lo, serial}
		o.lo = serial + 1
		*h = slices.Insert(*h, n, left)
	}
	return true
}

// closeFirst drops the first hole and returns the serials that were in it.
func (h *holes) closeFirst() uint64 {
	o := (*h)[0]
	*h = slices.Delete(*h, 0, 1)
	return o.hi - o.lo
}
