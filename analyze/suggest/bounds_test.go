package suggest

import (
	"strings"
	"testing"
)

// What a log chooses the number of is bounded, and what finds no room is counted elsewhere.
func TestTablesAreBounded(t *testing.T) {
	var m maybes
	for i := range 2 * maxMaybes {
		m.add([]int{i, i + 1}, false, Volume{Events: 1})
	}
	sum := Volume{}
	for _, x := range m.list() {
		sum.Add(x.Learnt)
	}
	if len(m.rows) != maxMaybes || sum.Events != 2*maxMaybes {
		t.Errorf("%d rows of rules that may have recorded, %d events", len(m.rows), sum.Events)
	}

	var devices mounts
	for i := range uint64(2 * maxDevices) {
		devices.count(i, false, Volume{Records: 1})
	}
	if len(devices.records) != maxDevices {
		t.Errorf("%d devices", len(devices.records))
	}

	var calls classes
	for nr := range uint32(3 * maxClasses) {
		if calls.of(0xc000003e, nr); len(calls.remembers) > maxClasses {
			t.Fatalf("%d system calls are remembered", len(calls.remembers))
		}
	}

	l := NewLearner(LearnerOptions{})
	l.base, l.follows = []byte("f"), maxFollows
	heavy := &entry{key: key{names: uint8(OneName)}, volume: Parts{Learnt: Volume{Events: followFrom, Bytes: 1 << 20}}}
	if l.follow(heavy, false, Volume{Events: 1}, new([len(ThinTypes)]Volume)); heavy.files != nil {
		t.Error("files are followed beyond the bound")
	}
	l.follows--
	if l.follow(heavy, false, Volume{Events: 1}, new([len(ThinTypes)]Volume)); heavy.files == nil {
		t.Error("files are not followed within the bound")
	}

	s := &search{Noise: &Noise{}, found: make([]*candidate, maxCandidates-1)}
	for range 3 {
		s.keep(&candidate{alone: Parts{Learnt: Volume{Records: 1}}})
	}
	if len(s.found) != maxCandidates {
		t.Errorf("%d candidates", len(s.found))
	}
}

// An event that names two files and of which one PATH record is missing may have been anywhere.
func TestAMissingNameIsNotOneName(t *testing.T) {
	l := NewLearner(LearnerOptions{})
	if err := l.Write(oneRow(t, openat, "items=2", `"/"`, `name="/data/f"`+inode)); err != nil {
		t.Fatal(err)
	}
	if b := l.Noise().Behaviours[0]; b.Names == OneName || b.Names == NoName {
		t.Errorf("names %d in %q", b.Names, b.Dir)
	}
}

// A byte beyond ASCII is written otherwise by each locale.
func TestOnlyASCIIIsWritten(t *testing.T) {
	for _, name := range []string{"/usr/bin/\xe9", "/usr/bin/é", "/usr/bin/\x7f", "/usr/bin/a\nb", "/usr/bin/" + strings.Repeat("x", 5000)} {
		if err := writableValue(Cond{"exe", "=", name}); err == nil {
			t.Errorf("%q is written", name)
		}
	}
	if err := writableValue(Cond{"exe", "=", "/usr/bin/x~"}); err != nil {
		t.Error(err)
	}
}
