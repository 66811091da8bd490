//go:build linux && amd64

package matchtest

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/auditprof/auditprof/internal/kernel"
	"github.com/auditprof/auditprof/internal/livetest"
	"golang.org/x/sys/unix"
)

func init() {
	kernel.InitHidden()
	InitActor()
}

func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		if code, hidden := kernel.MainHidden(os.Args[1]); hidden {
			os.Exit(code)
		}
		if code, actor := MainActor(); actor {
			os.Exit(code)
		}
	}
	os.Exit(m.Run())
}

// machine gives a test the live kernel, its own mounts and the name of a folder for trees.
func machine(t *testing.T, format string) (*Machine, string) {
	t.Helper()
	livetest.Take(t)
	runtime.LockOSThread() // never unlocked: the thread ends with the test, and its mounts with it
	if err := unix.Unshare(unix.CLONE_NEWNS | unix.CLONE_FS); err != nil {
		livetest.Missing(t, "mount namespaces: "+err.Error())
	}
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "auditprof-match")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	m, err := NewMachine(dir, format)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	return m, filepath.Join(dir, "tree")
}

// styleNames are in order, so that a seed gives the same plan each time.
func styleNames() []string {
	var names []string
	for name := range Styles {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

const (
	callsOfPlan = 2500
	liveEvents  = 20_000 // compared in each form of the log, at least
)

// TestKernelAgrees compares the matcher with the kernel on plans that are the same each time.
func TestKernelAgrees(t *testing.T) {
	m, dir := machine(t, "RAW")
	sums := [3]Agreement{}
	for seed := uint64(1); sums[1].Events < liveEvents; seed++ {
		name := styleNames()[seed%uint64(len(Styles))]
		trial := try(t, m, NewPlan(seed, dir, Styles[name], callsOfPlan), name)
		for i, a := range trial.Results {
			sums[i].Add(a)
		}
	}
	for i, form := range []string{"own keys", "no keys", "own keys, logged by the kernel"} {
		a := &sums[i]
		t.Logf("%s: %v", form, a)
	}
}

// fuzzVariable is for how long TestKernelFuzz runs, as time.ParseDuration has it.
const fuzzVariable = "AUDITPROF_KERNEL_FUZZ"

// TestKernelFuzz compares on plans that are new each time, for as long as is asked for.
func TestKernelFuzz(t *testing.T) {
	length, err := time.ParseDuration(os.Getenv(fuzzVariable))
	if err != nil {
		t.Skipf("%s gives no time to run for: make fuzz-kernel", fuzzVariable)
	}
	m, dir := machine(t, []string{"RAW", "ENRICHED"}[rand.N(2)])
	sums := [3]Agreement{}
	for end := time.Now().Add(length); time.Now().Before(end) && !t.Failed(); {
		seed := rand.Uint64()
		name := styleNames()[seed%uint64(len(Styles))]
		trial := try(t, m, NewPlan(seed, dir, Styles[name], 200+rand.IntN(2*callsOfPlan)), name)
		for i, a := range trial.Results {
			sums[i].Add(a)
		}
	}
	t.Log(&sums[0])
	t.Log(&sums[1])
	t.Log(&sums[2])
}

// try runs a plan. A disagreement is shrunk, written to a file and reported.
func try(t *testing.T, m *Machine, p Plan, style string) *Trial {
	t.Helper()
	trial, err := m.Try(p)
	if err != nil {
		t.Fatal(err)
	}
	for i, a := range trial.Results {
		if len(a.Wrong) > 0 {
			t.Errorf("style %s, seed %d: %v", style, p.Seed, a)
			report(t, trial.Cases[i], a)
		}
	}
	return trial
}

func report(t *testing.T, c *Case, a *Agreement) {
	t.Helper()
	for _, d := range a.Wrong[:min(3, len(a.Wrong))] {
		t.Log(d.Text(c))
	}
}

// TestForetell compares forecasts.
func TestForetell(t *testing.T) {
	m, dir := machine(t, "RAW")
	var sum Foretold
	for seed := uint64(1); seed < 13; seed++ {
		name := styleNames()[seed%uint64(len(Styles))]
		p := NewPlan(seed, dir, Styles[name], callsOfPlan)
		full, err := m.complete(p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		f, err := m.Foretell(p, full)
		if err != nil {
			t.Fatal(err)
		}
		t.Log(name, seed, f)
		for _, w := range f.Wrong[:min(4, len(f.Wrong))] {
			t.Error(w)
		}
		sum.Add(f)
	}
	t.Log(&sum)
}

// TestWriteLogs writes logs with truth into the folder of AUDITPROF_MATCHLOGS.
func TestWriteLogs(t *testing.T) {
	out := os.Getenv("AUDITPROF_MATCHLOGS")
	if out == "" {
		t.Skip("AUDITPROF_MATCHLOGS names no folder to write logs with truth to")
	}
	m, dir := machine(t, "ENRICHED")
	for seed := uint64(1); seed <= 15; seed++ {
		name := styleNames()[seed%uint64(len(Styles))]
		trial, err := m.Try(NewPlan(seed, dir, Styles[name], callsOfPlan))
		if err != nil {
			t.Fatal(err)
		}
		for i, form := range []string{"ownkeys", "nokeys", "realkeys"} {
			if i < len(trial.Cases) {
				t.Log(name, seed, form, trial.Results[i])
				if err := os.WriteFile(filepath.Join(out, fmt.Sprintf("%s-%d-%s.txtar", name, seed, form)), trial.Cases[i].Text(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// TestShrink writes shrunk cases of the first plans that are wrong into the folder of AUDITPROF_MATCHSHRUNK.
func TestShrink(t *testing.T) {
	out := os.Getenv("AUDITPROF_MATCHSHRUNK")
	if out == "" {
		t.Skip("AUDITPROF_MATCHSHRUNK names no folder to write to")
	}
	m, dir := machine(t, "RAW")
	first, _ := strconv.Atoi(os.Getenv("AUDITPROF_SEED"))
	for seed := uint64(first); seed <= uint64(first)+11; seed++ {
		name := styleNames()[seed%uint64(len(Styles))]
		p := NewPlan(seed, dir, Styles[name], 600)
		trial, err := m.Try(p)
		if err != nil {
			t.Fatal(err)
		}
		for i, form := range []string{"ownkeys", "nokeys", "realkeys"} {
			if i >= len(trial.Results) || len(trial.Results[i].Wrong) == 0 {
				continue
			}
			_, c, err := m.Shrink(p, i, 150)
			if c == nil {
				t.Log(name, seed, form, "not again: ", err)
				break
			}
			t.Log(name, seed, form, c.Note)
			if err := os.WriteFile(filepath.Join(out, fmt.Sprintf("%s-%d-%s.txtar", name, seed, form)), c.Text(), 0o644); err != nil {
				t.Fatal(err)
			}
			break
		}
	}
}

// TestReplay compares the cases in the folder of AUDITPROF_MATCHCASES, without the kernel.
func TestReplay(t *testing.T) {
	names, _ := filepath.Glob(os.Getenv("AUDITPROF_MATCHCASES") + "/*.txtar")
	total := map[string]*Agreement{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		c, err := ParseCase(text)
		if err != nil {
			t.Fatal(name, err)
		}
		a, err := Compare(c)
		if err != nil {
			t.Fatal(name, err)
		}
		t.Logf("%s: %v", name, a)
		form := name[strings.LastIndex(name, "-")+1:]
		if total[form] == nil {
			total[form] = &Agreement{}
		}
		total[form].Add(a)
		if len(a.Wrong) > 0 {
			t.Fail()
		}
		for _, w := range a.Wrong {
			t.Logf("%s: %s", name, w.Text(c))
		}
	}
	t.Log(total)
}
