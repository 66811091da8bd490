package detect

import (
	"math"
	"slices"
)

// span is the numbers from lo to hi, both included.
type span struct{ lo, hi uint32 }

// spans is a set of 32-bit numbers, as the kernel compares them (kernel/auditfilter.c: audit_comparator): disjoint spans in ascending order.
type spans []span

const unset = math.MaxUint32 // a login uid that was never set

func everyNumber() spans { return spans{{0, math.MaxUint32}} }

func oneNumber(n uint32) spans { return spans{{n, n}} }

// spansOf is the numbers of which "number op value" is true; all numbers for the bit operators, which no span can say.
func spansOf(op, value uint32) spans {
	switch op {
	case opEqual:
		return oneNumber(value)
	case opNotEqual:
		return oneNumber(value).complement()
	case opLess:
		if value == 0 {
			return nil
		}
		return spans{{0, value - 1}}
	case opLessOrEqual:
		return spans{{0, value}}
	case opGreater:
		if value == math.MaxUint32 {
			return nil
		}
		return spans{{value + 1, math.MaxUint32}}
	case opGreaterOrEqual:
		return spans{{value, math.MaxUint32}}
	}
	return everyNumber()
}

// complement is all other numbers.
func (s spans) complement() spans {
	var out spans
	next := uint64(0)
	for _, x := range s {
		if uint64(x.lo) > next {
			out = append(out, span{uint32(next), x.lo - 1})
		}
		next = uint64(x.hi) + 1
	}
	if next <= math.MaxUint32 {
		out = append(out, span{uint32(next), math.MaxUint32})
	}
	return out
}

func (s spans) every() bool { return len(s) == 1 && s[0] == span{0, math.MaxUint32} }

// intersect is the numbers that are in both.
func (s spans) intersect(o spans) spans {
	switch {
	case s.every():
		return o
	case o.every():
		return s
	}
	var out spans
	for i, j := 0, 0; i < len(s) && j < len(o); {
		lo, hi := max(s[i].lo, o[j].lo), min(s[i].hi, o[j].hi)
		if lo <= hi {
			out = append(out, span{lo, hi})
		}
		if s[i].hi < o[j].hi {
			i++
		} else {
			j++
		}
	}
	return out
}

// meets tells whether a number is in both.
func (s spans) meets(o spans) bool {
	for i, j := 0, 0; i < len(s) && j < len(o); {
		if max(s[i].lo, o[j].lo) <= min(s[i].hi, o[j].hi) {
			return true
		}
		if s[i].hi < o[j].hi {
			i++
		} else {
			j++
		}
	}
	return false
}

// union is the numbers that are in one of them.
func (s spans) union(o spans) spans {
	return s.complement().intersect(o.complement()).complement()
}

func (s spans) has(n uint32) bool {
	_, ok := slices.BinarySearchFunc(s, n, func(x span, n uint32) int {
		switch {
		case x.hi < n:
			return -1
		case x.lo > n:
			return 1
		}
		return 0
	})
	return ok
}

// within tells whether all numbers of s are in o.
func (s spans) within(o spans) bool { return len(s.intersect(o.complement())) == 0 }

// hasBits tells whether a number of s has one of the bits.
func (s spans) hasBits(bits uint32) bool {
	for _, x := range s {
		if x.hasBits(bits) {
			return true
		}
	}
	return false
}

// hasBits looks, for each bit, at the least number from lo on that has it.
func (x span) hasBits(bits uint32) bool {
	if x.lo&bits != 0 {
		return true
	}
	for b := range 32 {
		if bits>>b&1 != 0 && (uint64(x.lo)>>b|1)<<b <= uint64(x.hi) {
			return true
		}
	}
	return false
}
