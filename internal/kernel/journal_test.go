package kernel

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func testJournal(t testing.TB) journal {
	t.Helper()
	boot, err := bootID()
	if err != nil {
		t.Fatal(err)
	}
	found, err := encodeState(foundState())
	if err != nil {
		t.Fatal(err)
	}
	return journal{Version: journalVersion, BootID: boot, Owner: process{7, 8}, Found: found, RCUExpedited: "0",
		Files:   []savedFile{{Path: "/run/x", Existed: true, Mode: 0o644, Content: []byte("1\n")}},
		Tracked: []process{{9, 10}}, Token: "t", AuditdDirs: []string{"/run/y"}, HostAuditd: process{11, 12},
		Scratch: []scratch{{Dir: "/x", Names: []string{"y"}}}}
}

func TestJournalRoundTrip(t *testing.T) {
	dir := runDir(t)
	if _, err := readJournal(dir); !errors.Is(err, errNoJournal) {
		t.Errorf("empty directory: %v", err)
	}
	want := testJournal(t)
	if err := want.write(dir); err != nil {
		t.Fatal(err)
	}
	got, err := readJournal(dir)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v\nwant %+v", got, err, want)
	}
	s, err := got.state()
	if err != nil || len(differences(foundState(), s)) != 0 {
		t.Errorf("state: %v, %v", differences(foundState(), s), err)
	}
	info, err := os.Stat(journalPath(dir))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if err := removeJournal(dir); err != nil {
		t.Error(err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 0 {
		t.Errorf("left: %v, %v", entries, err)
	}
}

func TestJournalRefused(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"other boot":           {`{"version":1,"boot_id":"other"}`, errOtherBoot},
		"newer, other boot":    {`{"version":9,"boot_id":"other","found":7}`, errOtherBoot},
		"newer":                {`{"version":2,"boot_id":"this"}`, ErrJournal},
		"older":                {`{"version":0,"boot_id":"this"}`, ErrJournal},
		"empty":                {``, ErrJournal},
		"half":                 {`{"version":1,"boot_id":"th`, ErrJournal},
		"tracked is no list":   {`{"version":1,"boot_id":"this","tracked":3}`, ErrJournal},
		"nothing but a number": {`5`, ErrJournal},
	} {
		if _, err := parseJournal([]byte(c.text), "this"); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestJournalStateRefused(t *testing.T) {
	for _, found := range []string{`7`, `{"enabled":2}`, `{"rules":["AAAA"]}`, `{"rules":["%%"]}`, ``} {
		if _, err := (journal{Found: json.RawMessage(found)}).state(); !errors.Is(err, ErrJournal) {
			t.Errorf("%s: %v", found, err)
		}
	}
}

func TestJournalOfOthersIsNotRead(t *testing.T) {
	dir := runDir(t)
	if err := os.WriteFile(journalPath(dir), []byte("{}"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(journalPath(dir), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := readJournal(dir); !errors.Is(err, ErrJournal) {
		t.Errorf("a journal that anyone may write: %v", err)
	}
	if err := os.Remove(journalPath(dir)); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/etc/passwd", journalPath(dir)); err != nil {
		t.Fatal(err)
	}
	if _, err := readJournal(dir); err == nil || errors.Is(err, errNoJournal) {
		t.Errorf("a journal that is a link: %v", err)
	}
}

// TestSettleJournalOfMissingDirectory: a rule that does not load for want of its directory is not a missing journal.
func TestSettleJournalOfMissingDirectory(t *testing.T) {
	dir := runDir(t)
	if err := testJournalWithoutFiles(t).write(dir); err != nil {
		t.Fatal(err)
	}
	k := benched()
	k.fail["add a"] = failure{fs.ErrNotExist, 1000}
	if _, err := settleJournal(k, dir, func() {}); !errors.Is(err, ErrNotRestored) || errors.Is(err, errNoJournal) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(journalPath(dir)); err != nil {
		t.Errorf("the journal must stay: %v", err)
	}
}

// testJournalWithoutFiles touches nothing outside the fake kernel.
func testJournalWithoutFiles(t testing.TB) journal {
	j := testJournal(t)
	j.Files, j.Tracked, j.AuditdDirs, j.RCUExpedited = nil, nil, nil, ""
	return j
}

func TestSettleJournal(t *testing.T) {
	dir := runDir(t)
	if err := testJournalWithoutFiles(t).write(dir); err != nil {
		t.Fatal(err)
	}
	k := benched()
	k.pid = uint32(os.Getpid()) // the journal knows of a host's auditd
	restored, err := settleJournal(k, dir, func() {})
	if err != nil || !restored.Stale || len(differences(foundState(), k.state)) != 0 {
		t.Errorf("restored %+v, %v: %v", restored, err, differences(foundState(), k.state))
	}
	if _, err := settleJournal(k, dir, func() {}); !errors.Is(err, errNoJournal) {
		t.Errorf("again: %v", err)
	}
	j := testJournalWithoutFiles(t)
	j.BootID = "another"
	if err := j.write(dir); err != nil {
		t.Fatal(err)
	}
	k = benched()
	if restored, err := settleJournal(k, dir, func() {}); err != nil || !restored.OtherBoot || len(k.calls) != 0 {
		t.Errorf("another boot: %+v, %v, calls %q", restored, err, k.calls)
	}
}

func FuzzParseJournal(f *testing.F) {
	b, err := json.Marshal(testJournal(f))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(b))
	f.Add(`{"version":1,"boot_id":"this","found":{"rules":[""]}}`)
	f.Fuzz(func(t *testing.T, text string) {
		j, err := parseJournal([]byte(text), "this")
		if err != nil {
			return
		}
		s, err := j.state()
		if err != nil {
			return
		}
		again, err := encodeState(s)
		if err != nil {
			t.Fatal(err)
		}
		s2, err := journal{Found: again}.state()
		if err != nil || len(differences(s, s2)) != 0 {
			t.Errorf("the state changed on the way through the journal: %v, %v", differences(s, s2), err)
		}
	})
}

func TestSavedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.pid")
	absent, err := saveFile(path)
	if err != nil || absent.Existed {
		t.Fatal(absent, err)
	}
	if err := os.WriteFile(path, []byte("1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	there, err := saveFile(path)
	if err != nil || string(there.Content) != "1\n" {
		t.Fatal(there, err)
	}
	if changed, err := there.putBack(); changed || err != nil {
		t.Errorf("nothing to do: %v, %v", changed, err)
	}
	for _, s := range []savedFile{absent, there, absent} {
		if changed, err := s.putBack(); !changed || err != nil {
			t.Errorf("put back %+v: %v, %v", s, changed, err)
		}
		if now, err := saveFile(path); err != nil || !reflect.DeepEqual(now, s) {
			t.Errorf("is %+v, want %+v (%v)", now, s, err)
		}
	}
	if err := os.Symlink("/etc/passwd", path); err != nil {
		t.Fatal(err)
	}
	if _, err := saveFile(path); err == nil {
		t.Error("a link was followed")
	}
}

func TestRunDirOfOthersIsRefused(t *testing.T) {
	dir := runDir(t)
	if err := makeRunDir(dir); err != nil {
		t.Error(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := makeRunDir(dir); err == nil || !strings.Contains(err.Error(), "0700") {
		t.Errorf("mode 0755: %v", err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	if err := makeRunDir(link); err == nil {
		t.Error("a link was taken")
	}
}

func TestLockHolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	for text, want := range map[string]process{"12 34\n": {12, 34}, "": {}, "x y": {}, "-1 3": {}, "1 2 3": {}, strings.Repeat("9", 300): {}} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := lockHolder(f); got != want {
			t.Errorf("%.20q: %v, want %v", text, got, want)
		}
		f.Close()
	}
	if got := fmt.Sprint(process{12, 34}); got != "12/34" {
		t.Errorf("process prints as %s", got)
	}
}
