package names

import "testing"

func TestUringOp(t *testing.T) {
	for nr, name := range map[int]string{9: "sendmsg", 18: "openat", 46: "uring_cmd", 64: "uring_cmd128"} {
		if got, ok := UringOp(nr); !ok || got != name {
			t.Errorf("UringOp(%d) = %q, %v; want %q", nr, got, ok, name)
		}
		if got, ok := UringOpNumber(name); !ok || got != nr {
			t.Errorf("UringOpNumber(%q) = %d, %v; want %d", name, got, ok, nr)
		}
	}
	if got, ok := UringOp(0); ok {
		t.Errorf("UringOp(0) = %q: IORING_OP_NOP is never audited", got)
	}
	last := -1
	for _, name := range UringOps() {
		nr, ok := UringOpNumber(name)
		if !ok || nr <= last {
			t.Errorf("%s is %d after %d: the table is sorted by number", name, nr, last)
		}
		last = nr
	}
}
