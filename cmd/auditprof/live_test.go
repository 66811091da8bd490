package main

import (
	"bytes"
	"context"
	"fmt"
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

// build makes the real program: a test binary cannot be its own workload.
func build(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "auditprof")
	out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput()
	if err != nil {
		t.Fatalf("go build: %v: %s", err, out)
	}
	return path
}

// aSet is a small set that a workload hits.
const aSet = "-D\n-b 8192\n-w /etc/passwd -p wa -k identity\n-a always,exit -F arch=b64 -S unlink,unlinkat,rename -k delete\n-a always,exit -F arch=b64 -S connect -k net\n"

func writeFile(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// ran is what a command left: exit code and both streams.
type ran struct {
	code     int
	out, err string
}

func run(t *testing.T, cmd *exec.Cmd) ran {
	t.Helper()
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if _, exited := err.(*exec.ExitError); err != nil && !exited {
		t.Fatal(err)
	}
	return ran{cmd.ProcessState.ExitCode(), out.String(), errs.String()}
}

// bounded ends a command that hangs; nothing in these tests may.
func bounded(t *testing.T, limit time.Duration, path string, args ...string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	t.Cleanup(cancel)
	return exec.CommandContext(ctx, path, args...)
}

// restored fails the test where the state is not back within five seconds.
func restored(t *testing.T, want string) {
	t.Helper()
	var got string
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if got, _ = livetest.State(t); got == want {
			return
		}
	}
	t.Fatalf("not restored after 5 s:\n%s\nwant\n%s", got, want)
}

// noTrace fails the test where something of the run stayed behind.
func noTrace(t *testing.T) {
	t.Helper()
	for _, pattern := range []string{"/var/lib/auditprof", "/run/auditprof/journal.json"} {
		if left, _ := filepath.Glob(pattern); len(left) > 0 {
			t.Errorf("left behind: %q", left)
		}
	}
	procs, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, p := range procs {
		b, _ := os.ReadFile(p)
		if line := string(b); strings.Contains(line, "__workload") || strings.Contains(line, "__guard") || strings.Contains(line, "__watchdog") {
			t.Errorf("still running: %q (%s)", line, p)
		}
	}
}

func TestLiveBenchFromRulesToResult(t *testing.T) {
	livetest.Take(t)
	bin, dir := build(t), filepath.Join(t.TempDir(), "run")
	before, _ := livetest.State(t)
	r := run(t, bounded(t, 3*time.Minute, bin, "bench", "--rules", writeFile(t, "a.rules", aSet),
		"--scenario", "file-churn,connect-storm,null-syscall", "--quick", "--rounds", "2", "--out", dir))
	if r.code != 0 {
		t.Fatalf("exit %d\n%s\n%s", r.code, r.out, r.err)
	}
	restored(t, before)
	noTrace(t)
	got, slots, err := result.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !got.Restored.OK || got.Ended != "complete" || len(slots) == 0 {
		t.Errorf("restored %t, ended %q, %d slots", got.Restored.OK, got.Ended, len(slots))
	}
	checkBooks(t, got)
	checkAttribution(t, got)
	for _, res := range got.Results {
		if res.Invalid > 0 || !res.Complete {
			t.Errorf("%s on %s: invalid %d, findings %q", res.Arm, res.Scenario, res.Invalid, res.Findings)
		}
		if res.Metrics[result.CPUPerOp].Value <= 0 {
			t.Errorf("%s on %s has no cpu per operation", res.Arm, res.Scenario)
		}
	}
	// What the books call lines, the file has.
	if b, err := os.ReadFile(filepath.Join(dir, "rules", "a.rules.rules")); err != nil || !strings.Contains(string(b), "-F key=delete") {
		t.Errorf("the rules as loaded: %v: %s", err, b)
	}
}

func checkBooks(t *testing.T, r *result.Run) {
	t.Helper()
	if len(r.Books) != len(r.Scenarios) {
		t.Errorf("%d books for %d scenarios", len(r.Books), len(r.Scenarios))
	}
	for _, b := range r.Books {
		var sum uint64
		for _, o := range b.Origins {
			sum += o.Bytes
		}
		if b.UnexplainedBytes != 0 || b.UnexplainedEvents != 0 || sum != b.LogBytes {
			t.Errorf("%s: %d bytes in the log, %d with an origin, unexplained %d bytes: %q", b.Scenario, b.LogBytes, sum, b.UnexplainedBytes, b.Unexplained)
		}
	}
}

// checkAttribution: each scenario's bytes belong to the rule that they must belong to.
func checkAttribution(t *testing.T, r *result.Run) {
	t.Helper()
	for _, a := range r.Attribution {
		want := map[string]int{"file-churn": 4, "connect-storm": 5, "null-syscall": 0}[a.Scenario]
		if want == 0 {
			if len(a.Rules) != 0 {
				t.Errorf("%s: %+v recorded something", a.Scenario, a.Rules)
			}
			continue
		}
		if len(a.Rules) == 0 || a.Rules[0].Line != want {
			t.Errorf("%s: rules %+v, want line %d first", a.Scenario, a.Rules, want)
			continue
		}
		if d := a.EventsPerOp - a.EventsPerOpTimed; d > 0.02*a.EventsPerOp || d < -0.02*a.EventsPerOp {
			t.Errorf("%s: %.4f events per operation, %.4f in the timed slots", a.Scenario, a.EventsPerOp, a.EventsPerOpTimed)
		}
	}
}

// loadHost gives the machine rules and settings of its own, and takes them away in the end.
func loadHost(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	t.Cleanup(func() {
		livetest.Auditctl(t, "-D")
		for _, args := range [][]string{{"-b", "64"}, {"-r", "0"}, {"-f", "1"}, {"--backlog_wait_time", "15000"}, {"-e", "0"}} {
			livetest.Auditctl(t, args...)
		}
	})
	for i := range 17 {
		livetest.Auditctl(t, "-w", filepath.Join(dir, strconv.Itoa(i)), "-p", "wa", "-k", fmt.Sprintf("host-%d", i))
	}
	livetest.Auditctl(t, "-a", "never,exit", "-F", "arch=b64", "-S", "adjtimex", "-F", "uid=61000")
	livetest.Auditctl(t, "-a", "never,exclude", "-F", "msgtype=1399")
	livetest.Auditctl(t, "-a", "always,exit", "-F", "arch=b64", "-S", "ptrace", "-F", "auid!=unset", "-k", "a", "-k", "b")
	for _, args := range [][]string{{"-b", "777"}, {"-r", "5000"}, {"-f", "0"}, {"--backlog_wait_time", "90"}, {"-e", "1"}} {
		livetest.Auditctl(t, args...)
	}
	state, _ := livetest.State(t)
	if n := strings.Count(state, "\n-"); n < 19 {
		t.Fatalf("only %d rules loaded:\n%s", n, state)
	}
	return state
}

// TestLiveKill9 is the promise of the lease as a user would try it: bench is killed at fifty random moments, each time the machine's own
// rules, in order, and its settings are back within five seconds.
func TestLiveKill9(t *testing.T) {
	livetest.Take(t)
	bin, rules, host := build(t), writeFile(t, "a.rules", aSet), loadHost(t)
	t.Logf("seed %d", killSeed)
	random := rand.New(rand.NewPCG(killSeed, 0))
	began := time.Now()
	for i := range 50 {
		out := filepath.Join(t.TempDir(), "run")
		cmd := exec.Command(bin, "bench", "--rules", rules, "--scenario", "file-churn", "--quick", "--rounds", "9", "--out", out)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		after := time.Duration(random.Int64N(int64(2 * time.Second)))
		time.Sleep(after)
		cmd.Process.Kill()
		cmd.Wait()
		killed := time.Now()
		restored(t, host)
		t.Logf("%d: killed after %v, restored after %v", i, after.Round(time.Millisecond), time.Since(killed).Round(time.Millisecond))
	}
	if d := time.Since(began); d > 2*time.Minute {
		t.Errorf("fifty kills and restores took %v", d)
	}
	// What a killed run left of files the next one takes away.
	r := run(t, bounded(t, time.Minute, bin, "bench", "--rules", rules, "--scenario", "null-syscall", "--quick", "--rounds", "1", "--out", filepath.Join(t.TempDir(), "last")))
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
	cmd = exec.Command(bin, "bench", "--rules", rules, "--scenario", "file-churn", "--quick", "--rounds", "50", "--out", dir)
	errs = &bytes.Buffer{}
	cmd.Stderr = errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		b, _ := os.ReadFile(filepath.Join(dir, result.SlotsFile))
		if bytes.Count(b, []byte(`"kind":"timed"`)) >= 2 {
			return cmd, dir, errs
		}
	}
	t.Fatalf("no slot ran within a minute: %s", errs)
	return nil, "", nil
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

func TestLiveTwoBenchesAtOnce(t *testing.T) {
	livetest.Take(t)
	bin, rules := build(t), writeFile(t, "a.rules", aSet)
	before, _ := livetest.State(t)
	first, _, _ := inSlots(t, bin, rules)
	dir := filepath.Join(t.TempDir(), "second")
	r := run(t, bounded(t, time.Minute, bin, "bench", "--rules", rules, "--quick", "--out", dir))
	if r.code != 4 || !strings.Contains(r.err, "audit slot held") || strings.Count(r.err, "\n") != 1 {
		t.Errorf("exit %d: %s", r.code, r.err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("the refused run left a directory")
	}
	first.Process.Signal(syscall.SIGINT)
	if code := ended(t, first, 20*time.Second); code != 130 {
		t.Errorf("the first run was disturbed: exit %d", code)
	}
	restored(t, before)
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

func TestLiveRefusals(t *testing.T) {
	livetest.Take(t)
	bin := build(t)
	before, _ := livetest.State(t)
	for _, c := range []struct {
		name, rules string
		args        []string
		code        int
		says        string
	}{
		{"a line that the kernel refuses", "-w /etc/passwd -k ok\n-a always,exit -F arch=b64 -S openat -F uid=nosuchuser\n", nil, 2, "bad.rules:2:1: auditctl: "},
		{"a directory that is not there", "-a always,exit -F dir=/nosuch -F perm=w\n", nil, 2, "bad.rules:1:1: auditctl: "},
		{"a duplicate", "-w /etc/passwd -k x\n-w /etc/passwd -k x\n", nil, 2, "bad.rules:2:1: auditctl: "},
		{"task rules", "-a never,task -F uid=61000\n", nil, 4, "bad.rules:1:1: rules of the task list"},
		{"only lines that do not load", "-a always,exit -F dir=/nosuch -F perm=w\n", []string{"--keep-going"}, 2, "no line of it loads here"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "run")
			args := append([]string{"bench", "--rules", writeFile(t, "bad.rules", c.rules), "--scenario", "idle", "--quick", "--out", dir}, c.args...)
			r := run(t, bounded(t, time.Minute, bin, args...))
			if r.code != c.code || !strings.Contains(r.err, c.says) || r.out != "" {
				t.Errorf("exit %d, want %d with %q: %s%s", r.code, c.code, c.says, r.err, r.out)
			}
			if _, err := os.Stat(dir); err == nil {
				t.Error("nothing was measured and there is a run directory")
			}
			restored(t, before)
			noTrace(t)
		})
	}
}

func TestLiveKeepGoingSaysFirstWhatIsLeftOut(t *testing.T) {
	livetest.Take(t)
	bin := build(t)
	rules := writeFile(t, "some.rules", aSet+"-a always,exit -F arch=b64 -S openat -F uid=nosuchuser\n-a always,exit -F nosuch=1\n")
	r := run(t, bounded(t, time.Minute, bin, "bench", "--rules", rules, "--scenario", "null-syscall", "--quick", "--rounds", "1", "--keep-going", "--out", filepath.Join(t.TempDir(), "run")))
	left, figures := strings.Index(r.out, "LEFT OUT"), strings.Index(r.out, "null-syscall")
	if r.code != 0 || left < 0 || left > figures || !strings.Contains(r.out, "some.rules:6") || !strings.Contains(r.out, "some.rules:7") {
		t.Errorf("exit %d\n%s%s", r.code, r.err, r.out)
	}
}

func TestLiveWithoutRoot(t *testing.T) {
	livetest.Take(t)
	bin := build(t)
	dir := t.TempDir()
	for _, d := range []string{dir, filepath.Dir(dir)} {
		os.Chmod(d, 0o777)
	}
	rules := filepath.Join(dir, "a.rules")
	os.WriteFile(rules, []byte(aSet), 0o644)
	for _, args := range [][]string{{"bench", "--rules", rules, "--out", filepath.Join(dir, "run")}} {
		cmd := bounded(t, time.Minute, bin, args...)
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		r := run(t, cmd)
		if r.code != 4 || !strings.Contains(r.err, "root") || strings.Count(r.err, "\n") != 1 {
			t.Errorf("%q: exit %d: %s", args, r.code, r.err)
		}
	}
}

// TestLiveWithoutAuditd hides the installed programs in a mount namespace of its own.
func TestLiveWithoutAuditd(t *testing.T) {
	livetest.Take(t)
	bin, rules := build(t), writeFile(t, "a.rules", aSet)
	for _, program := range []string{"auditctl", "auditd"} {
		script := `mount --make-rprivate / && mount --bind /dev/null "$0" && exec "$@"`
		cmd := bounded(t, time.Minute, "/bin/sh", "-c", script, livetest.Program(program), bin, "bench", "--rules", rules, "--quick", "--out", filepath.Join(t.TempDir(), "run"))
		cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
		r := run(t, cmd)
		if r.code != 4 || !strings.Contains(r.err, program+" is not installed: apt install auditd") {
			t.Errorf("%s: exit %d: %s", program, r.code, r.err)
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
	r := run(t, bounded(t, 2*time.Minute, bin, "bench", "--rules", rules, "--scenario", "null-syscall,file-churn", "--quick", "--rounds", "40", "--out", dir))
	if r.code != 4 || !strings.Contains(r.err, "no space left") || !strings.Contains(r.err, dir) {
		t.Errorf("exit %d: %s", r.code, r.err)
	}
	restored(t, before)
	noTrace(t)
	if _, slots, err := result.Read(dir); err != nil || len(slots) == 0 {
		t.Errorf("what was measured is gone: %d slots, %v", len(slots), err)
	}
}

func TestLiveRestoreWithoutAJournal(t *testing.T) {
	livetest.Take(t)
	r := run(t, bounded(t, time.Minute, build(t), "restore"))
	if r.code != 0 || !strings.Contains(r.out, "nothing to restore") {
		t.Errorf("exit %d: %s%s", r.code, r.out, r.err)
	}
}
