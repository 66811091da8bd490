package detect

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestSpans holds sets of numbers against the same sets asked number by number, at the ends of spans and of 32 bits.
func TestSpans(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	points := []uint32{0, 1, 2, 3, 999, 1000, 1001, math.MaxUint32 - 1, math.MaxUint32}
	ops := map[uint32]func(a, b uint32) bool{
		opEqual: func(a, b uint32) bool { return a == b }, opNotEqual: func(a, b uint32) bool { return a != b },
		opLess: func(a, b uint32) bool { return a < b }, opLessOrEqual: func(a, b uint32) bool { return a <= b },
		opGreater: func(a, b uint32) bool { return a > b }, opGreaterOrEqual: func(a, b uint32) bool { return a >= b },
	}
	var keys []uint32
	for op := range ops {
		keys = append(keys, op)
	}
	pick := func() (spans, func(uint32) bool) {
		op, v := keys[rng.IntN(len(keys))], points[rng.IntN(len(points))]
		return spansOf(op, v), func(n uint32) bool { return ops[op](n, v) }
	}
	for range 20_000 {
		a, inA := pick()
		b, inB := pick()
		c, inC := pick()
		both, one, other := a.intersect(b).intersect(c), a.union(b).intersect(c), a.complement()
		for _, n := range points {
			if both.has(n) != (inA(n) && inB(n) && inC(n)) || one.has(n) != ((inA(n) || inB(n)) && inC(n)) || other.has(n) == inA(n) {
				t.Fatalf("%d in %v, %v, %v: %v %v %v", n, a, b, c, both, one, other)
			}
			if a.within(b) && inA(n) && !inB(n) {
				t.Fatalf("%v is not within %v: %d", a, b, n)
			}
		}
	}
}

func TestSpansHaveBits(t *testing.T) {
	for _, c := range []struct {
		s    spans
		bits uint32
		want bool
	}{
		{spans{{0, 1023}}, 0o6000, false},
		{spans{{0, 1024}}, 0o6000, true},
		{spans{{0o10000, 0o11777}}, 0o6000, false},
		{spans{{0o10000, 0o12000}}, 0o6000, true},
		{everyNumber(), 1 << 31, true},
		{spans{{math.MaxUint32, math.MaxUint32}}, 1, true},
		{nil, 1, false},
	} {
		if got := c.s.hasBits(c.bits); got != c.want {
			t.Errorf("%v has %o: %v", c.s, c.bits, got)
		}
	}
}
