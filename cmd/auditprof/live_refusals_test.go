package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/auditprof/auditprof/internal/livetest"
)

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
		{"a line that the kernel refuses", "-w /etc/passwd -k ok\n-a always,exit -F arch=b64 -S openat -F uid=nosuchuser\n", nil, 2, "bad.rules:2:41: unknown user"},
		{"a directory that is not there", "-a always,exit -F dir=/nosuch -F perm=w\n", nil, 2, "bad.rules:1:1: the kernel refuses it: no such file or directory"},
		{"a duplicate", "-w /etc/passwd -k x\n-w /etc/passwd -k x\n", nil, 2, "bad.rules:2:1: the kernel refuses it: file exists"},
		{"the same, by auditctl", "-w /etc/passwd -k x\n-w /etc/passwd -k x\n", []string{"--loader", "auditctl"}, 2, "bad.rules:2:1: auditctl: "},
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

func TestLiveRestoreWithoutAJournal(t *testing.T) {
	livetest.Take(t)
	r := run(t, bounded(t, time.Minute, build(t), "restore"))
	if r.code != 0 || !strings.Contains(r.out, "nothing to restore") {
		t.Errorf("exit %d: %s%s", r.code, r.out, r.err)
	}
}

// TestLiveARunningAuditdIsLeftAlone starts an auditd as the host's.
func TestLiveARunningAuditdIsLeftAlone(t *testing.T) {
	livetest.Take(t)
	bin, rules, dir := build(t), writeFile(t, "a.rules", aSet), t.TempDir()
	auditd := hostAuditd(t, dir, "space_left = 2\nadmin_space_left = 1\n")
	registered := fmt.Sprintf("pid %d\n", auditd.Process.Pid)
	before, _ := livetest.State(t)
	r := run(t, bounded(t, time.Minute, bin, "bench", "--rules", rules, "--quick", "--out", filepath.Join(t.TempDir(), "run")))
	if r.code != 4 || !strings.Contains(r.err, "auditd is running") || !strings.Contains(r.err, strconv.Itoa(auditd.Process.Pid)) {
		t.Errorf("exit %d: %s", r.code, r.err)
	}
	if after, _ := livetest.State(t); after != before || !strings.Contains(after, registered) {
		t.Errorf("the audit state was changed:\n%s\nwant\n%s", after, before)
	}
}
