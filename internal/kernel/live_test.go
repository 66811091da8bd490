package kernel

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/auditprof/auditprof/internal/livetest"
	"golang.org/x/sys/unix"
)

// init and TestMain make the test binary its own guard, watchdog and owner.
func init() { InitHidden() }

func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		if code, hidden := MainHidden(os.Args[1]); hidden {
			os.Exit(code)
		}
		if os.Args[1] == ownerCommand {
			os.Exit(ownerMain(os.Args[2:]))
		}
	}
	os.Exit(m.Run())
}

// live makes a test one of the live kernel: it has its turn, and whatever happens, the audit state is as before at its end.
func live(t testing.TB) *Client {
	t.Helper()
	livetest.Take(t)
	c, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	before, err := snapshot(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		err := expedited("0", func() error { return bring{door: c, beat: func() {}, keepGoing: true}.to(before) })
		if err != nil {
			t.Errorf("put the audit state back: %v", err)
		}
		c.Close()
	})
	return c
}

// auditctl runs one auditctl line, split at spaces.
func auditctl(t testing.TB, line string) {
	t.Helper()
	auditctlArgs(t, strings.Fields(line))
}

func auditctlArgs(t testing.TB, args []string) {
	t.Helper()
	program, err := findProgram("auditctl")
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(program, args...).CombinedOutput(); err != nil {
		t.Fatalf("auditctl %q: %v: %s", args, err, out)
	}
}

// varied loads a found state with something of everything into the kernel and returns it.
func varied(t testing.TB, c *Client) State {
	t.Helper()
	dir := t.TempDir()
	auditctl(t, "--backlog_wait_time 77")
	auditctl(t, "-b 321")
	auditctl(t, "-r 4000")
	auditctl(t, "-f 0")
	for _, line := range variedLines(dir) {
		auditctl(t, line)
	}
	s, err := snapshot(c)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Rules) != len(variedLines(dir)) {
		t.Fatalf("%d rules are loaded, %d were given", len(s.Rules), len(variedLines(dir)))
	}
	return s
}

// variedLines are rules of every list and kind. None matches often, all are for paths in dir or odd processes.
func variedLines(dir string) []string {
	return []string{
		"-a always,exit -F arch=b64 -S ptrace -F a0=16896 -F auid!=unset -k ptrace",
		"-w " + dir + " -p wa -k watched-dir",
		"-w " + dir + "/file -p rwxa -k first -k second",
		"-a never,exit -F arch=b32 -S mount,umount2 -F uid>=61000",
		"-a always,exit -F path=" + dir + "/other -F perm=x -F auid>=1000",
		"-A never,exit -F arch=b64 -S adjtimex -F exe=" + dir + "/program",
		"-a always,exclude -F msgtype=1399",
		"-a never,user -F uid=61001",
		"-a never,filesystem -F fstype=0x64626720",
		"-a always,exit -F arch=b64 -S connect -F saddr_fam=2 -F success=0 -F exit=-EACCES -F uid=61002 -k net",
		"-a always,exit -F arch=b64 -S openat -C uid!=obj_uid -F filetype=dir -F uid=61003 -F key=cmp",
		"-a never,task -F uid=61004",
		"-a always,exit -F arch=b64 -S kill -F a1&=3 -F a2&0x10 -F pid<2 -F gid<=1 -F egid>61005",
	}
}

// sameState fails the test where the kernel differs from the state.
func sameState(t testing.TB, c *Client, want State) {
	t.Helper()
	got, err := snapshot(c)
	if err != nil {
		t.Fatal(err)
	}
	if diffs := differences(want, got); len(diffs) > 0 {
		t.Errorf("state differs: %s", strings.Join(diffs, "; "))
	}
	if rcu, err := readRCU(); err != nil || rcu != "0" {
		t.Errorf("rcu_expedited is %q (%v), should be 0", rcu, err)
	}
	if st, err := c.Status(); err != nil || st.PID != 0 {
		t.Errorf("pid is %d (%v), should be 0", st.PID, err)
	}
}

// awaitState waits until the owner's guards are done, which hold its lock, and looks at what they leave. A journal may
// be left where the owner was killed before its guard and its first change.
func awaitState(t testing.TB, c *Client, runDir string, want State, within time.Duration) {
	t.Helper()
	awaitGuards(t, runDir, within)
	sameState(t, c, want)
	if log := guardLog(runDir); bytes.Contains(log, []byte("not restored")) {
		t.Errorf("guard.log: %s", log)
	}
}

// awaitGuards waits until nobody holds the lock of the lease in runDir.
func awaitGuards(t testing.TB, runDir string, within time.Duration) {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(runDir, "lease.lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for deadline := time.Now().Add(within); unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) != nil; pause(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not restored after %v: %s", within, guardLog(runDir))
		}
	}
}

func guardLog(runDir string) []byte {
	b, _ := os.ReadFile(filepath.Join(runDir, "guard.log"))
	return bytes.TrimSpace(b)
}

// acquire takes a lease in a run directory of the test; it is restored at the end whatever happens.
func acquire(t testing.TB, o Options) *Lease {
	t.Helper()
	if o.RunDir == "" {
		o.RunDir = runDir(t)
	}
	l, err := Acquire(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := l.Restore(); err != nil {
			t.Error(err)
		}
	})
	return l
}

// runDir is a private run directory.
func runDir(t testing.TB) string {
	dir := filepath.Join(t.TempDir(), "run")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}
