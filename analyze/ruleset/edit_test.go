package ruleset

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// textsOf are the texts of all files of a source.
func textsOf(s *Source) []string {
	var out []string
	for _, f := range s.Text().Files {
		out = append(out, f.String())
	}
	return out
}

// A source with its own text put in is read as it was, wherever it comes from.
func TestEditedAsItWas(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"10-b.rules": "-e 1\n-w /b -p w\nnonsense\n-b 10\n", "9-a.rules": "-D\n-w /a -p w\n", "loaded.txt": "-w /srv/a b -p wa -k x\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(dir, "10-b.rules")
	listing := filepath.Join(dir, "loaded.txt")
	for _, c := range []struct {
		paths   []string
		stdin   string
		origins []Origin
	}{
		{[]string{dir}, "", []Origin{FromFile, FromFile}},
		{[]string{file, "-"}, "# x\n-w /c -p w\n", []Origin{FromFile, FromStream}},
		{[]string{listing}, "", []Origin{FromKernel}},
		{[]string{"-"}, "-a always,exit -F arch=b64 -S open -F key=x\n", []Origin{FromKernel}},
	} {
		src, err := Open(c.paths, strings.NewReader(c.stdin), ListingDetect)
		if err != nil {
			t.Fatal(err)
		}
		again, err := src.Edited(textsOf(src))
		if err != nil {
			t.Fatal(err)
		}
		if got := again.Origins(); !slices.Equal(got, c.origins) || !slices.Equal(src.Origins(), got) {
			t.Errorf("%q: from %v, want %v", c.paths, got, c.origins)
		}
		was, err := src.Compile(Options{Target: target})
		if err != nil {
			t.Fatal(err)
		}
		is, err := again.Compile(Options{Target: target})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.EqualFunc(was.Rules, is.Rules, sameRule) || !slices.Equal(was.Refused, is.Refused) || !slices.Equal(was.Remarks, is.Remarks) {
			t.Errorf("%q: %v, was %v", c.paths, is, was)
		}
	}
}

func sameRule(a, b match.Rule) bool {
	return a.Pos == b.Pos && a.Text == b.Text && slices.EqualFunc(a.Forms, b.Forms, rule.Wire.Equal) && a.Until == b.Until
}

func TestEditedNeedsAllTexts(t *testing.T) {
	src, err := Open([]string{"-"}, strings.NewReader("-w /a\n"), ListingNo)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := src.Edited(nil); err == nil {
		t.Error("one file, no text, no error")
	}
	if _, err := src.Edited([]string{"\x00"}); err == nil {
		t.Error("binary text, no error")
	}
}

// What the log said of the old lines is carried over: which are loaded, until when, in which order, in which form. A line that was narrowed
// was loaded when the old one was.
func TestCarry(t *testing.T) {
	const before, after = "-w /a -p w\n-w /b -p w\n-w /c -p wa\n", "-w /a -p w\n-a never,exit -S open -F uid=1\n-w /b -p w\n-w /c -p w\n"
	old := compile(t, before, Options{})
	until := match.Moment{Sec: 5, Serial: 7}
	old.Rules[0].Forms = old.Rules[0].Forms[1:]
	old.Rules[2].Until = until
	old.Rules = slices.Delete(old.Rules, 1, 2) // as if the log said that it was refused
	lines := map[int]int{1: 1, 3: 2}           // of the new text, in the old
	origin := func(p rule.Pos) (rule.Pos, bool) { l, ok := lines[p.Line]; return rule.Pos{File: "-", Line: l}, ok }
	like := func(p rule.Pos) (rule.Pos, bool) { return rule.Pos{File: "-", Line: 3}, p.Line == 4 }
	got, err := compile(t, after, Options{}).Carry(old, origin, like)
	if err != nil {
		t.Fatal(err)
	}
	var at []int
	for _, r := range got.Rules {
		at = append(at, r.Pos.Line)
	}
	if !slices.Equal(at, []int{1, 2, 4}) || len(got.Rules[0].Forms) != 1 || got.Rules[2].Until != until || !got.Rules[1].Until.IsZero() {
		t.Errorf("carried: %+v", got.Rules)
	}
}

// Files that the log shows in another order than augenrules' keep it.
func TestCarryOrder(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"a.rules": "-w /a -p w\n", "a-1.rules": "-w /b -p w\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	src, err := Open([]string{dir}, nil, ListingDetect)
	if err != nil {
		t.Fatal(err)
	}
	set, err := src.Compile(Options{Target: target})
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Others) != 1 {
		t.Fatalf("%d other orders", len(set.Others))
	}
	same := func(p rule.Pos) (rule.Pos, bool) { return p, true }
	none := func(p rule.Pos) (rule.Pos, bool) { return p, false }
	other := *set.Others[0]
	other.Others = []*Set{set}
	got, err := set.Carry(&other, same, none)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.EqualFunc(got.Rules, other.Rules, sameRule) || len(got.Others) != 1 || !slices.EqualFunc(got.Others[0].Rules, set.Rules, sameRule) {
		t.Errorf("carried in the order %v, others %v", got.Rules, got.Others)
	}
	alien := compile(t, "-w /a -p w\n-w /b -p w\n-w /c -p w\n", Options{})
	turned := func(p rule.Pos) (rule.Pos, bool) { return rule.Pos{File: "-", Line: 4 - p.Line}, true }
	if _, err := alien.Carry(alien, turned, none); err == nil {
		t.Error("lines in another order, no error")
	}
}
