//go:build linux && amd64

package matchtest

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

const (
	// fuzzVariable is for how long TestKernelFuzz runs, as time.ParseDuration has it.
	fuzzVariable = "AUDITPROF_KERNEL_FUZZ"
	// seedVariable makes it begin with one seed and go on with the next ones.
	seedVariable = "AUDITPROF_SEED"
	// keepVariable names a folder for all its cases, not only those that are wrong.
	keepVariable = "AUDITPROF_KEEP_CASES"
)

// shrinkRuns bounds how often the kernel is asked to make one disagreement small.
const shrinkRuns = 200

// TestKernelFuzz compares on plans that are new each time. What is decided wrongly is shrunk and written to testdata, where TestCases finds
// it; the seed is in its name.
func TestKernelFuzz(t *testing.T) {
	length, err := time.ParseDuration(os.Getenv(fuzzVariable))
	if err != nil {
		t.Skipf("%s gives no time to run for: make fuzz-kernel", fuzzVariable)
	}
	seed, err := strconv.ParseUint(os.Getenv(seedVariable), 10, 64)
	if err != nil {
		seed = rand.Uint64() >> 16
	}
	m, dir := machine(t, []string{"RAW", "ENRICHED"}[seed%2])
	var all sums
	for end := time.Now().Add(length); time.Now().Before(end); seed++ {
		name, style := styleOf(seed)
		p := NewPlan(seed, dir, style, callsOfPlan)
		trial, err := m.Try(p)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("seed %d, %s: %v; %v", seed, name, trial.Results[NoKeys], trial.Ahead)
		complain := t.Errorf
		if style.Odd {
			complain = t.Logf
		}
		report(complain, p, trial)
		keep(t, m, p, name, trial)
		all.add(trial)
	}
	all.log(t)
}

// keep writes what is to be kept of a trial.
func keep(t *testing.T, m *Machine, p Plan, style string, trial *Trial) {
	t.Helper()
	dir := os.Getenv(keepVariable)
	for i, a := range trial.Results {
		file := fmt.Sprintf("%s-%d-%d.txtar", style, p.Seed, i)
		if dir != "" {
			writeCase(t, filepath.Join(dir, file), trial.Cases[i])
		} else if len(a.Wrong) > 0 && !p.Style.Odd {
			small, c, err := m.Shrink(p, i, shrinkRuns)
			if c == nil {
				t.Logf("it does not happen again: %v", err)
				continue
			}
			t.Logf("shrunk to %d rules and %d calls", len(small.Rules), small.Script.Calls())
			writeCase(t, filepath.Join("testdata", file), c)
			return
		}
	}
}

func writeCase(t *testing.T, file string, c *Case) {
	t.Helper()
	if err := os.WriteFile(file, c.Text(), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Logf("written: %s", file)
}
