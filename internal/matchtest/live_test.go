//go:build linux && amd64

package matchtest

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

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

// styleOf is the style of a seed's plan: one after the other, in the order of their names.
func styleOf(seed uint64) (string, Style) {
	var names []string
	for name := range Styles {
		names = append(names, name)
	}
	slices.Sort(names)
	name := names[seed%uint64(len(names))]
	return name, Styles[name]
}

const (
	callsOfPlan = 2500
	liveEvents  = 20_000 // compared in each form of the log, at least
)

// sums are the results of several plans, by form of the log.
type sums struct {
	forms [3]Agreement
	ahead Foretold
}

func (s *sums) add(trial *Trial) {
	for i, a := range trial.Results {
		s.forms[i].Add(a)
	}
	s.ahead.Add(trial.Ahead)
}

func (s *sums) log(t *testing.T) {
	t.Helper()
	for i, form := range []string{"own keys", "no keys", "own keys as logged by the kernel"} {
		t.Logf("%s: %v", form, &s.forms[i])
	}
	t.Log(&s.ahead)
}

// TestKernelAgrees compares the matcher with the kernel on plans that are the same each time: what it decides, and what it foretells. Where
// rules are about fields alone nothing may be wrong; of what the names of a hostile script mean, tolerated may be: inode numbers are used
// again in an order of the file system's own.
func TestKernelAgrees(t *testing.T) {
	m, dir := machine(t, "RAW")
	var all sums
	for seed := uint64(1); all.forms[NoKeys].Events < liveEvents; seed++ {
		name, style := styleOf(seed)
		p := NewPlan(seed, dir, style, callsOfPlan)
		trial, err := m.Try(p)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("seed %d, %s: %v; %v", seed, name, trial.Results[NoKeys], trial.Ahead)
		wrong := report(t.Logf, p, trial)
		if wrong > 0 && style.Watches == 0 {
			t.Errorf("seed %d: %d wrong, though no rule is about a name", seed, wrong)
		}
		if !style.Odd {
			all.add(trial)
		}
	}
	all.log(t)
	for i := range all.forms {
		if a := &all.forms[i]; len(a.Wrong)*tolerated > a.Events || a.Unknown*maxUnknown > a.Events {
			t.Errorf("form %d of the log: %d decisions of %d are wrong, %d unknown", i, len(a.Wrong), a.Events, a.Unknown)
		}
	}
	if f := &all.ahead; len(f.Wrong)*toleratedAhead > f.Calls || f.Silent == 0 || f.Dropped == 0 {
		t.Errorf("%v", f)
	}
}

const (
	tolerated      = 10_000 // events, of which one may be wrong: of 502,990 of 59 new plans one was, which is mended
	toleratedAhead = 5_000  // calls, of which one may be foretold wrongly: of 84,171 two were
	maxUnknown     = 20     // events, of which one may be unknown
)

// report tells what is wrong in a trial and counts it.
func report(logf func(string, ...any), p Plan, trial *Trial) (wrong int) {
	for i, a := range trial.Results {
		wrong += len(a.Wrong)
		if len(a.Wrong) > 0 {
			logf("seed %d, form %d of the log: %d of %d decisions are wrong, the first: %s", p.Seed, i, len(a.Wrong), a.Events, a.Wrong[0].Text(trial.Cases[i]))
		}
	}
	if f := trial.Ahead; len(f.Wrong) > 0 {
		wrong += len(f.Wrong)
		logf("seed %d: %d of %d calls are foretold wrongly, the first: %s", p.Seed, len(f.Wrong), f.Calls, f.Wrong[0])
	}
	return wrong
}

// TestNumbersOfProcessesBeginAnew: pid_max is 32,768 on small machines, and comes up in the middle of some run. Which calls are whose cannot
// be told then.
func TestNumbersOfProcessesBeginAnew(t *testing.T) {
	m, dir := machine(t, "RAW")
	most, err := os.ReadFile("/proc/sys/kernel/pid_max")
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(most)))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("/proc/sys/kernel/ns_last_pid", []byte(strconv.Itoa(n-100)), 0); err != nil {
		livetest.Missing(t, "numbers of processes to set: "+err.Error())
	}
	p := NewPlan(1, dir, Styles["fields"], callsOfPlan)
	trial, err := m.Try(p)
	if err != nil {
		t.Fatal(err)
	}
	if now, err := lastPID(); err != nil || now > n/2 {
		t.Fatalf("%v, the last process has number %d: they did not begin anew, and nothing is shown", err, now)
	}
	if wrong := report(t.Logf, p, trial); wrong > 0 {
		t.Errorf("%d wrong", wrong)
	}
}
