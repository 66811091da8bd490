package place

import (
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze/ruleset"
)

// texts are the files of a directory by their names.
func texts(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		out[e.Name()] = string(text)
	}
	return out
}

func writeAll(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// patched is what patch(1) makes of files.
func patched(t *testing.T, files map[string]string, diff string) map[string]string {
	t.Helper()
	if _, err := exec.LookPath("patch"); err != nil {
		t.Skip("patch(1) is missing: apt install patch, or dnf install patch")
	}
	dir := writeAll(t, files)
	cmd := exec.Command("patch", "-p1", "--fuzz=0", "--no-backup-if-mismatch")
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(diff)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("patch: %v\n%s\n%s", err, out, diff)
	}
	return texts(t, dir)
}

// The directory and the patch are the same text, and old lines are all in it: as they were, or behind "was:" in a comment.
func TestWriteAndPatchAgree(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	placed, narrow := 0, 0
	for range 60 {
		files := randomFiles(rnd)
		b := baseOf(t, files)
		list := randomChanges(rnd, b)
		e := apply(t, b, list...)
		placed += len(list) - len(e.Refused)
		want := afters(e)
		diff, err := e.Patch()
		if err != nil {
			t.Fatal(err)
		}
		if got := patched(t, files, diff); diff != "" && !maps.Equal(got, want) {
			t.Fatalf("patch gives %q\nwant %q\n%s", got, want, diff)
		}
		dir := filepath.Join(t.TempDir(), "out")
		if err := e.WriteDir(dir); err != nil {
			t.Fatal(err)
		}
		if got := texts(t, dir); !maps.Equal(got, want) {
			t.Fatalf("directory has %q\nwant %q", got, want)
		}
		for name, text := range files {
			narrow += keepsAll(t, text, want[name])
		}
	}
	if placed < 60 || narrow < 5 {
		t.Fatalf("%d changes placed, %d lines retired: the test tests nothing", placed, narrow)
	}
}

// keepsAll: the lines that were not added are the old ones, in their order. It returns how many became comments.
func keepsAll(t *testing.T, before, after string) (retired int) {
	t.Helper()
	old := strings.SplitAfter(before, "\n")
	for _, line := range strings.SplitAfter(after, "\n") {
		if len(old) > 0 && line == old[0] {
			old = old[1:]
			continue
		}
		if _, was, ok := strings.Cut(line, " was: "); ok && len(old) > 0 && strings.TrimRight(was, "\r\n") == strings.TrimRight(old[0], "\r\n") {
			old, retired = old[1:], retired+1
			continue
		}
		if !strings.HasPrefix(line, "# auditprof P") && !strings.HasPrefix(line, "-a never,") && !strings.HasPrefix(line, "-w /etc/f") {
			t.Fatalf("line %q is neither old nor new:\n%s\nbecame\n%s", line, before, after)
		}
	}
	if len(old) > 0 && strings.Join(old, "") != "" {
		t.Fatalf("lost %q:\n%s\nbecame\n%s", old, before, after)
	}
	return retired
}

func TestWriteDir(t *testing.T) {
	e := apply(t, baseOf(t, map[string]string{"10-a.rules": "-w /a -p w\n", "9-b.rules": "-w /b -p w\n"}), said(cwd()))
	parent := t.TempDir()
	full := filepath.Join(parent, "full")
	empty := filepath.Join(parent, "empty")
	for _, dir := range []string{full, empty} {
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(full, ".hidden"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(full, ".hidden")
	for dir, refused := range map[string]string{
		full: "not empty", file: "not a directory", filepath.Join(parent, "no", "where"): "no such file", empty: "", filepath.Join(parent, "new") + "/": "",
	} {
		err := e.WriteDir(dir)
		if refused == "" {
			if err != nil {
				t.Errorf("%s: %v", dir, err)
				continue
			}
			modes(t, dir)
			continue
		}
		if err == nil || !strings.Contains(err.Error(), refused) {
			t.Errorf("%s: %v, want %q", dir, err, refused)
		}
	}
	left := texts(t, full)
	if len(left) != 1 {
		t.Errorf("the directory that was refused holds %q", left)
	}
	entries, err := os.ReadDir(parent)
	if err != nil || len(entries) != 3 {
		t.Errorf("beside what was written there is more: %v, %v", entries, err)
	}
}

func modes(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		want := fs.FileMode(fileMode)
		if d.IsDir() {
			want = fs.ModeDir | dirMode
		}
		if info.Mode() != want {
			t.Errorf("%s: mode %v, want %v", path, info.Mode(), want)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// Files are written in the order in which they were given, or not at all.
func TestWriteDirOrder(t *testing.T) {
	dir := writeAll(t, map[string]string{"a.rules": "-w /a -p w\n", "b.rules": "-w /b -p w\n", "c.conf": "# c\n-w /c -p w\n"})
	other := writeAll(t, map[string]string{"a.rules": "-w /d -p w\n"})
	a, b, c := filepath.Join(dir, "a.rules"), filepath.Join(dir, "b.rules"), filepath.Join(dir, "c.conf")
	for _, x := range []struct {
		paths   []string
		refused string
	}{
		{[]string{a, b}, ""}, {[]string{b, a}, "in this order"}, {[]string{a, c}, "in this order"}, {[]string{c}, ""},
		{[]string{a, filepath.Join(other, "a.rules")}, "two of the rule files"}, {[]string{other, b}, ""},
	} {
		err := apply(t, open(t, x.paths, ""), said(cwd())).WriteDir(filepath.Join(t.TempDir(), "out"))
		if (err == nil) != (x.refused == "") || err != nil && !strings.Contains(err.Error(), x.refused) {
			t.Errorf("%q: %v, want %q", x.paths, err, x.refused)
		}
	}
	if _, err := Apply(open(t, []string{a, a}, ""), nil); err == nil || !strings.Contains(err.Error(), "named twice") {
		t.Errorf("one file twice: %v", err)
	}
}

// Rules without a file of their own become one whole file.
func TestRulesWithoutFile(t *testing.T) {
	const listing = "-w /srv/a b -p rwa -k watch\n-a always,exit -F arch=b64 -S open,openat -F key=files\n"
	const header = "# auditprof: the loaded rules, in their order\n-D\n"
	for name, c := range map[string]struct{ stdin, want string }{
		"listing": {listing, header + "-w /srv/a\\ b -p rwa -k watch\n# auditprof P1: why\n" + openLine + "\n-a always,exit -F arch=b64 -S open,openat -F key=files\n"},
		"text": {"# mine\n-w /a -p w\n-a always,exit -F arch=b64 -S open -k files\n",
			"# mine\n-w /a -p w\n# auditprof P1: why\n" + openLine + "\n-a always,exit -F arch=b64 -S open -k files\n"},
	} {
		e := apply(t, open(t, []string{"-"}, c.stdin), said(opens(1)))
		want := map[string]string{ruleset.LiveFile: c.want}
		dir := filepath.Join(t.TempDir(), "out")
		if err := e.WriteDir(dir); err != nil {
			t.Fatal(err)
		}
		if got := texts(t, dir); !maps.Equal(got, want) {
			t.Errorf("%s: written %q\nwant %q", name, got, want)
		}
		diff, err := e.Patch()
		if err != nil {
			t.Fatal(err)
		}
		if got := patched(t, nil, diff); !maps.Equal(got, want) {
			t.Errorf("%s: patched %q\nwant %q", name, got, want)
		}
	}
}

// A file name that patch(1) would not read as it is, or that would be lines of the patch, is quoted as in C.
func TestPatchNames(t *testing.T) {
	for _, name := range []string{"a b.rules", "a\tb.rules", "a\n+++ b.rules", `a"b\.rules`, "ä.rules"} {
		files := map[string]string{name: "-w /a -p w\n-w /b -p w\n"}
		dir := writeAll(t, files)
		e := apply(t, open(t, []string{filepath.Join(dir, name)}, ""), said(cwd()))
		diff, err := e.Patch()
		if err != nil {
			t.Fatal(err)
		}
		if got := patched(t, files, diff); len(got) != 1 || got[name] != afters(e)[name] {
			t.Errorf("%q: patched %q\n%s", name, got, diff)
		}
	}
}
