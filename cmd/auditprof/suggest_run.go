package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/analyze/ruleset"
	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/bench/sample"
	"github.com/auditprof/auditprof/scenarios"
)

// benchRun is what a run directory holds for a reading of its logs.
type benchRun struct {
	Name      string            // for a report
	Arm       string            // whose logs they are
	Scenarios []string          // one log each, in the order of the run
	Digests   map[string]string // of the files that define scenarios, by name; of none that ships
	Logs      []string          // paths
	Rules     []string          // path of the rules as they were loaded
	Target    string            // as --target would have it: the run knows what its logs may not say
	Snapshot  string            // path of the host snapshot made while the run lasted, "" where there is none
	SameBoot  bool              // the run is of this machine and its present boot: what is looked up here now is what was there then
	Remarks   []string
}

// openRun finds the logs of one arm in a run directory: arm "" is the only one that has any, scenario "" all workloads. Its errors are of
// the command line.
func openRun(dir, arm, scenario string) (*benchRun, error) {
	run, _, err := result.Read(dir)
	if err != nil {
		return nil, usageError{fmt.Errorf("--run: %w", err)}
	}
	r := &benchRun{Name: runName(dir), Digests: digests(run)}
	for _, step := range []func() error{
		func() error { return r.chooseArm(run, arm) },
		func() error { return r.chooseLogs(dir, run, scenario) },
		func() error { return r.findRules(dir) },
		func() error { return r.aboutHost(dir, run) },
	} {
		if err := step(); err != nil {
			return nil, usageError{fmt.Errorf("--run %s: %w", dir, err)}
		}
	}
	if run.Ended != "complete" {
		r.Remarks = append(r.Remarks, "the run did not end as planned: "+run.Ended)
	}
	return r, nil
}

func digests(run *result.Run) (by map[string]string) {
	for _, s := range run.Scenarios {
		if s.Definition == "" {
			continue
		}
		if by == nil {
			by = map[string]string{}
		}
		by[s.Name] = s.Definition
	}
	return by
}

// sameFile wants, of a workload that a file defined, that file: a run directory is not asked for programs to run. info is what was named.
func (r *benchRun) sameFile(info scenarios.Info) error {
	for _, name := range r.Scenarios {
		switch r.Digests[name] {
		case info.Digest():
		case "":
			return fmt.Errorf("workload %s ships with auditprof: name it without a file", name)
		default:
			if info.Definition == "" {
				return fmt.Errorf("workload %s is of a file: name it with --scenario FILE.yaml", name)
			}
			return fmt.Errorf("--scenario names %s, and that is not the file that was measured", name)
		}
	}
	return nil
}

// chooseArm takes the arm that was asked for, or the only one with a log.
func (r *benchRun) chooseArm(run *result.Run, arm string) error {
	var have []string
	for _, l := range run.Logs {
		if !slices.Contains(have, l.Arm) {
			have = append(have, l.Arm)
		}
	}
	switch {
	case len(have) == 0:
		return errors.New("it keeps no log: it was made with --no-logs, by an older auditprof, or ended before its first round; measure again")
	case arm == "" && len(have) > 1:
		return fmt.Errorf("it keeps logs of %d rule sets: name one with --arm: %s", len(have), strings.Join(have, ", "))
	case arm == "":
		arm = have[0]
	case !slices.Contains(have, arm):
		return fmt.Errorf("it keeps no log of arm %q: --arm is %s", arm, oneOf(arm, have))
	}
	r.Arm = arm
	return nil
}

// chooseLogs takes the logs of the arm, each as the run wrote it down.
func (r *benchRun) chooseLogs(dir string, run *result.Run, scenario string) error {
	var have []string
	for _, l := range run.Logs {
		if l.Arm != r.Arm {
			continue
		}
		have = append(have, l.Scenario)
		if scenario != "" && scenario != l.Scenario {
			continue
		}
		st, err := os.Lstat(filepath.Join(dir, l.File))
		if err == nil && (!st.Mode().IsRegular() || st.Size() != l.PackedBytes) {
			err = fmt.Errorf("%s is not as the run left it: a file of %d bytes", l.File, l.PackedBytes)
		}
		if err != nil {
			return fmt.Errorf("the log of %s: %w", l.Scenario, err)
		}
		if !l.Complete {
			r.Remarks = append(r.Remarks, fmt.Sprintf("the log of %s has gaps: records were lost in that slot", l.Scenario))
		}
		r.Scenarios, r.Logs = append(r.Scenarios, l.Scenario), append(r.Logs, filepath.Join(dir, l.File))
	}
	if len(r.Logs) == 0 {
		return fmt.Errorf("it keeps no log of scenario %q for arm %q: --scenario is %s", scenario, r.Arm, oneOf(scenario, have))
	}
	return nil
}

func (r *benchRun) findRules(dir string) error {
	name, err := result.RuleFile(r.Arm)
	if err != nil {
		return err
	}
	if st, err := os.Lstat(filepath.Join(dir, name)); err == nil && st.Mode().IsRegular() {
		r.Rules = []string{filepath.Join(dir, name)}
	}
	return nil // the set that was found loaded has no file: --rules names it
}

// aboutHost takes what the run knows of the machine that it was made on.
func (r *benchRun) aboutHost(dir string, run *result.Run) error {
	e := run.Environment
	var parts []string
	for _, p := range []struct{ name, value string }{{"auditctl", e.Auditctl}, {"kernel", e.Kernel}, {"arch", e.Arch}} {
		if p.value == "" {
			continue
		}
		part := p.name + "=" + p.value
		if _, err := ruleset.ParseTarget(part); err != nil {
			r.Remarks = append(r.Remarks, fmt.Sprintf("the run's %s is not used: %v", p.name, err))
			continue
		}
		parts = append(parts, part)
	}
	r.Target = strings.Join(parts, ",")
	r.SameBoot = e.BootID != "" && e.BootID == sample.Proc{}.BootID()
	if st, err := os.Lstat(filepath.Join(dir, result.HostFile)); err == nil && st.Mode().IsRegular() {
		r.Snapshot = filepath.Join(dir, result.HostFile)
	}
	return nil
}
