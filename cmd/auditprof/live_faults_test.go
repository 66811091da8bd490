package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/livetest"
)

// TestLiveKill9 is the promise of the lease as a user would try it: bench is killed at fifty random moments, each time the machine's own
// rules, in order, and its settings are back within five seconds. Slots are short, so that the moments fall into every part of a run.
func TestLiveKill9(t *testing.T) {
	livetest.Take(t)
	bin, rules, churn, host := build(t), writeFile(t, "a.rules", aSet), inSmall(t, "file-churn", 2_000), loadHost(t)
	t.Logf("seed %d", killSeed)
	random := rand.New(rand.NewPCG(killSeed, 0))
	for i := range 50 {
		out := filepath.Join(t.TempDir(), "run")
		cmd := exec.Command(bin, "bench", "--rules", rules, "--scenario", churn, "--quick", "--rounds", "9", "--out", out)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		after := time.Duration(random.Int64N(int64(1200 * time.Millisecond)))
		time.Sleep(after)
		cmd.Process.Kill()
		cmd.Wait()
		killed := time.Now()
		restored(t, host)
		took := time.Since(killed)
		// A journal may stay where bench was killed between it and the first guard: nothing was changed yet, and the next start takes it.
		noTraceOf(t, "/var/lib/auditprof")
		slots, _ := os.ReadFile(filepath.Join(out, result.SlotsFile))
		t.Logf("%d: killed after %v and %d slots, restored after %v", i, after.Round(time.Millisecond), bytes.Count(slots, []byte("\n")), took.Round(time.Millisecond))
	}
	// And the next run finds nothing in its way.
	r := run(t, bounded(t, time.Minute, bin, "bench", "--rules", rules, "--scenario", calls(t), "--quick", "--rounds", "1", "--out", filepath.Join(t.TempDir(), "last")))
	if r.code != 0 {
		t.Errorf("the run after the kills: exit %d\n%s%s", r.code, r.out, r.err)
	}
	restored(t, host)
	noTrace(t)
}

// killSeed is drawn per test run and printed: moments must differ between runs.
var killSeed = uint64(time.Now().UnixNano())

// inSlots starts a long bench and waits until its slots run.
func inSlots(t *testing.T, bin, rules string) (cmd *exec.Cmd, dir string, errs *bytes.Buffer) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "run")
	cmd = exec.Command(bin, "bench", "--rules", rules, "--scenario", inSmall(t, "file-churn", 5_000), "--quick", "--rounds", "50", "--out", dir)
	errs = &bytes.Buffer{}
	cmd.Stderr = errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	awaitSlots(t, cmd, dir, result.SlotTimed, 2)
	return cmd, dir, errs
}

// awaitSlots waits until a run has so many slots of a kind on disk.
func awaitSlots(t *testing.T, bench *exec.Cmd, dir, kind string, n int) {
	t.Helper()
	for range 3000 { // a minute, by no clock that a test may step
		stat, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(bench.Process.Pid), "stat"))
		over := bytes.Contains(stat, []byte(") Z ")) // proc(5): ended, and nobody has waited for it
		b, _ := os.ReadFile(filepath.Join(dir, result.SlotsFile))
		if bytes.Count(b, []byte(`"kind":"`+kind+`"`)) >= n {
			return
		}
		if over {
			t.Fatalf("bench ended before %d slots of kind %s", n, kind)
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("no %d slots of kind %s within a minute", n, kind)
}

// ended waits for a command and gives its exit code.
func ended(t *testing.T, cmd *exec.Cmd, within time.Duration) int {
	t.Helper()
	timer := time.AfterFunc(within, func() { cmd.Process.Kill() })
	defer timer.Stop()
	cmd.Wait()
	return cmd.ProcessState.ExitCode()
}

func TestLiveSignalsKeepWhatWasMeasured(t *testing.T) {
	livetest.Take(t)
	bin, rules, host := build(t), writeFile(t, "a.rules", aSet), loadHost(t)
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		cmd, dir, errs := inSlots(t, bin, rules)
		cmd.Process.Signal(sig)
		if code := ended(t, cmd, 20*time.Second); code != 130 {
			t.Errorf("%v: exit %d: %s", sig, code, errs)
		}
		restored(t, host)
		noTrace(t)
		r, slots, err := result.Read(dir)
		if err != nil || r.Ended != "interrupted" || len(slots) == 0 || !r.Restored.OK || len(r.Attribution) == 0 {
			t.Errorf("%v: %v, run %+v, %d slots", sig, err, r, len(slots))
		}
	}
}

// auditdOf finds the private auditd of a bench.
func auditdOf(t *testing.T, bench int) int {
	t.Helper()
	comms, _ := filepath.Glob("/proc/[0-9]*/comm")
	for _, c := range comms {
		b, _ := os.ReadFile(c)
		stat, _ := os.ReadFile(filepath.Join(filepath.Dir(c), "stat"))
		f := strings.Fields(string(stat))
		if strings.TrimSpace(string(b)) == "auditd" && len(f) > 3 && f[3] == strconv.Itoa(bench) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(c)))
			return pid
		}
	}
	t.Fatal("no auditd of the bench")
	return 0
}

func TestLiveAuditdKilledOrStoppedInMidRun(t *testing.T) {
	livetest.Take(t)
	bin, rules := build(t), writeFile(t, "a.rules", aSet)
	before, _ := livetest.State(t)
	for _, sig := range []syscall.Signal{syscall.SIGKILL, syscall.SIGSTOP} {
		cmd, dir, errs := inSlots(t, bin, rules)
		syscall.Kill(auditdOf(t, cmd.Process.Pid), sig)
		if code := ended(t, cmd, 60*time.Second); code != 5 || !strings.Contains(errs.String(), "auditd") {
			t.Errorf("%v: exit %d: %s", sig, code, errs)
		}
		restored(t, before)
		noTrace(t)
		r, slots, err := result.Read(dir)
		if err != nil || len(slots) == 0 || r.Ended == "complete" || slices.IndexFunc(slots, func(s result.Slot) bool { return !s.Valid }) < 0 {
			t.Errorf("%v: %v, ended %q, %d slots, want the last one invalid", sig, err, r.Ended, len(slots))
		}
	}
}

// TestLiveDiskFull gives the run directory 100 KB.
func TestLiveDiskFull(t *testing.T) {
	livetest.Take(t)
	bin, rules, small := build(t), writeFile(t, "a.rules", aSet), t.TempDir()
	before, _ := livetest.State(t)
	if err := syscall.Mount("none", small, "tmpfs", 0, "size=100k"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Unmount(small, syscall.MNT_DETACH) })
	dir := filepath.Join(small, "run")
	r := run(t, bounded(t, 2*time.Minute, bin, "bench", "--rules", rules, "--scenario", calls(t)+","+files(t), "--quick", "--rounds", "40", "--out", dir))
	if r.code != 4 || !strings.Contains(r.err, "no space left") || !strings.Contains(r.err, dir) {
		t.Errorf("exit %d: %s", r.code, r.err)
	}
	restored(t, before)
	noTrace(t)
	if _, slots, err := result.Read(dir); err != nil || len(slots) == 0 {
		t.Errorf("what was measured is gone: %d slots, %v", len(slots), err)
	}
}
