package analyze

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/record"
)

// narrow are limits that every test runs into.
var narrow = limits{exes: 16, keys: 16, programs: 16, chains: 16, syscalls: 16, users: 16, sessions: 16, cells: 32, cellTypes: 64, paths: 64, ruleSeries: 4}

func sum[R any](rows []R, of func(R) Count) (n Count) {
	for _, r := range rows {
		n.add(of(r))
	}
	return n
}

func ofNamed(n Named) Count { return n.Count }

// checkSums holds every table to the total.
func checkSums(t *testing.T, p *Profile) {
	t.Helper()
	with := func(a, b Count) Count { a.add(b); return a }
	for name, got := range map[string]Count{
		"exes":       with(sum(p.Exes.Rows, ofNamed), p.Exes.Other),
		"syscalls":   with(sum(p.Syscalls.Rows, ofNamed), p.Syscalls.Other),
		"sessions":   with(sum(p.Sessions.Rows, ofNamed), p.Sessions.Other),
		"users":      with(sum(p.Users.Rows, func(u UserCount) Count { return u.Count }), p.Users.Other),
		"started by": with(sum(p.StartedBy.Rows, func(c Chain) Count { return c.Count }), p.StartedBy.Other),
		"paths":      with(with(sum(p.Paths.Rows, func(r PathCount) Count { return r.Own }), p.Paths.NoPath), p.Paths.Relative),
		"hosts":      sum(p.Window.Hosts, func(h Host) Count { return h.Count }),
		"keys":       with(sum(p.Keys.Rows, ofNamed), p.Keys.Other),
	} {
		if got != p.Total {
			t.Errorf("%s add up to %+v of %+v", name, got, p.Total)
		}
	}
	for name, got := range map[string]Count{
		"types": with(sum(p.Types.Rows, ofNamed), p.Types.Other),
		"cells": sum(p.Cells, func(c Cell) Count { return c.Count }),
	} {
		if got.Records != p.Total.Records || got.Bytes != p.Total.Bytes {
			t.Errorf("%s add up to %+v of %+v", name, got, p.Total)
		}
	}
	var events, bytes uint64
	for i := range p.Series.Events {
		events, bytes = events+p.Series.Events[i], bytes+p.Series.Bytes[i]
	}
	if events != p.Total.Events || bytes != p.Total.Bytes {
		t.Errorf("the series adds up to %d events and %d bytes of %+v", events, bytes, p.Total)
	}
	if len(p.Paths.Rows) > 0 {
		if root := p.Paths.Rows[0]; with(with(root.Count, p.Paths.NoPath), p.Paths.Relative) != p.Total {
			t.Errorf("the root has %+v of %+v", root, p.Total)
		}
	}
}

// Whatever is given up for want of room, everything adds up, and what rules recorded is exact.
func TestTablesAddUp(t *testing.T) {
	for _, c := range []struct {
		name  string
		limit limits
		wild  int
	}{{"with room", wide, 10}, {"without room", narrow, 40}, {"without room, all different", narrow, 5000}} {
		t.Run(c.name, func(t *testing.T) {
			rules := make([]RuleID, 7)
			tally, g := newTally(rules, c.limit), newRandomRow(1, c.wild, len(rules))
			var want Count
			byRule := make([]uint64, len(rules))
			for range 20000 {
				r := g.next()
				n := Count{1, uint64(len(r.Records)), r.LogBytes}
				want.add(n)
				if r.Origin == Rules {
					byRule[r.Rule] += n.Bytes
				}
				tally.Add(r)
			}
			p := tally.Profile()
			checkSums(t, p)
			if p.Total != want {
				t.Errorf("total %+v, want %+v", p.Total, want)
			}
			for i, n := range byRule {
				if p.Rules[i].Bytes != n {
					t.Errorf("rule %d: %d bytes, want %d", i, p.Rules[i].Bytes, n)
				}
				cells := uint64(0)
				for _, cell := range p.Cells {
					if cell.Rule == i {
						cells += cell.Bytes
					}
				}
				if cells != n {
					t.Errorf("rule %d: its cells have %d bytes, want %d", i, cells, n)
				}
			}
			if cut := p.Exes.Cut > 0; cut != (c.name != "with room") {
				t.Errorf("exes: %d cut", p.Exes.Cut)
			}
		})
	}
}

// What is heavy stays while thousands of others pass through a full table.
func TestTheHeavyStay(t *testing.T) {
	tally, g := newTally(make([]RuleID, 1), narrow), newRandomRow(2, 100_000, 1)
	var heavy Count
	for i := range 20000 {
		r := g.next()
		r.Has |= HasExe
		if i%5 == 0 {
			r.Exe, r.Path = quoted("/usr/sbin/heavy"), []byte("/srv/heavy/../heavy/./file")
			heavy.add(Count{1, uint64(len(r.Records)), r.LogBytes})
		}
		tally.Add(r)
	}
	p := tally.Profile()
	if row := p.Exes.Rows[0]; row.Name != "/usr/sbin/heavy" || row.Count != heavy {
		t.Errorf("the heaviest exe is %+v, want %+v", row, heavy)
	}
	if hot := p.Paths.Hot(0.15); len(hot) == 0 || hot[len(hot)-1].Name != "/srv/heavy/file" {
		t.Errorf("hot paths %+v", hot)
	}
}

// A log can be given to a Tally in any batches, and again to another: the profile is the same, byte by byte.
func TestTheSameEventsMakeTheSameProfile(t *testing.T) {
	profile := func(limit limits) []byte {
		tally, g := newTally(make([]RuleID, 5), limit), newRandomRow(3, 300, 5)
		for range 5000 {
			tally.Add(g.next())
		}
		text, err := json.Marshal(tally.Profile())
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	for _, l := range []limits{wide, narrow} {
		if a, b := profile(l), profile(l); !bytes.Equal(a, b) {
			t.Errorf("limits %+v: the profiles differ", l)
		}
	}
}

// An attacker who makes 50,000 of everything gets no more memory than 24 MiB.
func TestMemoryIsBounded(t *testing.T) {
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	g := newRandomRow(4, 50_000, 1)
	long := strings.Repeat("x", 250)
	before := heap()
	tally := NewTally(make([]RuleID, 1))
	worst := uint64(0)
	for i := range 200_000 {
		r := g.next()
		r.Exe = quoted(fmt.Sprintf("/usr/bin/%s/%d", long, g.IntN(50_000)))
		r.Key = quoted(fmt.Sprintf("%s-%d", long, g.IntN(50_000)))
		r.Path = fmt.Appendf(nil, "/%d%s/%s/%d", g.IntN(50_000), long, long, g.IntN(50_000))
		r.Has |= HasExe | HasKey | HasPID | HasPPID
		tally.Add(r)
		if i%20_000 == 0 {
			worst = max(worst, heap()-before)
		}
	}
	if worst > 24<<20 {
		t.Errorf("%d MiB", worst>>20)
	}
	if tally.total.Events != 200_000 {
		t.Error("not all were counted")
	}
}

// Where nothing is new, nothing is allocated.
func TestAddDoesNotAllocate(t *testing.T) {
	rows, rules := recordedRows(t, 3000)
	tally := NewTally(rules)
	add := func() {
		for i := range rows {
			tally.Add(&rows[i])
		}
	}
	add()
	if n := testing.AllocsPerRun(3, add); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

// The recorded log's records by type and bytes, counted line by line.
func TestRecordedLogByType(t *testing.T) {
	text := recorded(t)
	want := map[string]Count{}
	r := record.NewReader(bytes.NewReader(text))
	for r.Scan() {
		n := want[string(r.Record().Type)]
		n.Records, n.Bytes = n.Records+1, n.Bytes+uint64(r.Record().Length)
		want[string(r.Record().Type)] = n
	}
	p, err := Build(bytes.NewReader(text), decider(), nil, event.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range p.Types.Rows {
		w := want[row.Name]
		if row.Records != w.Records || row.Bytes != w.Bytes {
			t.Errorf("%s: %+v, want %+v", row.Name, row.Count, w)
		}
	}
	if len(p.Types.Rows) != len(want) || p.Total.Bytes != uint64(len(text)) {
		t.Errorf("%d types of %d, %d bytes of %d", len(p.Types.Rows), len(want), p.Total.Bytes, len(text))
	}
	checkSums(t, p)
}

func TestSeveralKeysCountEach(t *testing.T) {
	tally := NewTally(nil)
	r := Row{Has: HasKey, Key: record.Value{Text: []byte(fmt.Sprintf("%X", "a\x01b"))}, Records: []RecordSize{{1300, 10}}}
	tally.Add(&r)
	r.Key = quoted("b")
	tally.Add(&r)
	want := []Named{{"b", Count{2, 2, 20}}, {"a", Count{1, 1, 10}}}
	if got := tally.Profile().Keys.Rows; !slices.Equal(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestDoubts(t *testing.T) {
	tally := NewTally(make([]RuleID, 3))
	r := Row{Decision: Decision{Undecided, NoRule}, Candidates: []int{0, 2}, Why: match.WhyFD | match.WhyGroup, Records: []RecordSize{{1300, 10}}, Sec: 50}
	tally.Add(&r)
	tally.Add(&r)
	r.Candidates = []int{NoRule, 2}
	tally.Add(&r)
	c := Row{Decision: Decision{Unexplained, NoRule}, Conflict: true, Has: HasKey, Key: quoted("alien"), Sec: 70, Line: 9, Input: "audit.log", Rests: match.AssumeNames}
	tally.Add(&c)
	c.Sec, c.Line = 60, 12
	tally.Add(&c)
	p := tally.Profile()
	if p.Rules[0].Maybe != 2 || p.Rules[1].Maybe != 0 || p.Rules[2].Maybe != 3 {
		t.Errorf("rules %+v", p.Rules)
	}
	if len(p.Unknown.Reasons) != 2 || p.Unknown.Reasons[0] != (Tallied{"fd call", 3}) || len(p.Unknown.Sets) != 2 || p.Unknown.Sets[0].Events != 2 {
		t.Errorf("unknown %+v", p.Unknown)
	}
	k := p.Conflicts
	if k.Events != 2 || k.FirstSec != 60 || k.LastSec != 70 || k.Line != 9 || k.Input != "audit.log" || !slices.Equal(k.Keys, []Tallied{{"alien", 2}}) {
		t.Errorf("conflicts %+v", k)
	}
	if !slices.Equal(p.Assumptions, []Tallied{{match.AssumeNames.String(), 2}}) {
		t.Errorf("assumptions %+v", p.Assumptions)
	}
}

// Rows of any content, also with numbers that nothing real has, keep the books and make a profile that can be read back.
func FuzzTally(f *testing.F) {
	f.Add(uint64(1), 10, int64(1_700_000_000), []byte("/usr/bin/x\xff"), []byte("/a/../../b//c"))
	f.Add(uint64(2), 3000, int64(-5), []byte{0, 1, 2}, []byte("relative"))
	f.Add(uint64(3), 1, int64(1)<<62, []byte(nil), []byte("/"))
	f.Fuzz(func(t *testing.T, seed uint64, wild int, sec int64, exe, path []byte) {
		tally, g := newTally(make([]RuleID, 3), narrow), newRandomRow(seed, max(wild%5000, 1), 3)
		odd := rand.New(rand.NewPCG(seed, 1))
		for range 300 {
			r := g.next()
			switch odd.IntN(4) {
			case 0:
				r.Exe, r.Has = record.Value{Text: exe}, r.Has|HasExe
			case 1:
				r.Path = append(slices.Clone(path), byte(odd.IntN(256)))
			case 2:
				r.Sec = sec + int64(odd.IntN(1000))
			}
			tally.Add(r)
		}
		p := tally.Profile()
		checkSums(t, p)
	})
}

// A full tree of paths gives nothing up for a path that it has.
func TestAKnownPathNeedsNoRoom(t *testing.T) {
	tree := newPathTree(64)
	for i := range 38 {
		tree.add(fmt.Appendf(nil, "/srv/%d", i), Count{1, 1, 1})
	}
	nodes := len(tree.nodes)
	for range 3 {
		for i := range 38 {
			clear(tree.recent[:])
			tree.add(fmt.Appendf(nil, "/srv/%d", i), Count{1, 1, 1})
		}
	}
	if len(tree.nodes) != nodes || tree.cut != 0 {
		t.Errorf("%d nodes of %d stay, %d were given up", len(tree.nodes), nodes, tree.cut)
	}
}
