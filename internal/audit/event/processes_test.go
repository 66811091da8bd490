package event

import "testing"

func TestProcessesAreFollowedToTheirDescendants(t *testing.T) {
	p := NewProcesses([]int{7, 0, -1})
	for _, c := range []struct {
		what      string
		pid, ppid uint64
		want      bool
	}{
		{"itself", 7, 1, true},
		{"a stranger", 20, 1, false},
		{"without a number", 0, 0, false},
		{"a grandchild before its parent was seen", 9, 8, false},
		{"a child", 8, 7, true},
		{"a grandchild", 9, 8, true},
		{"one more below", 10, 9, true},
		{"one whose parent is gone", 9, 1, true},
		{"a child of the stranger", 21, 20, false},
	} {
		if got := p.Has(c.pid, c.ppid); got != c.want {
			t.Errorf("%s: %t", c.what, got)
		}
	}
}

func TestProcessesAreBounded(t *testing.T) {
	p := NewProcesses([]int{7})
	for pid := uint64(100); pid < 100+2*maxProcesses; pid++ {
		if !p.Has(pid, 7) {
			t.Fatal("a child is not its own")
		}
	}
	if len(p.known) > maxProcesses {
		t.Errorf("%d are remembered", len(p.known))
	}
}
