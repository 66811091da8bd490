package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/auditprof/auditprof/analyze/ruleset"
	"github.com/auditprof/auditprof/bench/result"
)

// gateSources are where the rules and the logs of a gate come from.
type gateSources struct {
	next     []string // paths of the new rules; empty: nobody knows them
	base     []string
	logs     []string
	logRules []string // under which the logs were written
	logsName string
	target   string // as --target
	snapshot string
	remarks  []string
	copies   map[string]bool // of the paths of rules, those of copies that a run keeps
}

// relocate lets rules of a run's copy be those of their author's file.
func (s *gateSources) relocate(src *ruleset.Source, paths []string) {
	if len(paths) == 1 && s.copies[paths[0]] {
		src.Relocate()
	}
}

// sources take what was typed, and fill in what the runs have.
func (f *gateFlags) sources(r *gatedRun) (*gateSources, error) {
	s := &gateSources{next: f.rules, base: f.baseRules, logs: f.logs, logRules: f.logRules, target: f.target, snapshot: f.snapshot, copies: map[string]bool{}}
	if len(s.next) == 0 && r.run != nil {
		s.next = s.copyOf(r.dir, r.arm)
	}
	if len(s.base) == 0 && r.base != nil {
		s.base = s.copyOf(r.baseDir, r.baseArm)
	}
	if len(s.logs) > 0 {
		if len(s.logRules) == 0 {
			s.logRules = s.base
		}
		if len(s.logRules) == 0 {
			s.logRules = s.next
		}
		return s, nil
	}
	return s, s.takeRunLogs(r)
}

// takeRunLogs takes the logs that a run keeps: of the base's arm, or of the arm that is judged where there is no other.
func (s *gateSources) takeRunLogs(r *gatedRun) error {
	dir, run, arm := r.baseDir, r.base, r.baseArm
	if run == nil || !keepsLog(run, arm) {
		dir, run, arm = r.dir, r.run, r.arm
	}
	if run == nil || !keepsLog(run, arm) {
		return nil
	}
	from, err := openRun(dir, arm, "")
	if err != nil {
		return err
	}
	s.logs, s.logRules, s.logsName, s.remarks = from.Logs, from.Rules, from.Name+", arm "+arm, from.Remarks
	for _, path := range from.Rules {
		s.copies[path] = true
	}
	if s.target == "" {
		s.target = from.Target
	}
	if s.snapshot == "" {
		s.snapshot = from.Snapshot
	}
	if len(s.logRules) == 0 {
		s.logRules = s.base
	}
	return nil
}

func keepsLog(run *result.Run, arm string) bool {
	for _, l := range run.Logs {
		if l.Arm == arm {
			return true
		}
	}
	return false
}

// copyOf is the file of an arm's rules in a run directory, none where it has none.
func (s *gateSources) copyOf(dir, arm string) []string {
	name, err := result.RuleFile(arm)
	if err != nil {
		return nil
	}
	path := filepath.Join(dir, name)
	if st, err := os.Lstat(path); err != nil || !st.Mode().IsRegular() {
		return nil
	}
	s.copies[path] = true
	return []string{path}
}

// samePaths tells whether two lists name the same rules.
func samePaths(a, b []string) bool { return fmt.Sprintf("%q", a) == fmt.Sprintf("%q", b) }
