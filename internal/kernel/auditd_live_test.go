package kernel

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/auditprof/auditprof/internal/audit/rule"
	"golang.org/x/sys/unix"
)

// privateAuditd starts one under a fresh lease.
func privateAuditd(t *testing.T) (*Client, *Lease, *Auditd) {
	t.Helper()
	c := live(t)
	l, a := leasedAuditd(t)
	return c, l, a
}

// leasedAuditd is privateAuditd for a test that is live already.
func leasedAuditd(t *testing.T) (*Lease, *Auditd) {
	t.Helper()
	l := acquire(t, Options{})
	if err := l.Apply(nil, Limits{}); err != nil {
		t.Fatal(err)
	}
	a, err := StartAuditd(l, AuditdOptions{Dir: filepath.Join(t.TempDir(), "auditd")})
	if err != nil {
		t.Fatal(err)
	}
	return l, a
}

// awaitLog waits until a text is in the log.
func awaitLog(t *testing.T, a *Auditd, text string) string {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); ; pause(5 * time.Millisecond) {
		b, err := os.ReadFile(a.LogPath())
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), text) {
			return string(b)
		}
		if time.Now().After(deadline) {
			t.Fatalf("no %q in the log: %s", text, b)
		}
	}
}

func TestPrivateAuditd(t *testing.T) {
	c := live(t)
	if err := os.WriteFile(auditdPIDFile, []byte("4242\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Remove(auditdPIDFile) })
	_, a := leasedAuditd(t)
	if st, err := c.Status(); err != nil || int(st.PID) != a.PID() || a.PID() == 0 {
		t.Errorf("status %+v, %v: want pid %d", st, err, a.PID())
	}
	if err := c.SendUser("op=test nonce=one"); err != nil {
		t.Fatal(err)
	}
	log := awaitLog(t, a, "nonce=one")
	if !strings.Contains(log, "type=DAEMON_START") || !strings.Contains(log, "type=USER ") {
		t.Errorf("log: %s", log)
	}
	// auditd opens the log's own directory to log_group; the one above keeps that group out.
	if info, err := os.Stat(filepath.Dir(filepath.Dir(a.LogPath()))); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("directory of the private auditd: %v, %v", info, err)
	}
	checkTruncate(t, c, a)
	if a.Version == "" || a.LogFormat == "" || len(a.Changed) == 0 || len(a.Conf) < 10 {
		t.Errorf("environment: version %q, format %q, changed %q", a.Version, a.LogFormat, a.Changed)
	}
	if err := a.Stop(); err != nil {
		t.Error(err)
	}
	if err := a.Alive(); !errors.Is(err, ErrAuditdGone) {
		t.Errorf("Alive after Stop: %v", err)
	}
	if b, err := os.ReadFile(auditdPIDFile); err != nil || string(b) != "4242\n" {
		t.Errorf("pid file is %q, %v: not put back", b, err)
	}
	if st, err := c.Status(); err != nil || st.PID != 0 {
		t.Errorf("pid %d after Stop, %v", st.PID, err)
	}
}

// checkTruncate proves that auditd goes on at the start of an emptied log, without a hole.
func checkTruncate(t *testing.T, c *Client, a *Auditd) {
	t.Helper()
	if err := a.Truncate(); err != nil {
		t.Fatal(err)
	}
	if err := c.SendUser("op=test nonce=two"); err != nil {
		t.Fatal(err)
	}
	if log := awaitLog(t, a, "nonce=two"); strings.Contains(log, "nonce=one") || strings.Contains(log, "\x00") {
		t.Errorf("log after Truncate: %q", log)
	}
}

// TestAuditdTakesTheFirstMessage starts it with auditing off: nothing of the kernel's own comes before our first message.
func TestAuditdTakesTheFirstMessage(t *testing.T) {
	c := live(t)
	l := acquire(t, Options{})
	a, err := StartAuditd(l, AuditdOptions{Dir: filepath.Join(t.TempDir(), "auditd")})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Apply(nil, Limits{}); err != nil {
		t.Fatal(err)
	}
	if err := c.SendUser("op=test nonce=first"); err != nil {
		t.Fatal(err)
	}
	awaitLog(t, a, "nonce=first")
}

func TestAuditdKilledOrStopped(t *testing.T) {
	c, _, a := privateAuditd(t)
	if err := a.Alive(); err != nil {
		t.Fatal(err)
	}
	if err := unix.Kill(a.PID(), unix.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Second); a.Alive() == nil && time.Now().Before(deadline); {
		pause(time.Millisecond)
	}
	if err := a.Alive(); !errors.Is(err, ErrAuditdStopped) {
		t.Errorf("Alive of a stopped auditd: %v", err)
	}
	if err := unix.Kill(a.PID(), unix.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-a.exited
	if err := a.Alive(); !errors.Is(err, ErrAuditdGone) {
		t.Errorf("Alive of a killed auditd: %v", err)
	}
	if err := a.Stop(); err != nil {
		t.Error(err)
	}
	if st, err := c.Status(); err != nil || st.PID != 0 {
		t.Errorf("the kernel still has pid %d (%v)", st.PID, err)
	}
}

func TestRestoreEndsAuditd(t *testing.T) {
	c, l, a := privateAuditd(t)
	if err := unix.Kill(a.PID(), unix.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Restore(); err != nil {
		t.Fatal(err)
	}
	if err := a.Alive(); !errors.Is(err, ErrAuditdGone) {
		t.Errorf("auditd after Restore: %v", err)
	}
	sameState(t, c, l.Found())
	if err := a.Stop(); err != nil {
		t.Errorf("Stop after Restore: %v", err)
	}
}

func TestAcquireRefusesAuditd(t *testing.T) {
	_, _, _ = privateAuditd(t)
	c, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := refuse(c, false); !errors.Is(err, ErrAuditdRunning) {
		t.Errorf("got %v, want ErrAuditdRunning", err)
	}
}

// TestMarkedProcessHasNoContext forks one child with the mark and one without under NoContextRule: a rule sees one.
func TestMarkedProcessHasNoContext(t *testing.T) {
	c, l, a := privateAuditd(t)
	missing := filepath.Join(t.TempDir(), "nothing-here")
	open := rule.Wire{List: rule.ListExit, Action: rule.ActionAlways, Fields: []rule.WireField{
		{Type: fieldArch, Op: rule.OpEqual, Value: 0xc000003e}, {Type: rule.FieldExe, Op: rule.OpEqual, Str: "/bin/cat", Value: 8}}}
	if p, err := filepath.EvalSymlinks("/bin/cat"); err == nil {
		open.Fields[1].Str, open.Fields[1].Value = p, uint32(len(p))
	}
	open.Mask[257/32] |= 1 << (257 % 32)
	if err := l.Apply([]rule.Wire{open, NoContextRule()}, Limits{}); err != nil {
		t.Fatal(err)
	}
	start := map[string]func(*exec.Cmd) error{"plain": (*exec.Cmd).Start, "marked": StartMarked}
	for name, f := range start {
		cmd := exec.Command("cat", missing+"-"+name)
		if err := f(cmd); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // it must fail: there is no such file
	}
	if err := c.SendUser("op=test nonce=end"); err != nil {
		t.Fatal(err)
	}
	log := awaitLog(t, a, "nonce=end")
	if !strings.Contains(log, "nothing-here-plain") || strings.Contains(log, "nothing-here-marked") {
		t.Errorf("want the plain process in the log and not the marked one: %s", log)
	}
}

func TestAuditdThatDoesNotStart(t *testing.T) {
	c := live(t)
	l := acquire(t, Options{})
	conf := filepath.Join(t.TempDir(), "auditd.conf")
	if err := os.WriteFile(conf, []byte("log_format = ENRICHED\nnonsense = 1\n"), 0o640); err != nil {
		t.Fatal(err)
	}
	_, err := StartAuditd(l, AuditdOptions{Dir: filepath.Join(t.TempDir(), "auditd"), HostConf: conf})
	if err == nil || !strings.Contains(err.Error(), "auditd -f -c") {
		t.Errorf("got %v, want an error that says how to see why", err)
	}
	if _, err := l.Restore(); err != nil {
		t.Error(err)
	}
	sameState(t, c, l.Found())
	if left := fmt.Sprint(l.journal.Tracked); left != "[]" {
		t.Errorf("still tracked: %s", left)
	}
}
