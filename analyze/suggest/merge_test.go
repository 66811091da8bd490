package suggest

import (
	"slices"
	"testing"
)

// gradedBy is a Grader by the folder of a change.
type gradedBy map[string]Risk

func (g gradedBy) Grade(c *Change, _ []*Behaviour) Grade {
	return Grade{Risk: g[c.Cond("dir")], Reasons: []string{"by table"}}
}

func exitIn(dir string, quiets []int, calls ...string) Change {
	return Change{Kind: Exit, Quiets: quiets, Calls: []Calls{{"b64", calls}}, Conds: []Cond{{"uid", "=", "26"}, {"success", "=", "1"}, {"exe", "=", "/usr/sbin/db"}, {"dir", "=", dir}}}
}

func TestMerged(t *testing.T) {
	for name, c := range map[string]struct {
		a, b  Change
		grade gradedBy
		want  []Change
	}{
		"two folders": {exitIn("/var/db/a/x", []int{1}, "openat"), exitIn("/var/db/b", []int{1}, "openat"), nil,
			[]Change{exitIn("/var/db", []int{1}, "openat")}},
		"two folders, and the one above is riskier": {exitIn("/var/db/a", []int{1}, "openat"), exitIn("/var/db/b", []int{1}, "openat"), gradedBy{"/var/db": Medium}, nil},
		"two folders of the root":                   {exitIn("/a", []int{1}, "openat"), exitIn("/b", []int{1}, "openat"), nil, nil},
		"calls of two rules": {exitIn("/var/db/a", []int{3}, "unlink"), exitIn("/var/db/a", []int{1}, "openat"), nil,
			[]Change{exitIn("/var/db/a", []int{1, 3}, "unlink", "openat")}},
		"folders and calls": {exitIn("/var/db/a", []int{3}, "unlink"), exitIn("/var/db/b", []int{1}, "openat"), nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var of []Behaviour
			for _, x := range []Change{c.a, c.b} {
				of = append(of, service(x.Calls[0].Names[0], func(b *Behaviour) { b.Rule = x.Quiets[0]; inDir(x.Cond("dir"))(b) }))
			}
			s := newSearch(noiseOf(t, fileRules, of...), c.grade, nil, Options{MaxRisk: High})
			var got []Change
			for _, x := range s.merged([]*candidate{s.candidateOf(c.a), s.candidateOf(c.b)}) {
				got = append(got, x.change)
			}
			want := c.want
			if want == nil {
				want = []Change{c.a, c.b}
			}
			if !slices.EqualFunc(got, want, func(a, b Change) bool { return a.key() == b.key() && slices.Equal(a.Quiets, b.Quiets) }) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}
