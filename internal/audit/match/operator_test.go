package match

import "testing"

func TestCompare(t *testing.T) {
	for _, c := range []struct {
		left, op, right uint32
		number, id      bool
	}{
		{5, opEqual, 5, true, true}, {5, opNotEqual, 5, false, false}, {5, opLess, 6, true, true}, {1 << 31, opLess, 1, false, false},
		{5, opLessOrEqual, 5, true, true}, {unset, opGreater, 1000, true, true}, {5, opGreaterOrEqual, 6, false, false},
		{6, opBitMask, 2, true, false}, {6, opBitMask, 1, false, false}, {6, opBitTest, 6, true, false}, {6, opBitTest, 7, false, false},
		{0, 0, 0, false, false}, {1, 0x12345678, 1, false, false},
	} {
		if got := compare(c.left, c.op, c.right); got != c.number {
			t.Errorf("compare(%d, %#x, %d) is %v", c.left, c.op, c.right, got)
		}
		if got := compareID(c.left, c.op, c.right); got != c.id {
			t.Errorf("compareID(%d, %#x, %d) is %v", c.left, c.op, c.right, got)
		}
	}
}
