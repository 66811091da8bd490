package kernel

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// owner is a running ownerMain.
type owner struct {
	cmd             *exec.Cmd
	out             *bufio.Reader
	guard, watchdog int
	runDir          string
}

func startOwner(t *testing.T, limit, what string) *owner {
	t.Helper()
	o := &owner{runDir: runDir(t)}
	o.cmd = exec.Command("/proc/self/exe", ownerCommand, o.runDir, limit, what)
	o.cmd.Stderr = os.Stderr
	r, err := o.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	o.out = bufio.NewReader(r)
	if err := o.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { o.end(); emptyRunDir(t, o) })
	o.await(t, "started")
	return o
}

// await reads lines up to one that starts with word.
func (o *owner) await(t *testing.T, word string) string {
	t.Helper()
	for {
		line, err := o.out.ReadString('\n')
		if err != nil {
			t.Fatalf("owner ended before %q: %v", word, err)
		}
		if strings.HasPrefix(line, word) {
			return line
		}
	}
}

func (o *owner) awaitAcquired(t *testing.T) {
	t.Helper()
	line := o.await(t, "acquired")
	if _, err := fmt.Sscanf(line, "acquired %d %d", &o.guard, &o.watchdog); err != nil {
		t.Fatalf("%q: %v", line, err)
	}
}

// end kills the owner and waits; it may be called again. The pipe is read to its end first so that Wait returns.
func (o *owner) end() {
	_ = o.cmd.Process.Kill()
	_, _ = io.Copy(io.Discard, o.out)
	_ = o.cmd.Wait()
}

// emptyRunDir waits for the guard, so that the next test does not meet it.
func emptyRunDir(t *testing.T, o *owner) {
	if _, err := RestoreStale(Options{RunDir: o.runDir}); err != nil && !errors.Is(err, ErrNotRestored) {
		t.Errorf("restore after the test: %v", err)
	}
}

func TestKilledOwnerIsRestored(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	for i := range 12 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			c := live(t)
			found := varied(t, c)
			auditctl(t, fmt.Sprintf("-e %d", i%2))
			found.Enabled = uint32(i % 2)
			o := startOwner(t, "15s", "work")
			delay := time.Duration(random.IntN(400)) * time.Millisecond
			if i < 4 {
				delay = time.Duration(random.IntN(30)) * time.Millisecond // while it acquires
			}
			time.Sleep(delay)
			o.end()
			awaitState(t, c, o.runDir, found, 5*time.Second)
			if left := workloads(); len(left) != 0 {
				t.Errorf("after %v: workload processes are left: %v", delay, left)
			}
			if left := auditdsOf([]string{o.runDir + "/auditd"}); len(left) != 0 {
				t.Errorf("after %v: auditds are left: %v", delay, left)
			}
			if _, err := os.Stat(auditdPIDFile); !os.IsNotExist(err) {
				t.Errorf("after %v: %s is left (%v)", delay, auditdPIDFile, err)
			}
		})
	}
}

func TestStaleJournalIsRestored(t *testing.T) {
	c := live(t)
	found := varied(t, c)
	o := startOwner(t, "15s", "work")
	o.awaitAcquired(t)
	o.await(t, "round 1")
	for _, pid := range []int{o.guard, o.watchdog} {
		if err := unix.Kill(pid, unix.SIGKILL); err != nil {
			t.Fatal(err)
		}
	}
	o.end()
	if got, err := snapshot(c); err != nil || len(differences(found, got)) == 0 {
		t.Fatalf("nothing to restore: the test is no test (%v)", err)
	}
	restored, err := RestoreStale(Options{RunDir: o.runDir})
	if err != nil || !restored.Stale || len(restored.Changed) == 0 {
		t.Fatalf("RestoreStale: %+v, %v", restored, err)
	}
	awaitState(t, c, o.runDir, found, time.Second)
	if left := workloads(); len(left) != 0 {
		t.Errorf("workload processes are left: %v", left)
	}
	if again, err := RestoreStale(Options{RunDir: o.runDir}); err != nil || again.Stale {
		t.Errorf("second RestoreStale: %+v, %v", again, err)
	}
}

func TestNextLeaseRestoresFirst(t *testing.T) {
	c := live(t)
	found := varied(t, c)
	o := startOwner(t, "15s", "hang")
	o.awaitAcquired(t)
	o.await(t, "hanging")
	if err := unix.Kill(o.guard, unix.SIGKILL); err != nil {
		t.Fatal(err)
	}
	o.end()
	l := acquire(t, Options{RunDir: o.runDir})
	if !l.Recovered().Stale {
		t.Error("the new lease says that there was nothing to restore")
	}
	if diffs := differences(found, l.Found()); len(diffs) != 0 {
		t.Errorf("the new lease took the state of the old one for the found one: %v", diffs)
	}
}

func TestWatchdogEndsStoppedOwner(t *testing.T) {
	c := live(t)
	found := varied(t, c)
	o := startOwner(t, "3s", "hang")
	o.awaitAcquired(t)
	o.await(t, "hanging")
	if err := o.cmd.Process.Signal(unix.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, o.out) // until it is killed
	awaitState(t, c, o.runDir, found, 5*time.Second)
	if log := string(guardLog(o.runDir)); !strings.Contains(log, "no progress") || !strings.Contains(log, "restored after") {
		t.Errorf("guard.log: %q", log)
	}
}

func TestCompanionsHaveNoContextAndIgnoreCtrlC(t *testing.T) {
	live(t)
	l := acquire(t, Options{})
	for _, pid := range []int{l.guard.cmd.Process.Pid, l.watchdog.cmd.Process.Pid} {
		for _, sig := range []unix.Signal{unix.SIGINT, unix.SIGTERM, unix.SIGHUP} {
			if err := unix.Kill(pid, sig); err != nil {
				t.Error(err)
			}
		}
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/personality", pid))
		if err != nil || strings.TrimSpace(string(b)) != "00080000" {
			t.Errorf("personality of %d is %q (%v)", pid, b, err)
		}
		if sid, err := unix.Getsid(pid); err != nil || sid != pid {
			t.Errorf("session of %d is %d (%v)", pid, sid, err)
		}
	}
	time.Sleep(50 * time.Millisecond)
	for _, c := range []*companion{l.guard, l.watchdog} {
		select {
		case <-c.exited:
			t.Errorf("%s ended on a signal that is for its owner", c.name)
		default:
		}
	}
	if b, err := os.ReadFile("/proc/self/personality"); err != nil || strings.TrimSpace(string(b)) != "00000000" {
		t.Errorf("our own personality is %q (%v)", b, err)
	}
}

func TestBeatsKeepTheLease(t *testing.T) {
	c := live(t)
	dir := runDir(t)
	l := acquire(t, Options{RunDir: dir, WatchdogAfter: 3 * time.Second})
	for range 20 {
		time.Sleep(200 * time.Millisecond)
		l.Beat()
	}
	// Many beats at once fill the pipe; none may block, and the last byte must still be heard.
	for range 200_000 {
		l.Beat()
	}
	if _, err := l.Restore(); err != nil {
		t.Fatal(err)
	}
	if log := guardLog(dir); len(log) != 0 {
		t.Errorf("guard.log: %s", log)
	}
	sameState(t, c, l.Found())
}
