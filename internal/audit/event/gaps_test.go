package event

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/record"
)

// serialEvent is an event of one record.
func serialEvent(typ, node string, milli int64, serial uint64) *Event {
	rec := new(record.Record)
	rec.Parse([]byte(fmt.Sprintf("type=%s msg=audit(1.000:1): x=1", typ)))
	return &Event{Node: node, Sec: milli / 1000, Milli: int(milli % 1000), Serial: serial, Records: []record.Record{*rec}}
}

type stamped struct {
	milli  int64
	serial uint64
}

// run is serials a to b, one per millisecond from milli on.
func run(milli int64, a, b uint64) []stamped {
	var out []stamped
	for s := a; s <= b; s++ {
		out = append(out, stamped{milli + int64(s-a), s})
	}
	return out
}

func cat(in ...[]stamped) []stamped {
	var out []stamped
	for _, s := range in {
		out = append(out, s...)
	}
	return out
}

func TestGaps(t *testing.T) {
	const later = 100_000
	big := uint64(windowSerials)
	for _, c := range []struct {
		name string
		in   []stamped
		want Count
	}{
		{"nothing", nil, Count{}},
		{"in order", run(0, 5, 9), Count{Events: 5, Boots: 1}},
		{"one missing", cat(run(0, 5, 9), run(10, 11, 12)), Count{Events: 7, Boots: 1, Missing: 1}},
		{"late, below the first too", []stamped{{0, 7}, {0, 9}, {0, 8}, {0, 5}, {1, 6}}, Count{Events: 5, Boots: 1}},
		{"late in the middle of a hole", []stamped{{0, 1}, {0, 9}, {0, 5}}, Count{Events: 3, Boots: 1, Missing: 6}},
		{"from both ends of a hole", []stamped{{0, 1}, {0, 9}, {0, 2}, {0, 8}}, Count{Events: 4, Boots: 1, Missing: 5}},
		{"below the first, with a hole", []stamped{{0, 9}, {0, 5}}, Count{Events: 2, Boots: 1, Missing: 3}},
		{"twice", cat(run(0, 1, 5), run(0, 1, 5)), Count{Events: 10, Boots: 1, Duplicates: 5}},
		{"boot", cat(run(0, 900, 950), run(later, 1, 5)), Count{Events: 56, Boots: 2}},
		{"boot into serials that had come", cat(run(0, 1, 500), run(later, 1, 5)), Count{Events: 505, Boots: 2}},
		{"boot keeps what was missing", cat(run(0, 1, 5), run(5, 8, 9), run(later, 1, 2)), Count{Events: 9, Boots: 2, Missing: 2}},
		{"a syscall that blocked has an old stamp", []stamped{{5000, 1}, {10, 2}, {5001, 3}}, Count{Events: 3, Boots: 1}},
		{"the counter comes round", []stamped{{0, 1<<32 - 2}, {1, 0}, {2, 1<<32 - 1}, {3, 1}, {4, 3}}, Count{Events: 5, Boots: 1, Missing: 1}},
		{"beyond the window", []stamped{{0, 1}, {1, 3}, {2, 4 + big}, {3, 5 + big}, {1, 2}}, Count{Events: 5, Boots: 1, Missing: big + 1, Late: 1}},
		{"far below the first", []stamped{{0, 5 + 2*big}, {0, 1}}, Count{Events: 2, Boots: 1, Late: 1}},
	} {
		var g Gaps
		for _, s := range c.in {
			g.Add(serialEvent("USER", "", s.milli, s.serial))
		}
		if got := g.Count(); got != c.want {
			t.Errorf("%s: got %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestGapsByNodeWithoutDaemon(t *testing.T) {
	var g Gaps
	for n := range uint64(10) {
		g.Add(serialEvent("SYSCALL", "a", 0, 100+n))
		g.Add(serialEvent("SYSCALL", "b", 0, 7000+2*n))
	}
	g.Add(serialEvent("DAEMON_START", "a", 0, 4711))
	g.Add(serialEvent("UNKNOWN[1208]", "a", 0, 12))
	g.Add(&Event{})
	if got, want := g.Count(), (Count{Events: 20, Daemon: 2, Boots: 2, Missing: 9}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for n := range 2 * maxNodes {
		g.Add(serialEvent("SYSCALL", fmt.Sprint(n), 0, 1))
	}
	if got := g.Count(); got.Untracked != maxNodes+2 || len(g.nodes) != maxNodes {
		t.Errorf("%d nodes followed, %d events not", len(g.nodes), got.Untracked)
	}
}

func TestGapsMemoryIsBounded(t *testing.T) {
	var g Gaps
	for n := range uint64(3 * maxHoles) {
		g.Add(serialEvent("SYSCALL", "", 0, 2*n))
	}
	if n := len(g.nodes[""].holes); n > maxHoles {
		t.Errorf("%d holes kept", n)
	}
	if got := g.Count(); got.Missing != 3*maxHoles-1 {
		t.Errorf("got %+v", got)
	}
}

// Against a plain set: whatever comes, in whatever order within the window.
func TestGapsAgainstASet(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for round := range 300 {
		var g Gaps
		came := map[uint64]bool{}
		lo, hi, twice := uint64(1<<62), uint64(0), uint64(0)
		for n := range 400 {
			s := uint64(1000 + n + rng.IntN(60))
			if came[s] {
				twice++
			}
			came[s] = true
			lo, hi = min(lo, s), max(hi, s)
			g.Add(serialEvent("SYSCALL", "", 0, s))
		}
		want := Count{Events: 400, Boots: 1, Missing: hi - lo + 1 - uint64(len(came)), Duplicates: twice}
		if got := g.Count(); got != want {
			t.Fatalf("round %d: got %+v, want %+v", round, got, want)
		}
	}
}
