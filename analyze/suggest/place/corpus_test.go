package place

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze/ruleset"
	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// corpus is the folder of real rule sets: AUDITPROF_CORPUS, or corpus in a folder beside the repository's. They belong to others and are read
// in place.
func corpus(t *testing.T) string {
	t.Helper()
	if dir := os.Getenv("AUDITPROF_CORPUS"); dir != "" {
		return dir
	}
	found, err := filepath.Glob(filepath.Join("..", "..", "..", "..", "*", "corpus"))
	if err != nil || len(found) != 1 {
		t.Skip("no corpus of real rules: set AUDITPROF_CORPUS to the folder that holds rules/")
	}
	return found[0]
}

// eachCorpusSet visits every rule file with a rule that loads, and the rules.d of the recorded host.
func eachCorpusSet(t *testing.T, visit func(path string, b Base)) (sets int) {
	t.Helper()
	root := corpus(t)
	paths := []string{filepath.Join(root, "recorded", "rules.d")}
	err := filepath.WalkDir(filepath.Join(root, "rules"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".rules") && !d.IsDir() {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		b := Base{Options: ruleset.Options{Target: target}}
		if b.Source, err = ruleset.Open([]string{path}, nil, ruleset.ListingDetect); err != nil {
			continue
		}
		if b.Set, err = b.Source.Compile(b.Options); err != nil {
			continue
		}
		sets++
		visit(path, b)
	}
	return sets
}

// Changes before random rules of real rule sets: what is loaded is the old rules in their order, each change's right above the first that it
// quiets, and the text is the old one with two lines more each, as a plain insertion by line number makes it.
func TestCorpus(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	placed := 0
	sets := eachCorpusSet(t, func(path string, b Base) {
		var list []Numbered
		for i := range 1 + rnd.IntN(4) {
			c := opens(rnd.IntN(len(b.Set.Rules)), rnd.IntN(len(b.Set.Rules)))
			c.Conds[0].Value = fmt.Sprint(i + 70_000)
			list = append(list, Numbered{ID: fmt.Sprintf("P%d", i+1), Change: c, Comment: []string{"why"}})
		}
		e := apply(t, b, list...)
		for _, r := range e.Refused {
			if !strings.Contains(r.Why, "-A") {
				t.Errorf("%s: %v", path, r)
			}
			list = slices.DeleteFunc(list, func(n Numbered) bool { return n.ID == r.ID })
		}
		placed += len(list)
		checkLoaded(t, path, b, e, list)
		for i, f := range e.files {
			if want := inserted(b.Source.Text().Files[i], b, list); f.after != want {
				t.Errorf("%s: %s is\n%s\nwant\n%s", path, f.name, f.after, want)
			}
		}
	})
	if sets < 100 || placed < 200 {
		t.Fatalf("%d rule sets, %d changes", sets, placed)
	}
}

// checkLoaded: the rules of the edited set but for those of changes are the old ones; each change is loaded right where it should be.
func checkLoaded(t *testing.T, path string, b Base, e *Edited, list []Numbered) {
	t.Helper()
	var was []int
	for i, q := range e.Was {
		if q < 0 {
			continue
		}
		was = append(was, q)
		if old, now := b.Set.Rules[q], e.Set.Rules[i]; old.Text != now.Text || !slices.EqualFunc(old.Forms, now.Forms, rule.Wire.Equal) {
			t.Errorf("%s: rule %d is %q, was %q", path, i, now.Text, old.Text)
		}
	}
	for i, q := range was {
		if i != q {
			t.Fatalf("%s: the old rules are %v", path, was)
		}
	}
	for _, n := range list {
		at := slices.Index(e.By, n.ID)
		if at < 0 {
			t.Errorf("%s: %s is not loaded", path, n.ID)
			continue
		}
		next := at + slices.IndexFunc(e.Was[at:], func(q int) bool { return q >= 0 })
		if first := slices.Min(n.Change.Quiets); e.Was[next] != first && b.Set.Rules[first].Forms[0].List == rule.ListExit {
			t.Errorf("%s: %s is above rule %d, it quiets %v", path, n.ID, e.Was[next], n.Change.Quiets)
		}
	}
}

// inserted is a file with the lines of changes put before lines by their number.
func inserted(f *rule.File, b Base, list []Numbered) string {
	above := map[int]string{}
	for _, n := range list {
		first, place := 1<<30, rule.Pos{}
		for _, q := range n.Change.Quiets {
			pos := b.Set.Rules[q].Pos
			if i := slices.IndexFunc(b.Source.Text().Order, func(l *rule.Line) bool { return at(l.Pos) == at(pos) }); i < first {
				first, place = i, pos
			}
		}
		if place.File == f.Name {
			above[place.Line] += "# auditprof " + n.ID + ": why\n" + n.Change.Lines()[0] + "\n"
		}
	}
	var out strings.Builder
	for i, line := range strings.SplitAfter(f.String(), "\n") {
		out.WriteString(above[i+1] + line)
	}
	return out.String()
}

// Every watch of real rule sets with fewer letters, and every rule for people alone: placed, narrower, and nothing else is loaded.
func TestCorpusNarrow(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	placed := 0
	sets := eachCorpusSet(t, func(path string, b Base) {
		narrow, err := Narrow(b)
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			q := rnd.IntN(len(b.Set.Rules))
			lines, err := narrow(q, pick(rnd, suggest.Narrowing{Perms: "wa"}, suggest.Narrowing{Login: true}, suggest.Narrowing{Success: true}))
			if err != nil || lines[0] == b.Set.Rules[q].Text {
				continue
			}
			e := apply(t, b, said(narrowTo(q, lines...)))
			if len(e.Refused) > 0 {
				if !strings.Contains(e.Refused[0].Why, "the same rule") && !strings.Contains(e.Refused[0].Why, "records nothing") {
					t.Errorf("%s: %v", path, e.Refused)
				}
				continue
			}
			placed++
			for i, was := range e.Was {
				if was != i && e.By[i] == "" && was != i+1 { // one fewer where the narrower rule is there already
					t.Fatalf("%s: the old rules are %v", path, e.Was)
				}
			}
		}
	})
	if sets < 100 || placed < 100 {
		t.Fatalf("%d rule sets, %d forms", sets, placed)
	}
}
