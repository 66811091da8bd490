package probe

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// actorVariable makes the test binary an actor: a process that makes the system calls it is told to, on one thread.
const actorVariable = "AUDITPROF_PROBE_ACTOR"

func TestMain(m *testing.M) {
	if os.Getenv(actorVariable) != "" {
		runtime.LockOSThread()
		act(os.Stdin, os.Stdout)
		return
	}
	os.Exit(m.Run())
}

// act obeys lines "WHAT NUMBER" and answers each with "done". None of the calls is one that the Go runtime makes.
func act(in io.Reader, out io.Writer) {
	acts := map[string]func(n int){"getppid": getppid, "sleep": sleep, "spin": spin, "child": child, "fork": fork}
	for lines := bufio.NewScanner(in); lines.Scan(); {
		var what string
		var n int
		if _, err := fmt.Sscan(lines.Text(), &what, &n); err != nil {
			fmt.Fprintln(out, err)
			return
		}
		acts[what](n)
		fmt.Fprintln(out, "done")
	}
}

func getppid(n int) {
	for range n {
		syscall.RawSyscall(syscall.SYS_GETPPID, 0, 0, 0)
	}
}

// sleep sleeps n times for 5 ms.
func sleep(n int) {
	for range n {
		ts := syscall.NsecToTimespec((5 * time.Millisecond).Nanoseconds())
		syscall.Syscall6(syscall.SYS_CLOCK_NANOSLEEP, 1, 0, uintptr(unsafe.Pointer(&ts)), 0, 0, 0)
	}
}

// spin is on its CPU for n ms, without a system call.
func spin(n int) {
	for end := time.Now().Add(time.Duration(n) * time.Millisecond); time.Now().Before(end); {
	}
}

// child has a process of its own make n calls.
func child(n int) {
	cmd := exec.Command("/proc/self/exe")
	cmd.Env, cmd.Stdin = append(os.Environ(), actorVariable+"=1"), strings.NewReader(fmt.Sprintf("getppid %d\n", n))
	if err := cmd.Run(); err != nil {
		panic(err)
	}
}

// fork makes n children one after the other, each of which makes one getsid and ends.
func fork(n int) {
	for range n {
		pid, _, _ := syscall.RawSyscall6(syscall.SYS_CLONE, uintptr(syscall.SIGCHLD), 0, 0, 0, 0, 0)
		if pid == 0 {
			syscall.RawSyscall(syscall.SYS_GETSID, 0, 0, 0)
			syscall.RawSyscall(syscall.SYS_EXIT_GROUP, 0, 0, 0)
		}
		syscall.Wait4(int(pid), nil, 0, nil)
	}
}

// actor is one started actor.
type actor struct {
	t     *testing.T
	cmd   *exec.Cmd
	in    io.WriteCloser
	lines *bufio.Scanner
}

func startActor(t *testing.T) *actor {
	t.Helper()
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), actorVariable+"=1")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	a := &actor{t: t, cmd: cmd, in: in, lines: bufio.NewScanner(out)}
	t.Cleanup(func() { in.Close(); cmd.Wait() })
	a.do("getppid 0") // it is there, and locked to its thread
	return a
}

func (a *actor) pid() int { return a.cmd.Process.Pid }

func (a *actor) do(order string) {
	a.t.Helper()
	fmt.Fprintln(a.in, order)
	if !a.lines.Scan() || a.lines.Text() != "done" {
		a.t.Fatalf("order %q: %q", order, a.lines.Text())
	}
}

func taskFile(pid, tid int, name string) string {
	return fmt.Sprintf("/proc/%d/task/%d/%s", pid, tid, name)
}

func scan(t *testing.T, text string, into ...any) {
	t.Helper()
	if _, err := fmt.Sscan(text, into...); err != nil {
		t.Fatal(err)
	}
}
