package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/auditprof/auditprof/internal/livetest"
	"github.com/auditprof/auditprof/scenarios"
)

// built is the real program, made once for all tests: a test that made its own held the one lock for as long as the linker takes.
var built struct {
	sync.Once
	dir string
	err error
}

// build gives the real program: a test binary cannot be its own workload.
func build(t *testing.T) string {
	t.Helper()
	built.Do(func() { built.dir, built.err = link() })
	if built.err != nil {
		t.Fatal(built.err)
	}
	return filepath.Join(built.dir, "auditprof")
}

// link makes the program in a folder that every user may enter.
func link() (dir string, err error) {
	if dir, err = os.MkdirTemp("", "auditprof-test-"); err != nil {
		return "", err
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return dir, err
	}
	if out, err := exec.Command("go", "build", "-o", filepath.Join(dir, "auditprof"), ".").CombinedOutput(); err != nil {
		return dir, fmt.Errorf("go build: %w: %s", err, out)
	}
	return dir, nil
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

// noTrace fails the test where something of the run stays behind. A guard that has restored takes a moment more for the files.
func noTrace(t *testing.T) {
	t.Helper()
	noTraceOf(t, "/var/lib/auditprof", "/run/auditprof/journal.json")
}

func noTraceOf(t *testing.T, files ...string) {
	t.Helper()
	var left []string
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if left = traces(files); len(left) == 0 {
			return
		}
	}
	t.Errorf("left behind: %q", left)
}

// traces are files that are there and processes of a run that live.
func traces(files []string) []string {
	var left []string
	for _, f := range files {
		if _, err := os.Lstat(f); err == nil {
			left = append(left, f)
		}
	}
	procs, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, p := range procs {
		b, _ := os.ReadFile(p)
		if exe, _ := os.Readlink(filepath.Join(filepath.Dir(p), "exe")); !ours(exe) {
			continue
		}
		if line := string(b); strings.Contains(line, "__workload") || strings.Contains(line, "__guard") || strings.Contains(line, "__watchdog") {
			left = append(left, p+": "+line)
		}
	}
	return left
}

// ours is whether a program is that of a run of these tests: those of ./scenarios and of other users have workloads at the same time.
func ours(exe string) bool {
	self, _ := os.Executable()
	return exe != "" && (strings.HasPrefix(exe, "/var/lib/auditprof/") || built.dir != "" && strings.HasPrefix(exe, built.dir) || strings.HasPrefix(exe, self))
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

// calls and files are null-syscall and file-churn in small, for runs whose figures nobody looks at: every slot of a run takes time, and there is
// one kernel for all live tests.
func calls(t *testing.T) string {
	return writeFile(t, "calls.yaml", brief("getppid", 20_000)+"mix:\n  getppid: 1\n")
}

func files(t *testing.T) string {
	return writeFile(t, "files.yaml", brief("file operation", 1_000)+"files:\n  dirs: 2\n  count: 20\nmix:\n  create: 5\n  rename: 2\n  chmod: 1\n  unlink: 5\n")
}

func brief(op string, ops int) string {
	return fmt.Sprintf("imitates: A workload in small.\nhurts: It does not.\nop: %s\npilot_ops: %d\nmax_ops: %d\n", op, ops, ops)
}

// inSmall is a scenario of the library with slots of so many operations, named few-NAME: what happens in and between slots does not need long ones.
func inSmall(t *testing.T, name string, ops int) string {
	t.Helper()
	text, err := scenarios.Source(name)
	if err != nil {
		t.Fatal(err)
	}
	kept := regexp.MustCompile(`(?m)^(pilot|max)_ops:.*\n`).ReplaceAllString(text, "")
	return writeFile(t, "few-"+name+".yaml", fmt.Sprintf("%s\npilot_ops: %d\nmax_ops: %d\n", kept, ops, ops))
}
