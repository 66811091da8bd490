package suggest

import (
	"fmt"
	"testing"

	"github.com/auditprof/auditprof/analyze"
)

func TestSplit(t *testing.T) {
	w := &analyze.Window{FirstSec: 0, LastSec: 10_000, Hosts: []analyze.Host{
		{Name: "a", FirstSec: 0, LastSec: 900, CoveredSec: 900},
		{Name: "b", FirstSec: 1000, LastSec: 10_000, CoveredSec: 6000},
	}, Holes: []analyze.Hole{{Host: "b", FromSec: 5000, ToSec: 8500}, {Host: "a", FromSec: 700, ToSec: 800}}}
	s := NewSplit(w)
	for _, c := range []struct {
		host string
		sec  int64
		want bool
	}{{"a", 500, false}, {"a", 501, true}, {"b", 4500, false}, {"b", 4501, true}, {"unknown", 6666, false}, {"unknown", 6668, true}} {
		if got := s.Tested(c.host, c.sec); got != c.want {
			t.Errorf("%s at %d: got %v", c.host, c.sec, got)
		}
	}
	if s.CoveredSec != 6000 || s.Hosts != 2 || len(s.HeldOut) != 0 {
		t.Errorf("got %+v", s)
	}
}

func TestSomeHostsAreHeldOut(t *testing.T) {
	w := &analyze.Window{LastSec: 900}
	for n := range 14 {
		w.Hosts = append(w.Hosts, analyze.Host{Name: fmt.Sprintf("db%d", n), LastSec: 900, CoveredSec: 900})
	}
	s := NewSplit(w)
	if len(s.HeldOut) != 4 {
		t.Fatalf("%d hosts are held out: %q", len(s.HeldOut), s.HeldOut)
	}
	tested := 0
	for _, h := range w.Hosts {
		if s.Tested(h.Name, 1) {
			tested++
		}
	}
	if tested != 4 {
		t.Errorf("%d hosts are tested from their beginning", tested)
	}
}
