package main

import (
	"path"
	"runtime"

	"github.com/auditprof/auditprof/analyze/ruleset"
	"github.com/auditprof/auditprof/analyze/snapshot"
	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// lookHere makes this machine's own look at the names in the rules what --host-snapshot would be, where --this-host asks for it.
func (f *suggestFlags) lookHere(r *analyzedRules) error {
	if !f.thisHost {
		return nil
	}
	set := r.live
	if r.source != nil {
		var err error
		if set, err = r.source.Compile(ruleset.Options{Target: ruleset.Target{Auditctl: rule.Dialect4_2, Machine: hostMachines[runtime.GOARCH]}}); err != nil {
			return usageError{err}
		}
	}
	if set == nil {
		return nil
	}
	users, groups := set.Names()
	s, remarks := snapshot.Take(snapshot.Wanted{Paths: set.Paths(), Users: users, Groups: groups})
	r.snapshot = s
	r.remarks = append(r.remarks, remarks...)
	return nil
}

// maxLooked is how many files --this-host looks at: those that the heaviest noise is about.
const maxLooked = 8192

// withFiles adds to a snapshot of this machine who may write what the noise is about: its programs, and its directories with those above.
func withFiles(s *match.Snapshot, noise *suggest.Noise) *match.Snapshot {
	seen := map[string]bool{}
	var list []string
	add := func(p string) bool {
		if p == "" || p[0] != '/' || seen[p] || len(list) >= maxLooked {
			return false
		}
		seen[p] = true
		list = append(list, p)
		return true
	}
	for i := range noise.Behaviours {
		b := &noise.Behaviours[i]
		add(b.Exe)
		for dir := b.Dir; add(dir) && dir != "/"; {
			dir = path.Dir(dir)
		}
	}
	out := &match.Snapshot{}
	if s != nil {
		*out = *s
	}
	out.Files = append(out.Files, snapshot.Files(list)...)
	return out
}
