package place

import (
	"slices"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze/ruleset"
	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Whatever a rule file holds: nothing of it changes but by insertions and by lines that become comments, and what is loaded is what was loaded,
// with the changes before what they quiet.
func FuzzApply(f *testing.F) {
	for _, c := range placed {
		for _, text := range c.files {
			f.Add(text, uint8(0), uint8(1), "why\n-D")
		}
	}
	f.Add("-D\n-a always,exit -S open -F auid=1 -k x -e 1\n-b 1\n-d always,exit -S open\n-A always,exit -S open\n", uint8(1), uint8(0), "")
	f.Add("-e 2 -a always,exit -S open\n-w /x\n-w /x/\n-W /x\n", uint8(0), uint8(3), "")
	f.Fuzz(func(t *testing.T, text string, a, b uint8, why string) {
		base, ok := parsed(text)
		if !ok {
			return
		}
		n := len(base.Set.Rules)
		list := []Numbered{
			{ID: "P1", Change: opens(int(a)%n, int(b)%n), Comment: []string{why}},
			{ID: "P2", Change: cwd(), Comment: []string{why, why}},
			{ID: "P3", Change: suggest.Change{Kind: suggest.Narrow, Quiets: []int{int(b) % n}}},
		}
		narrow, err := Narrow(base)
		if err != nil {
			t.Fatal(err)
		}
		if lines, err := narrow(int(b)%n, suggest.Narrowing{Login: true}); err == nil {
			list[2].Change.Text = lines
		}
		e, err := Apply(base, list)
		if err != nil {
			t.Fatal(err)
		}
		insertsOnly(t, text, e.files[0].after)
		for i, q := range e.Was {
			if q >= 0 && e.By[i] == "" && slices.Contains(list[0].Change.Quiets, q) && slices.Contains(e.By[i:], "P1") {
				t.Fatalf("P1 comes behind what it quiets:\n%s", e.files[0].after)
			}
		}
		again, err := Apply(Base{Source: e.Source, Options: base.Options, Set: e.Set}, survivors(e, list[:2]))
		if err != nil {
			t.Fatal(err)
		}
		if again.files[0].after != e.files[0].after {
			t.Fatalf("applied again\n%s\nbecomes\n%s", e.files[0].after, again.files[0].after)
		}
	})
}

// parsed is a rule file of one text, false where nothing of it loads.
func parsed(text string) (Base, bool) {
	b := Base{Options: ruleset.Options{Target: target}}
	var err error
	if b.Source, err = ruleset.Open([]string{"-"}, strings.NewReader(text), ruleset.ListingNo); err != nil {
		return b, false
	}
	b.Set, err = b.Source.Compile(b.Options)
	return b, err == nil
}

// survivors are the changes that were placed, with the indexes of the edited set.
func survivors(e *Edited, list []Numbered) []Numbered {
	var out []Numbered
	for _, n := range list {
		if !slices.ContainsFunc(e.Refused, func(r Refusal) bool { return r.ID == n.ID }) {
			out = append(out, renumbered(e, n))
		}
	}
	return out
}

// insertsOnly: the old lines are there in their order, each as it was or behind "was:" in a comment.
func insertsOnly(t *testing.T, before, after string) {
	t.Helper()
	old := strings.SplitAfter(before, "\n")
	for _, line := range strings.SplitAfter(after, "\n") {
		if len(old) == 0 {
			break
		}
		_, was, _ := strings.Cut(line, " was: ")
		if line == old[0] || was != "" && strings.TrimRight(was, "\r\n") == strings.TrimRight(strings.TrimLeft(old[0], " "), "\r\n") || len(line) > rule.MaxLine-8 {
			old = old[1:]
		}
	}
	if len(old) > 0 && strings.Join(old, "") != "" {
		t.Fatalf("lost %q:\n%s\nbecame\n%s", old, before, after)
	}
}
