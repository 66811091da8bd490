package event

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/livetest"
)

// ausearch runs the reference reader (audit-userspace) over a log: the events it sees, and its records by type.
func ausearch(t *testing.T, text []byte) (events int, byType map[string]int) {
	t.Helper()
	bin, err := exec.LookPath("ausearch")
	if err != nil {
		livetest.Missing(t, "ausearch: install the package auditd, or audit")
	}
	path := filepath.Join(t.TempDir(), "audit.log")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	shown, _ := exec.Command(bin, "-if", path).Output() // it exits 1 where it finds no event
	byType = map[string]int{}
	for line := range bytes.Lines(shown) {
		if string(line) == "----\n" {
			events++
		} else if _, rest, ok := strings.Cut(string(line), "type="); ok {
			typ, _, _ := strings.Cut(rest, " ")
			byType[typ]++
		}
	}
	return events, byType
}

// The same records, and the same events but one: ausearch holds a LOGIN for an event of one record (src/ausearch-lol.c:check_events,
// all types below 1300), and so shows its SYSCALL and PROCTITLE as an event of their own.
func TestRecordedLogAsAusearchReadsIt(t *testing.T) {
	text := recorded(t)
	want, wantTypes := ausearch(t, text)
	s := tallyOf(text, Options{})
	if s.events+s.splits != want || s.splits != 1 {
		t.Errorf("%d events of which %d begin with LOGIN, ausearch sees %d", s.events, s.splits, want)
	}
	sameTypes(t, "recorded log", s.byType, wantTypes)
}

func sameTypes(t *testing.T, name string, got, want map[string]int) {
	t.Helper()
	for typ, n := range want {
		if got[typ] != n {
			t.Errorf("%s: %d records of type %s, ausearch has %d", name, got[typ], typ, n)
		}
	}
	for typ, n := range got {
		if _, ok := want[typ]; !ok {
			t.Errorf("%s: %d records of type %s, ausearch has none", name, n, typ)
		}
	}
}

// The rest of the corpus is small and odd. ausearch gets the lines that are records by our reading, since it takes more for one:
// comments (#type=…) and the dates of ausearch -i, which it reads as the second 2 of 1970. It passes over EOE records and over AVC
// records that it cannot make sense of. Samples whose stamps leap back and forth are compared by records alone: which of their
// events time out is chance.
func TestCorpusLogsAsAusearchReadsThem(t *testing.T) {
	eachLog(t, func(path string, text []byte) {
		text = goodLines(text)
		want, wantTypes := ausearch(t, text)
		s := tallyOf(text, Options{})
		if n := s.byType["AVC"] - wantTypes["AVC"]; n > 0 {
			t.Logf("%s: ausearch leaves out %d of %d AVC records", path, n, s.byType["AVC"])
			delete(s.byType, "AVC")
			delete(wantTypes, "AVC")
		} else if got := s.events + s.splits - s.unread; got != want && s.gaps.Duplicates+s.gaps.Late == 0 && s.gaps.Boots <= 1 {
			t.Errorf("%s: %d events, %d of them ausearch splits, %d it does not read; it sees %d (%+v)", path, s.events, s.splits, s.unread, want, s.gaps)
		}
		delete(s.byType, "EOE")
		sameTypes(t, path, s.byType, wantTypes)
	})
}
