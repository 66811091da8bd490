package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/livetest"
)

// hostAuditd starts an auditd as the host's, with its log in dir, and ends it with the test.
func hostAuditd(t *testing.T, dir, limits string) *exec.Cmd {
	t.Helper()
	conf := "log_file = " + filepath.Join(dir, "audit.log") + "\nlog_format = RAW\nplugin_dir = " + dir + "/plugins.d\n" + limits
	os.Mkdir(filepath.Join(dir, "plugins.d"), 0o700)
	os.WriteFile(filepath.Join(dir, "auditd.conf"), []byte(conf), 0o600)
	pidFile, pidErr := os.ReadFile("/run/auditd.pid")
	auditd := exec.Command(livetest.Program("auditd"), "-n", "-s", "nochange", "-c", dir)
	if err := auditd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// auditd asks the kernel who sent the signal and ends with the answer (audit-userspace src/auditd.c: term_handler). With auditing off
		// the first answer may stay away (seen with 3.0.9).
		ended := make(chan struct{})
		go func() { auditd.Wait(); close(ended) }()
		for {
			auditd.Process.Signal(syscall.SIGTERM)
			select {
			case <-ended:
			case <-time.After(300 * time.Millisecond):
				continue
			}
			break
		}
		if pidErr == nil {
			os.WriteFile("/run/auditd.pid", pidFile, 0o644)
		}
	})
	registered := fmt.Sprintf("pid %d\n", auditd.Process.Pid)
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if s, _ := livetest.State(t); strings.Contains(s, registered) {
			return auditd
		}
	}
	t.Fatal("auditd did not register")
	return nil
}

// wide are limits that no test reaches.
const wide = "max_log_file = 4000\nmax_log_file_action = IGNORE\nspace_left = 2\nspace_left_action = IGNORE\nadmin_space_left = 1\nadmin_space_left_action = IGNORE\n"

// TestLiveWithTheHostsAuditd measures on a host whose auditd goes on: its log keeps what it held and says what happened, though the host's rules
// keep user messages out of it and its rate limit drops what comes in the second after a record, as that of the end does.
func TestLiveWithTheHostsAuditd(t *testing.T) {
	livetest.Take(t)
	bin, rules, dir, out := build(t), writeFile(t, "a.rules", aSet), t.TempDir(), filepath.Join(t.TempDir(), "run")
	loadHost(t)
	auditd := hostAuditd(t, dir, wide)
	livetest.Auditctl(t, "-m", "written-before-the-run")
	livetest.Auditctl(t, "-a", "never,user", "-F", "uid=0")
	livetest.Auditctl(t, "-r", "1")
	host, _ := livetest.State(t)
	r := run(t, bounded(t, 2*time.Minute, bin, "bench", "--rules", rules, "--auditd", "running", "--reason", "change 4711, weekly",
		"--scenario", inSmall(t, "file-churn", 5_000)+","+calls(t), "--quick", "--rounds", "1", "--out", out))
	if r.code != 0 {
		t.Fatalf("exit %d: %s%s", r.code, r.out, r.err)
	}
	restored(t, host)
	noTrace(t)
	if auditd.ProcessState != nil || syscall.Kill(auditd.Process.Pid, 0) != nil {
		t.Error("the host's auditd did not live through the run")
	}
	got, _, err := result.Read(out)
	if err != nil || got.Environment.AuditdKind != "running" || got.Environment.LogFormat != "RAW" {
		t.Errorf("%v, environment %+v", err, got.Environment)
	}
	checkBooks(t, got)
	log := awaitLine(t, filepath.Join(dir, "audit.log"), "op=auditprof-end")
	last := -1
	for _, word := range []string{"written-before-the-run", "op=auditprof-begin", "4711", "op=auditprof-end"} {
		i := bytes.Index(log, []byte(word))
		if i < 0 || i < last {
			t.Errorf("%q stands at %d of the host's log, want it behind %d", word, i, last)
		}
		last = i
	}
	if !bytes.Contains(log, []byte("host-rename")) && !bytes.Contains(log, []byte(`comm="few-file-churn"`)) {
		t.Error("the run's records are not in the host's log")
	}
}

// awaitLine gives a log once it holds the text, or what it holds after five seconds: auditd writes when it comes to it.
func awaitLine(t *testing.T, file, text string) (log []byte) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		var err error
		if log, err = os.ReadFile(file); err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(log, []byte(text)) {
			break
		}
	}
	return log
}

// TestLiveAHostsLimitsStopTheRun: the default configuration keeps 40 MB and deletes what is older.
func TestLiveAHostsLimitsStopTheRun(t *testing.T) {
	livetest.Take(t)
	bin, rules, dir := build(t), writeFile(t, "a.rules", aSet), t.TempDir()
	hostAuditd(t, dir, "max_log_file = 8\nnum_logs = 5\nmax_log_file_action = ROTATE\nspace_left = 75\nspace_left_action = SYSLOG\nadmin_space_left = 50\nadmin_space_left_action = SUSPEND\n")
	livetest.Auditctl(t, "-m", "written-before-the-run")
	before, _ := livetest.State(t)
	r := run(t, bounded(t, time.Minute, bin, "bench", "--rules", rules, "--auditd", "running", "--scenario", "file-churn", "--out", filepath.Join(t.TempDir(), "run")))
	if r.code != 4 || !strings.Contains(r.err, "max_log_file") {
		t.Errorf("exit %d: %s", r.code, r.err)
	}
	restored(t, before)
	noTrace(t)
}

// TestLivePluginsThatForwardStopTheRun.
func TestLivePluginsThatForwardStopTheRun(t *testing.T) {
	livetest.Take(t)
	bin, rules, dir := build(t), writeFile(t, "a.rules", aSet), t.TempDir()
	os.Mkdir(filepath.Join(dir, "plugins.d"), 0o700)
	os.WriteFile(filepath.Join(dir, "plugins.d", "send.conf"), []byte("active = yes\ndirection = out\npath = /bin/cat\ntype = always\nformat = string\n"), 0o600)
	hostAuditd(t, dir, wide)
	before, _ := livetest.State(t)
	r := run(t, bounded(t, time.Minute, bin, "bench", "--rules", rules, "--auditd", "running", "--scenario", calls(t), "--quick", "--out", filepath.Join(t.TempDir(), "run")))
	if r.code != 4 || !strings.Contains(r.err, "send") || !strings.Contains(r.err, "--allow-forwarding") {
		t.Errorf("exit %d: %s", r.code, r.err)
	}
	restored(t, before)
	r = run(t, bounded(t, time.Minute, bin, "bench", "--rules", rules, "--auditd", "running", "--allow-forwarding", "--scenario", calls(t),
		"--quick", "--rounds", "1", "--out", filepath.Join(t.TempDir(), "run")))
	if r.code != 0 {
		t.Errorf("allowed: exit %d: %s", r.code, r.err)
	}
	restored(t, before)
	noTrace(t)
}

// TestLiveKilledBesideTheHostsAuditd: the guard restores, and leaves that auditd alone.
func TestLiveKilledBesideTheHostsAuditd(t *testing.T) {
	livetest.Take(t)
	bin, rules, dir, out := build(t), writeFile(t, "a.rules", aSet), t.TempDir(), filepath.Join(t.TempDir(), "run")
	loadHost(t)
	auditd := hostAuditd(t, dir, wide)
	host, _ := livetest.State(t)
	cmd := exec.Command(bin, "bench", "--rules", rules, "--auditd", "running", "--scenario", inSmall(t, "file-churn", 5_000), "--quick", "--rounds", "50", "--out", out)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	awaitSlots(t, cmd, out, result.SlotTimed, 2)
	cmd.Process.Kill()
	cmd.Wait()
	restored(t, host)
	if syscall.Kill(auditd.Process.Pid, 0) != nil {
		t.Error("the host's auditd was ended")
	}
}
