package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// figures is a run of all commands with the given seconds, 10 where none are given.
func figures(seconds map[string]float64) []*figure {
	all := plan(&setup{auditprof: "auditprof", runs: 1}, new(logs))
	for _, f := range all {
		f.seconds, f.peakMiB = 10, 20
		if n, ok := seconds[f.name]; ok {
			f.seconds = n
		}
	}
	return all
}

func TestGoals(t *testing.T) {
	good := map[string]float64{oneCore: 1, twoCores: 0.55, grepCount: 0.15, goLibaudit: 50, laurelName: 20, ofShort: 0.1, aureport: 11,
		ofGzip: 1.3, gunzip: 1.1, ofZstd: 0.6, unzstd: 0.2}
	for _, g := range goals(figures(good)) {
		if g.met() != "yes" {
			t.Errorf("%s: %.2f is not met", g.text, g.ratio)
		}
	}
	bad := map[string]float64{oneCore: 2, twoCores: 1.3, grepCount: 0.15, goLibaudit: 50, laurelName: 20, ofShort: 0.2, aureport: 11,
		ofGzip: 1.6, gunzip: 1.1, ofZstd: 1.6, unzstd: 0.2}
	all := figures(bad)
	all[0].peakMiB = 65
	for _, g := range goals(all) {
		if g.met() != "**no**" {
			t.Errorf("%s: %.2f is met", g.text, g.ratio)
		}
	}
}

// A peer that is not there is said to be missing, in both tables.
func TestMissingPeersAreSaid(t *testing.T) {
	all := figures(nil)
	for _, f := range all {
		if f.name == laurelName {
			f.failed = "missing: laurel | not found"
		}
	}
	var out strings.Builder
	print(&out, all)
	for _, want := range []string{"| laurel | 0 | 0 MB | missing: laurel / not found | | | |", "| ? | times as fast as laurel | ≥ 20 | not known: missing: laurel / not found |"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	if why := missing("no-such-program-at-all"); !strings.Contains(why, "missing") {
		t.Errorf("got %q", why)
	}
}

func TestRunsAreMeasured(t *testing.T) {
	if why := missing("taskset"); why != "" {
		t.Skip(why)
	}
	f := &figure{command: command{name: "sleep", cores: "0", args: []string{"sleep", "0.05"}}}
	f.add(context.Background())
	if f.failed != "" || f.seconds < 0.05 || f.peakMiB <= 0 {
		t.Errorf("got %+v", f)
	}
	f = &figure{command: command{name: "ls", cores: "0", args: []string{"ls", "/no such folder"}}}
	f.add(context.Background())
	if !strings.Contains(f.failed, "no such folder") {
		t.Errorf("got %+v", f)
	}
}

func TestTableGoesBetweenTheMarks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "doc.md")
	doc := "# Head\n" + beginMark + "\nold\n" + endMark + "\ntail\n"
	if err := os.WriteFile(path, []byte(doc), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time finds the first one's
		if err := writeInto(path, "new\n"); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if want := "# Head\n" + beginMark + "\n\nnew\n\n" + endMark + "\ntail\n"; err != nil || string(got) != want {
		t.Errorf("got %q %v, want %q", got, err, want)
	}
	if _, err := replaceMarked("no marks", "x"); err == nil {
		t.Error("a document without marks is changed")
	}
}

func TestShortLog(t *testing.T) {
	dir := t.TempDir()
	from, to := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	if err := os.WriteFile(from, []byte("0123456789"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := cut(from, to, 4); err != nil {
		t.Fatal(err)
	}
	if n, err := warm(to); n != 4 || err != nil {
		t.Errorf("%d bytes, %v", n, err)
	}
	if err := cut(from, to, 11); err == nil {
		t.Error("more than there is")
	}
}
