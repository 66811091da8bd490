package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/livetest"
)

// withWord finds the processes of our runs whose arguments hold the word.
func withWord(t *testing.T, word string) []int {
	t.Helper()
	var pids []int
	files, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, f := range files {
		if exe, _ := os.Readlink(filepath.Join(filepath.Dir(f), "exe")); !ours(exe) {
			continue
		}
		b, _ := os.ReadFile(f)
		for _, arg := range bytes.Split(b, []byte{0}) {
			if string(arg) == word {
				pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(f)))
				pids = append(pids, pid)
			}
		}
	}
	return pids
}

func TestLiveWorkloadKilledInMidRun(t *testing.T) {
	livetest.Take(t)
	bin, rules, host := build(t), writeFile(t, "a.rules", aSet), loadHost(t)
	cmd, dir, errs := inSlots(t, bin, rules)
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if pids := withWord(t, "__workload"); len(pids) > 0 {
			syscall.Kill(pids[0], syscall.SIGKILL)
			break
		}
	}
	if code := ended(t, cmd, 30*time.Second); code != 5 || !strings.Contains(errs.String(), "file-churn") {
		t.Errorf("exit %d: %s", code, errs)
	}
	restored(t, host)
	noTrace(t)
	if r, slots, err := result.Read(dir); err != nil || len(slots) == 0 || r.Ended == "complete" || !r.Restored.OK {
		t.Errorf("%v, run %+v", err, r)
	}
}

// TestLiveGuardKilled: a bench without its guard is a bench that a kill would leave the machine changed by.
func TestLiveGuardKilled(t *testing.T) {
	livetest.Take(t)
	bin, rules, host := build(t), writeFile(t, "a.rules", aSet), loadHost(t)
	cmd, _, errs := inSlots(t, bin, rules)
	for _, pid := range withWord(t, "__guard") {
		syscall.Kill(pid, syscall.SIGKILL)
	}
	cmd.Process.Signal(syscall.SIGINT)
	if code := ended(t, cmd, 30*time.Second); code != 130 {
		t.Errorf("exit %d: %s", code, errs)
	}
	restored(t, host)
	noTrace(t)
}

// killAll ends a bench with everything that could restore after it.
func killAll(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	for _, word := range []string{"__guard", "__watchdog"} {
		for _, pid := range withWord(t, word) {
			syscall.Kill(pid, syscall.SIGKILL)
		}
	}
	cmd.Process.Kill()
	cmd.Wait()
}

func TestLiveGuardAndBenchKilled(t *testing.T) {
	livetest.Take(t)
	bin, rules, host := build(t), writeFile(t, "a.rules", aSet), loadHost(t)
	for _, how := range []string{"restore", "bench"} {
		cmd, dir, _ := inSlots(t, bin, rules)
		killAll(t, cmd)
		time.Sleep(300 * time.Millisecond)
		if now, _ := livetest.State(t); now == host {
			t.Error("nothing was left to restore: the test proves nothing")
		}
		var r ran
		if how == "restore" {
			r = run(t, bounded(t, time.Minute, bin, "restore"))
			if !strings.Contains(r.out, "restored: 20 rules") {
				t.Errorf("restore says %q", r.out)
			}
		} else {
			r = run(t, bounded(t, time.Minute, bin, "bench", "--rules", rules, "--scenario", calls(t), "--quick", "--rounds", "1", "--out", filepath.Join(t.TempDir(), "next")))
		}
		if r.code != 0 {
			t.Errorf("%s: exit %d: %s%s", how, r.code, r.out, r.err)
		}
		restored(t, host)
		if _, slots, err := result.Read(dir); err != nil || len(slots) == 0 {
			t.Errorf("what the killed run measured is gone: %v", err)
		}
	}
	noTrace(t)
}

// TestLiveAPathVanishes: the kernel takes a rule away by itself when its directory goes (kernel/audit_tree.c: kill_rules).
func TestLiveAPathVanishes(t *testing.T) {
	livetest.Take(t)
	watched := filepath.Join(t.TempDir(), "watched")
	if err := os.Mkdir(watched, 0o700); err != nil {
		t.Fatal(err)
	}
	bin, rules, host := build(t), writeFile(t, "a.rules", aSet+"-w "+watched+" -p wa -k gone\n"), loadHost(t)
	cmd, dir, errs := inSlots(t, bin, rules)
	if err := os.Remove(watched); err != nil {
		t.Fatal(err)
	}
	if code := ended(t, cmd, 60*time.Second); code != 5 || !strings.Contains(errs.String(), watched) {
		t.Errorf("exit %d: %s", code, errs)
	}
	restored(t, host)
	noTrace(t)
	if r, slots, err := result.Read(dir); err != nil || len(slots) == 0 || r.Ended == "complete" {
		t.Errorf("%v, run %+v", err, r)
	}
}

// TestLiveSomebodyElseChangesRules: figures taken under rules that changed are worth nothing, and the change is not ours to undo.
func TestLiveSomebodyElseChangesRules(t *testing.T) {
	livetest.Take(t)
	bin, rules, host := build(t), writeFile(t, "a.rules", aSet), loadHost(t)
	cmd, dir, errs := inSlots(t, bin, rules)
	livetest.Auditctl(t, "-w", "/etc/hosts", "-p", "wa", "-k", "somebody-else")
	host = strings.Replace(host, "-a never,exclude", "-w /etc/hosts -p wa -k somebody-else\n-a never,exclude", 1)
	if code := ended(t, cmd, 60*time.Second); code != 5 || !strings.Contains(errs.String(), "the rules changed while they were measured") {
		t.Errorf("exit %d: %s", code, errs)
	}
	restored(t, host)
	noTrace(t)
	if r, _, err := result.Read(dir); err != nil || !strings.Contains(r.Ended, "the rules changed") {
		t.Errorf("%v, ended %q", err, r.Ended)
	}
}

// TestLiveLogDiskFull gives the private log's disk room for the programs and little else: auditd cannot write, and says nothing.
func TestLiveLogDiskFull(t *testing.T) {
	livetest.Take(t)
	bin, rules, host := build(t), writeFile(t, "a.rules", "-b 8192\n-a always,exit -F arch=b64 -S getppid -F uid=nobody -k all\n"), loadHost(t)
	st, err := os.Stat(bin)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir("/var/lib/auditprof", 0o711); err != nil && !os.IsExist(err) {
		t.Fatal(err)
	}
	size := strconv.FormatInt(st.Size()+3<<20, 10)
	if err := syscall.Mount("none", "/var/lib/auditprof", "tmpfs", 0, "mode=0711,size="+size); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		syscall.Unmount("/var/lib/auditprof", syscall.MNT_DETACH)
		os.Remove("/var/lib/auditprof")
	})
	dir := filepath.Join(t.TempDir(), "run")
	r := run(t, bounded(t, 3*time.Minute, bin, "bench", "--rules", rules, "--scenario", inSmall(t, "null-syscall", 100_000), "--quick", "--rounds", "1", "--out", dir))
	t.Logf("exit %d: %s", r.code, r.err)
	restored(t, host)
	got, slots, err := result.Read(dir)
	if err != nil || len(slots) == 0 {
		t.Fatalf("%v, %d slots", err, len(slots))
	}
	// Either the attribution slot is hit and the run is invalid, or it fits with less work and the timed slots are hit.
	hit, full := find(got, "few-null-syscall", "a.rules"), false
	if r.code != 5 && (r.code != 0 || hit.Scenario == "" || hit.Complete) {
		t.Errorf("exit %d: %s%s", r.code, r.out, r.err)
	}
	for _, s := range slots {
		full = full || !s.Valid && strings.Contains(s.Why, "its disk is full")
		if s.Arm == "a.rules" && s.Kind != result.SlotMute && s.Valid && s.Complete() && s.Events-s.OtherEvents < int64(s.OpsDone) {
			t.Errorf("a %s slot whose log was cut counts as whole: %d events of %d operations", s.Kind, s.Events-s.OtherEvents, s.OpsDone)
		}
	}
	if !full {
		t.Error("the disk was never full: the test proves nothing")
	}
}

// TestLiveWhatCannotBeRestored: a rule of the host's that no longer loads. Exit 6, and the commands that are given put the host back once
// its directory is there again.
func TestLiveWhatCannotBeRestored(t *testing.T) {
	livetest.Take(t)
	gone := filepath.Join(t.TempDir(), "gone")
	if err := os.Mkdir(gone, 0o700); err != nil {
		t.Fatal(err)
	}
	bin, rules := build(t), writeFile(t, "a.rules", aSet)
	loadHost(t)
	livetest.Auditctl(t, "-w", gone, "-p", "wa", "-k", "needs-its-directory")
	host, _ := livetest.State(t)
	cmd, dir, errs := inSlots(t, bin, rules)
	os.Remove(gone)
	cmd.Process.Signal(syscall.SIGINT)
	if code := ended(t, cmd, 60*time.Second); code != 6 || !strings.Contains(errs.String(), "needs-its-directory") {
		t.Errorf("exit %d: %s", code, errs)
	}
	r, _, err := result.Read(dir)
	if err != nil || r.Restored.OK || len(r.Restored.Commands) == 0 {
		t.Fatalf("%v, restored %+v", err, r.Restored)
	}
	if err := os.Mkdir(gone, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, line := range r.Restored.Commands {
		if out, err := exec.Command("/bin/sh", "-c", line).CombinedOutput(); err != nil {
			t.Errorf("%s: %v: %s", line, err, out)
		}
	}
	restored(t, host)
	// The journal is still there: restore finds nothing more to do and takes it away.
	if r := run(t, bounded(t, time.Minute, bin, "restore")); r.code != 0 {
		t.Errorf("restore: exit %d: %s%s", r.code, r.out, r.err)
	}
	restored(t, host)
	noTrace(t)
}

// TestLiveASetThatHitsTheHarness records every system call of every process, ours included, and one that watches 300 directories.
func TestLiveASetThatHitsTheHarness(t *testing.T) {
	livetest.Take(t)
	bin, host := build(t), loadHost(t)
	var watches strings.Builder
	for i := range 300 {
		dir := filepath.Join(t.TempDir(), strconv.Itoa(i))
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		watches.WriteString("-w " + dir + " -p rwxa -k w\n")
	}
	dir := filepath.Join(t.TempDir(), "run")
	r := run(t, bounded(t, 3*time.Minute, bin, "bench", "--rules", "all="+writeFile(t, "all.rules", "-b 8192\n-a always,exit -S all -k everything\n"),
		"--rules", "watches="+writeFile(t, "w.rules", watches.String()), "--scenario", files(t), "--quick", "--rounds", "1", "--out", dir))
	if r.code != 0 {
		t.Fatalf("exit %d: %s%s", r.code, r.out, r.err)
	}
	restored(t, host)
	noTrace(t)
	got, _, err := result.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	checkBooks(t, got)
	for _, a := range got.Attribution {
		if a.Arm == "all" && a.EventsPerOp < 1 {
			t.Errorf("%.2f events per operation under a set that records every system call", a.EventsPerOp)
		}
	}
}

// TestLiveTenThousandRulesAndAKill: a set that takes seconds to load is away within five after a kill.
func TestLiveTenThousandRulesAndAKill(t *testing.T) {
	livetest.Take(t)
	var set strings.Builder
	for i := range 10_000 {
		set.WriteString("-a always,exit -F arch=b64 -S mount -F a0=" + strconv.Itoa(i) + " -k many\n")
	}
	bin, rules, host := build(t), writeFile(t, "many.rules", set.String()), loadHost(t)
	cmd := exec.Command(bin, "bench", "--rules", rules, "--scenario", "idle", "--quick", "--rounds", "1", "--out", filepath.Join(t.TempDir(), "run"))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	loaded := 0
	for end := time.Now().Add(time.Minute); loaded < 10_000 && time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		state, _ := livetest.State(t)
		loaded = strings.Count(state, "key=many")
	}
	if loaded < 10_000 {
		t.Fatalf("only %d rules were loaded within a minute", loaded)
	}
	cmd.Process.Kill()
	cmd.Wait()
	restored(t, host)
	noTrace(t)
}

// find is the result of an arm on a scenario, the zero value where there is none.
func find(run *result.Run, scenario, arm string) result.Result {
	for _, r := range run.Results {
		if r.Scenario == scenario && r.Arm == arm {
			return r
		}
	}
	return result.Result{}
}
