package main

import (
	"runtime"

	"github.com/auditprof/auditprof/analyze/ruleset"
	"github.com/auditprof/auditprof/analyze/snapshot"
	"github.com/auditprof/auditprof/analyze/suggest/policy"
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

// grader is who judges what could hide in a change: by the snapshot, and with --this-host by looking at each program and directory that a change
// names.
func (f *suggestFlags) grader(s *match.Snapshot) *policy.Policy {
	p := policy.New(s)
	if f.thisHost {
		p.Look(func(path string) *match.SnapshotAccess {
			if seen := snapshot.Files([]string{path}); len(seen) > 0 {
				return &seen[0]
			}
			return nil
		})
	}
	return p
}
