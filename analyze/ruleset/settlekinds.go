package ruleset

import (
	"slices"

	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// settleKinds takes the forms of a watch away that the records contradict.
func (s *Set) settleKinds(list []change, updated map[updatedWatch]bool) {
	isDir := map[updatedWatch]bool{}
	for w := range updated {
		isDir[w] = false
	}
	for _, ch := range list {
		if ch.kind == changeGone {
			isDir[updatedWatch{ch.path, ch.rule.key}] = ch.dir
		}
	}
	for i, r := range s.Rules {
		name, ok := watched(r)
		dir, known := isDir[updatedWatch{name, r.Forms[0].Key()}]
		if !ok || !known {
			continue
		}
		want := rule.FieldWatch
		if dir {
			want = rule.FieldDir
		}
		forms := slices.DeleteFunc(slices.Clone(r.Forms), func(w rule.Wire) bool { return w.Fields[0].Type != want })
		if len(forms) > 0 {
			s.Rules[i].Forms = forms
		}
	}
}

// watched is the path of a rule that was written as a watch.
func watched(r match.Rule) (string, bool) {
	f := r.Forms[0].Fields
	if len(r.Forms) < 2 || len(f) == 0 || f[0].Type != rule.FieldWatch && f[0].Type != rule.FieldDir {
		return "", false
	}
	return f[0].Str, true
}
