package bench

import (
	"slices"

	"github.com/auditprof/auditprof/internal/audit/rule"
	"github.com/auditprof/auditprof/scenarios"
)

// keepHostFacts has the files looked at that the rules name and the workloads use: who may change a program, whose a folder is. Later nobody
// can tell, since the workloads' own go with the run.
func (s *session) keepHostFacts(works *liveWorkloads, arms []Arm) error {
	if s.HostFacts == nil {
		return nil
	}
	var paths []string
	users := []string{workUser}
	for _, sc := range s.Scenarios {
		paths = append(paths, works.program(sc.Name), works.dataDir(sc.Name), works.workDir(sc.Name))
		paths = append(paths, scenarios.Places(sc.Name, works.dataDir(sc.Name))...)
		users = append(users, workNames(sc)...)
	}
	for _, a := range arms {
		for _, w := range a.Rules {
			paths = append(paths, pathsOf(w)...)
		}
	}
	slices.Sort(paths)
	facts, err := s.HostFacts(slices.Compact(paths), users)
	if err != nil {
		return err
	}
	return s.Recorder.HostFacts(facts)
}

// pathsOf are the paths that a rule names.
func pathsOf(w rule.Wire) (paths []string) {
	for _, f := range w.Fields {
		if f.Type == rule.FieldWatch || f.Type == rule.FieldDir || f.Type == rule.FieldExe {
			paths = append(paths, f.Str)
		}
	}
	return paths
}
