package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/livetest"
)

// program stands for auditprof: it counts its calls, leaves a run that was prepared, and ends with a code.
const program = `#!/bin/sh
echo called >>"$CALLS"
while [ $# -gt 0 ]; do
	[ "$1" != --out ] || out=$2
	shift
done
cp -r "$PREPARED" "$out"
exit "$CODE"
`

// script is one of the scripts with all that it needs in a folder of its own.
type script struct {
	name string
	args []string
	dir  string
}

// run tells what it printed, and how often it measured.
func (s script) run(t *testing.T, prepared, code string) (printed string, calls int) {
	t.Helper()
	log := filepath.Join(s.dir, "calls")
	os.Remove(log)
	cmd := exec.Command("sh", append([]string{"scripts/" + s.name}, s.args...)...)
	cmd.Dir = filepath.Join("..", "..")
	cmd.Env = append(os.Environ(), "AUDITPROF="+filepath.Join(s.dir, "auditprof"), "LOCK="+filepath.Join(s.dir, "lock"), "CONF="+filepath.Join(s.dir, "auditd.conf"),
		"SCENARIOS=s", "CALLS="+log, "PREPARED="+filepath.Join(s.dir, prepared), "CODE="+code)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", s.name, err, out)
	}
	b, _ := os.ReadFile(log)
	return string(out), strings.Count(string(b), "called")
}

// A run that ended with 5, because A/A differs or because it was cut off, stops no script; what was cut off is measured anew, what is whole is not.
func TestTheScriptsGoOn(t *testing.T) {
	for _, tool := range []string{"sh", "flock", "go"} {
		if _, err := exec.LookPath(tool); err != nil {
			livetest.Missing(t, tool)
		}
	}
	for _, c := range []struct {
		name string
		runs int
		args func(dir string) []string
	}{
		{"method-sets.sh", 1, func(dir string) []string { return []string{filepath.Join(dir, "out"), dir, filepath.Join(dir, "neo")} }},
		{"method-auditd.sh", 3, func(dir string) []string { return []string{filepath.Join(dir, "out")} }},
		{"method-tax.sh", 5, func(dir string) []string { return []string{filepath.Join(dir, "out"), filepath.Join(dir, "neo")} }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for _, file := range []string{"10-base-config.rules", "30-stig.rules", "30-pci-dss-v31.rules", "30-ospp-v42-1.rules", "neo", "auditd.conf"} {
				if err := os.WriteFile(filepath.Join(dir, file), nil, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.WriteFile(filepath.Join(dir, "auditprof"), []byte(program), 0o700); err != nil {
				t.Fatal(err)
			}
			keepRun(t, filepath.Join(dir, "cut"), setsRun("s", "interrupted", result.Comparison{}, result.Comparison{}))
			keepRun(t, filepath.Join(dir, "whole"), setsRun("s", "complete", result.Comparison{}, result.Comparison{}))
			s := script{c.name, c.args(dir), dir}
			if _, calls := s.run(t, "cut", "5"); calls != c.runs {
				t.Errorf("%d runs, want %d", calls, c.runs)
			}
			if printed, calls := s.run(t, "whole", "5"); calls != c.runs || strings.Contains(printed, "ot measured") {
				t.Errorf("%d runs were measured anew of %d that were cut off:\n%s", calls, c.runs, printed)
			}
			if _, calls := s.run(t, "whole", "0"); calls != 0 {
				t.Errorf("%d whole runs were measured again", calls)
			}
		})
	}
}
