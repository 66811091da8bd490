package match

import (
	"fmt"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/event"
)

// TestWhatAWatchIsBoundTo asks about one event of a log when all of it has been read.
func TestWhatAWatchIsBoundTo(t *testing.T) {
	const replaced = "rename; PARENT /a/ 2d; PARENT /a/ 2d; DELETE /a/new 6; DELETE /a/one 5; CREATE /a/one 6"
	for _, tc := range []struct {
		what, ask string // the last two words: of which event, and which of its names
		log       []string
		want      string
	}{
		{"a hard link between two looks at the watch", "path /a/one 1 0", []string{"unlink fails; PARENT /a/ 2d; DELETE /a/one 5", "open; NORMAL /b/two 5", "open; NORMAL /a/one 5"}, "true"},
		{"of which one may be a symlink", "path /a/one 1 0", []string{"open; NORMAL /a/one 5", "open; NORMAL /b/two 5", "open; NORMAL /a/one 5"}, "open"},
		{"a hard link before the watch was seen, or a number used again", "path /a/one 0 0", []string{"open; NORMAL /b/two 5", "unlink fails; PARENT /a/ 2d; DELETE /a/one 5"}, "open"},
		{"a hard link of another file", "path /a/one 1 0", []string{"open; NORMAL /a/one 5", "open; NORMAL /b/two 6", "open; NORMAL /a/one 5"}, "false"},
		{"a hard link that goes leaves the watch", "path /a/one 1 1", []string{
			"unlink fails; PARENT /a/ 2d; DELETE /a/one 5", "unlink; PARENT /b/ 3d; DELETE /b/two 5", "open; NORMAL /a/one 5"}, "true"},
		{"the old file after it was replaced", "path /a/one 2 0", []string{"open; NORMAL /a/one 5", replaced, "fchmod; NORMAL - 5"}, "false"},
		{"the new file before it was", "path /a/one 0 0", []string{"open; NORMAL /a/new 6", replaced}, "false"},
		{"and since", "path /a/one 1 0", []string{replaced, "fchmod; NORMAL - 6"}, "true"},
		{"replaced at nobody knows which moment, the old file", "path /a/one 1 0", []string{"open; NORMAL /a/one 5", "fchmod; NORMAL - 5", "open; NORMAL /a/one 6"}, "open"},
		{"the new file", "path /a/one 1 0", []string{"open; NORMAL /a/one 5", "fchmod; NORMAL - 6", "open; NORMAL /a/one 6"}, "open"},
		{"a third", "path /a/one 1 0", []string{"open; NORMAL /a/one 5", "fchmod; NORMAL - 7", "open; NORMAL /a/one 6"}, "false"},
		{"the number of the old file is used again", "path /a/one 2 0", []string{
			"open; NORMAL /a/one 5", "creat; PARENT /b/ 3d; CREATE /b/two 5", "fchmod; NORMAL - 5", "creat; PARENT /a/ 2d; CREATE /a/one 6"}, "false"},
		{"through a symlink", "path /l/one 2 0", []string{
			"symlink; UNKNOWN /a -; PARENT / 1d; CREATE /k 9l", "unlink fails; PARENT /l/ 2d; DELETE /l/one 5", "open; NORMAL /b/two 5", "open; NORMAL /l/one 5"}, "true"},
		{"through one that was made in the log the watch does not lead", "path /l/one 2 0", []string{
			"symlink; UNKNOWN /a -; PARENT / 1d; CREATE /l 9l", "open; NORMAL /l/one 5", "fchmod; NORMAL - 5", "open; NORMAL /l/one 5"}, "false"},
		{"a link at the end is not what it leads to", "path /a/one 1 0", []string{"open; NORMAL /a/one 5", "open; NORMAL /b/two 5", "readlink; NORMAL /a/one 9l"}, "false"},
	} {
		words := strings.Fields(tc.ask)
		var at, i int
		fmt.Sscan(words[2]+" "+words[3], &at, &i)
		m := &Matcher{paths: newPathSet()}
		ref := refOf(m.paths, words[0]+" "+words[1])
		f := NewFacts(m)
		var all []*event.Call
		for n, line := range tc.log {
			all = append(all, script(t, n, line))
			f.Learn(all[n])
		}
		g := f.Again()
		for n := range at + 1 {
			g.Learn(all[n])
		}
		p := newPlaces(m.paths, g)
		p.reset(all[at])
		if got := p.read(ref, i).String(); got != tc.want {
			t.Errorf("%s: %s is %s, want %s", tc.what, tc.ask, got, tc.want)
		}
	}
}

// TestBindingsAreBounded replaces a watched file more often than is remembered.
func TestBindingsAreBounded(t *testing.T) {
	m := &Matcher{paths: newPathSet()}
	r := m.paths.watch("/a/one")
	f := NewFacts(m)
	for n := range 5 * maxBindings {
		f.Learn(script(t, n, fmt.Sprintf("creat; PARENT /a/ 2d; CREATE /a/one %d", 100+n)))
	}
	s := &f.hosts[""].refs[r.id]
	if known := len(f.hosts[""].bound); len(s.bound) > maxBindings || known > maxBindings || !s.forgot {
		t.Errorf("%d bindings and %d inodes are remembered, forgot is %v", len(s.bound), known, s.forgot)
	}
	p := newPlaces(m.paths, f)
	p.reset(script(t, 1, fmt.Sprintf("fchmod; NORMAL - %d", 100+5*maxBindings-1)))
	if got := p.read(r, 0).String(); got != "true" {
		t.Errorf("the last file is %s", got)
	}
}
