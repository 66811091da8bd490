package kernel

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestParseStat(t *testing.T) {
	line := "42 (a) b) (c) S 7 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 1 2 3"
	got, err := parseStat([]byte(line))
	if err != nil || got != (procStat{state: 'S', ppid: 7, startTicks: 987654}) {
		t.Errorf("got %+v, %v", got, err)
	}
	for _, bad := range []string{"", "42 (a S 7", "42 a) S 7", "42 (a) S 7 8", strings.Replace(line, "S 7", "S x", 1), strings.Replace(line, "987654", "-1", 1)} {
		if _, err := parseStat([]byte(bad)); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func FuzzParseStat(f *testing.F) {
	f.Add([]byte("42 (a) b) (c) S 7 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 1 2 3"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if st, err := parseStat(b); err == nil && st.state == 0 {
			t.Error("a stat without a state")
		}
	})
}

func TestReusedPidIsNotKilled(t *testing.T) {
	cmd := exec.Command("sleep", "100")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	p, err := identify(cmd.Process.Pid)
	if err != nil || !p.alive() {
		t.Fatal(p, err)
	}
	earlier := process{PID: p.PID, StartTicks: p.StartTicks - 1}
	if _, err := earlier.stat(); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the pid's earlier process: %v", err)
	}
	earlier.killTree()
	if p.awaitEnd(50 * time.Millisecond) {
		t.Error("a process was killed for another that had its pid")
	}
	p.killTree()
	if !p.awaitEnd(5 * time.Second) {
		t.Error("the process itself was not killed")
	}
}

func TestKillTreeReachesChildren(t *testing.T) {
	cmd := exec.Command("sh", "-c", "sh -c 'sleep 12345.25 & sleep 12345.25' & sleep 12345.25")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := mustIdentify(cmd.Process.Pid)
	var below []process
	for deadline := time.Now().Add(5 * time.Second); len(below) < 4 && time.Now().Before(deadline); pause(time.Millisecond) {
		below = p.descendants()
	}
	if len(below) != 4 {
		t.Fatalf("%d descendants, want 4", len(below))
	}
	p.killTree()
	_ = cmd.Wait()
	for _, b := range below {
		if !b.awaitEnd(5 * time.Second) {
			t.Errorf("%v is left", b)
		}
	}
}

// TestHostAuditdIsNotOurs: whatever else speaks for it, the host's auditd is never ended.
func TestHostAuditdIsNotOurs(t *testing.T) {
	const token = "of-this-test"
	cmd := exec.Command("sleep", "100")
	cmd.Env = []string{tokenVariable + token}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	p := mustIdentify(cmd.Process.Pid)
	for deadline := time.Now().Add(5 * time.Second); len(withToken(token)) == 0 && time.Now().Before(deadline); { // until its exec
		pause(time.Millisecond)
	}
	s := settlement{journal: journal{Token: token, Tracked: []process{p}}}
	if ours, _ := s.ours(); len(ours) != 1 {
		t.Fatalf("ours are %v: the test is no test", ours)
	}
	s.journal.HostAuditd = p
	if ours, auditds := s.ours(); len(ours)+len(auditds) != 0 {
		t.Errorf("the host's auditd is ours: %v, %v", ours, auditds)
	}
}

func TestStoppedProcessState(t *testing.T) {
	cmd := exec.Command("sleep", "100")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	a := &Auditd{process: mustIdentify(cmd.Process.Pid)}
	if err := a.Alive(); err != nil {
		t.Errorf("a running process: %v", err)
	}
	a.process.signal(unix.SIGSTOP)
	for deadline := time.Now().Add(5 * time.Second); a.Alive() == nil && time.Now().Before(deadline); {
		pause(time.Millisecond)
	}
	if err := a.Alive(); !errors.Is(err, ErrAuditdStopped) {
		t.Errorf("a stopped process: %v", err)
	}
	if err := (&Auditd{process: process{PID: os.Getpid()}}).Alive(); !errors.Is(err, ErrAuditdGone) {
		t.Errorf("another process: %v", err)
	}
}
