package kernel

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/auditprof/auditprof/internal/audit/rule"
	"golang.org/x/sys/unix"
)

// TestGuardWorksWhileTheBacklogIsFull: auditd is stopped, the queue is tiny, and a marked workload floods it. The guard
// must still restore when the owner is killed, though every record waits.
func TestGuardWorksWhileTheBacklogIsFull(t *testing.T) {
	c := live(t)
	found := varied(t, c)
	o := startOwner(t, "15s", "flood")
	o.awaitAcquired(t)
	o.await(t, "flooding")
	awaitWaits(t, c)
	o.end()
	awaitState(t, c, o.runDir, found, 5*time.Second)
	if left := auditdsOf([]string{filepath.Join(o.runDir, "auditd")}); len(left) != 0 {
		t.Errorf("auditds are left: %v", left)
	}
}

// TestWatchdogWorksWhileTheBacklogIsFull is the same with an owner that stops beating.
func TestWatchdogWorksWhileTheBacklogIsFull(t *testing.T) {
	c := live(t)
	found := varied(t, c)
	o := startOwner(t, "3s", "flood")
	o.awaitAcquired(t)
	o.await(t, "flooding")
	awaitWaits(t, c)
	if err := o.cmd.Process.Signal(unix.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { _, _ = io.Copy(io.Discard, o.out); close(done) }()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("the watchdog did not end the owner")
	}
	awaitState(t, c, o.runDir, found, 5*time.Second)
}

// awaitWaits returns once tasks wait for the backlog: the kernel's sum of waits grows.
func awaitWaits(t *testing.T, c *Client) {
	t.Helper()
	before, err := c.Status()
	for deadline := time.Now().Add(5 * time.Second); err == nil; pause(5 * time.Millisecond) {
		var now Status
		if now, err = c.Status(); err == nil && now.BacklogWaitTimeActual > before.BacklogWaitTimeActual {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("nobody waits for the backlog: the test is no test")
		}
	}
	t.Fatal(err)
}

// flood loads a rule for every syscall of marked processes, starts two of them and stops auditd, in this order: the
// thread that starts them is marked for that moment, and with auditd stopped it would wait for seconds itself.
func flood(l *Lease, dir string) error {
	wait, backlog := uint32(100), uint32(5)
	all := rule.Wire{List: rule.ListExit, Action: rule.ActionAlways,
		Fields: []rule.WireField{{Type: rule.FieldPers, Op: rule.OpEqual, Value: MarkPersonality}}}
	for i := range all.Mask[:63] {
		all.Mask[i] = ^uint32(0)
	}
	all.Mask[63] = 0xffff
	if err := l.Apply([]rule.Wire{all}, Limits{BacklogWaitTime: &wait, BacklogLimit: &backlog}); err != nil {
		return err
	}
	a, err := StartAuditd(l, AuditdOptions{Dir: filepath.Join(dir, "auditd")})
	if err != nil {
		return err
	}
	const loop = "while :; do read x </proc/self/stat; done"
	cmd := exec.Command("sh", "-c", loop+" & "+loop)
	cmd.Dir, cmd.Stderr = "/", os.Stderr
	if err := l.Start(cmd, true); err != nil {
		return err
	}
	return unix.Kill(a.PID(), unix.SIGSTOP)
}
