// Package livetest lets tests of several packages take turns at the one audit system that a machine has.
//
// What comes in: a test. What goes out: the right to change the kernel's audit state until that test ends, or a skip that names what is
// missing. It refuses to know how the state is changed; that it is as before is checked with the installed auditctl. A test that is killed leaves
// nothing behind: a guard, which is its binary once more, puts the state back (see guard.go).
package livetest

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// LockFile is held by whoever changes the audit state in a test.
const LockFile = "/run/lock/auditprof-live.lock"

// RequireVariable set to 1 turns the skip of a live test into a failure.
const RequireVariable = "AUDITPROF_REQUIRE_LIVE"

// Take makes t a live test: it waits for the lock, and fails t if the audit state differs at its end; where t is killed before, a guard puts the
// state back. It skips, or fails where live tests are required, without root, auditctl, auditd, or on a machine whose audit system is in use.
func Take(t testing.TB) {
	t.Helper()
	if os.Geteuid() != 0 {
		Missing(t, "root")
	}
	for _, program := range []string{"auditctl", "auditd"} {
		if Program(program) == "" {
			Missing(t, program+": apt install auditd, or dnf install audit")
		}
	}
	f, err := os.OpenFile(LockFile, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		Missing(t, err.Error())
	}
	t.Cleanup(func() { f.Close() })
	began := time.Now()
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	t.Logf("waited %v for the other live tests", time.Since(began).Round(time.Millisecond))
	before, ok := State(t)
	if !ok {
		Missing(t, "a kernel whose auditing this process may control")
	}
	if why := busy(before); why != "" {
		Missing(t, "a machine whose audit system is idle: "+why)
	}
	arm(t, f, before)
	t.Cleanup(func() {
		if after, _ := State(t); after != before {
			t.Errorf("the audit state is not as before:\n%s\nwant\n%s", after, before)
		}
	})
}

// busy says why a test must not touch this machine: somebody uses its audit system.
func busy(state string) string {
	for line := range strings.Lines(state) {
		switch f := strings.Fields(line); {
		case len(f) == 2 && f[0] == "enabled" && f[1] != "0", len(f) == 2 && f[0] == "pid" && f[1] != "0":
			return strings.TrimSpace(line)
		case strings.HasPrefix(line, "-"):
			return "rules are loaded"
		}
	}
	return ""
}

// Missing skips t, naming what this machine lacks, or fails it where live tests are required: a machine for those has root, the audit package,
// cgroups, raw tracepoints and the usual tools, and a test that passes by without them proves nothing there.
func Missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv(RequireVariable) == "1" {
		t.Fatalf("%s=1, but missing: %s", RequireVariable, what)
	}
	t.Skip("skipped, missing: " + what)
}

// Program finds a program also where system programs are when PATH is a user's; "" where it is not installed.
func Program(name string) string {
	for _, p := range []string{name, "/usr/sbin/" + name, "/sbin/" + name} {
		if found, err := exec.LookPath(p); err == nil {
			return found
		}
	}
	return ""
}

// listTime bounds one auditctl: while rules come and go by thousands the end of a listing may be lost, and it waits for that for ever.
var listTime = 20 * time.Second

// State is what auditctl says of settings and rules, without what only counts up. It is false where auditctl fails, or does not end.
func State(t testing.TB) (string, bool) {
	t.Helper()
	return state()
}

func state() (string, bool) {
	var b strings.Builder
	for _, flag := range []string{"-s", "-l"} {
		ctx, cancel := context.WithTimeout(context.Background(), listTime)
		out, err := exec.CommandContext(ctx, Program("auditctl"), flag).CombinedOutput()
		cancel()
		if err != nil {
			return string(out), false
		}
		for line := range strings.Lines(string(out)) {
			if f := strings.Fields(line); len(f) == 2 && (f[0] == "lost" || f[0] == "backlog" || f[0] == "backlog_wait_time_actual") {
				continue
			}
			b.WriteString(line)
		}
	}
	return b.String(), true
}

// Auditctl runs it, words apart.
func Auditctl(t testing.TB, args ...string) {
	t.Helper()
	if out, err := exec.Command(Program("auditctl"), args...).CombinedOutput(); err != nil {
		t.Fatalf("auditctl %q: %v: %s", args, err, out)
	}
}
