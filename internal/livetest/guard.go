package livetest

import (
	"bytes"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// A test that is killed runs no clean-up: rules of its own would stay loaded, and every later live test would find the machine in use. So each
// has a guard while it has its turn: the test binary once more, in a session of its own, with the lock and the end of a pipe. Where the pipe
// closes without a word the guard ends what the test started and puts the state back, and only then the lock is free. The state was found
// idle, so nothing of anybody else's is in it.

const (
	// guardVariable makes a test binary a guard; its value is the state that was found.
	guardVariable = "AUDITPROF_LIVETEST_GUARD"
	// turnVariable marks whatever a test starts with the guard that it has.
	turnVariable = "AUDITPROF_LIVETEST_TURN"

	byteDone = 'd'

	// What a test started has this long to end when it is asked, a bench with rules to take away among it; then it is killed.
	endWithin = 15 * time.Second
	// restoreTries bounds what a guard does to a state that will not come back.
	restoreTries = 5
)

// The files that a guard inherits: the reading end of its test's pipe, the lock, and where it says its turn once it listens.
const (
	fdLine = 3 + iota
	fdLock
	fdReady
)

func init() {
	if found, is := os.LookupEnv(guardVariable); is {
		guard(found)
		os.Exit(0)
	}
}

// guard waits for the end of its test.
func guard(found string) {
	signal.Ignore(unix.SIGINT, unix.SIGTERM, unix.SIGHUP, unix.SIGQUIT, unix.SIGPIPE)
	unix.CloseOnExec(fdLine)
	unix.CloseOnExec(fdLock)
	os.Unsetenv(guardVariable)
	_, _ = unix.Write(fdReady, []byte{byteDone}) // whoever does not hear it is dead, which the pipe tells next
	unix.Close(fdReady)
	var said [1]byte
	n, err := unix.Read(fdLine, said[:])
	for err == unix.EINTR {
		n, err = unix.Read(fdLine, said[:])
	}
	if n == 1 && said[0] == byteDone {
		return
	}
	endTurn(turnVariable + "=" + strconv.Itoa(os.Getpid()))
	for range restoreTries {
		putBack(found)
		if now, ok := state(); ok && now == found {
			return
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// endTurn ends the processes of a turn. They are asked first: a bench gives back what it found, and a guard of its own ends only then.
func endTurn(turn string) {
	for began := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		pids := ofTurn(turn)
		if len(pids) == 0 || time.Since(began) > 2*endWithin {
			return
		}
		for _, pid := range pids {
			if time.Since(began) > endWithin {
				_ = unix.Kill(pid, unix.SIGKILL) // an error says that it ended meanwhile, as with the others
				continue
			}
			_ = unix.Kill(pid, unix.SIGTERM)
			_ = unix.Kill(pid, unix.SIGCONT)
		}
	}
}

// ofTurn are the processes that carry the mark of a turn in their environment (proc(5)); one that has ended has none.
func ofTurn(turn string) (pids []int) {
	environs, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, path := range environs {
		b, _ := os.ReadFile(path)
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		if err == nil && pid != os.Getpid() && bytes.Contains(append([]byte{0}, b...), []byte("\x00"+turn+"\x00")) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// putBack takes every rule away and gives each setting the value that it was found with. Auditing is off first: then nobody waits.
func putBack(found string) {
	lines := [][]string{{"-e", "0"}, {"-D"}}
	for line := range strings.Lines(found) {
		flag := map[string]string{"failure": "-f", "rate_limit": "-r", "backlog_limit": "-b", "backlog_wait_time": "--backlog_wait_time"}
		if f := strings.Fields(line); len(f) == 2 && flag[f[0]] != "" {
			lines = append(lines, []string{flag[f[0]], f[1]})
		}
	}
	for _, args := range lines {
		_ = exec.Command(Program("auditctl"), args...).Run() // the state is compared behind it
	}
}

// arm starts the guard of t's turn, which ends before the lock is given back.
func arm(t testing.TB, lock *os.File, found string) {
	t.Helper()
	lineEnd, line, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer lineEnd.Close()
	heard, ready, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer heard.Close()
	cmd := &exec.Cmd{Path: "/proc/self/exe", Args: []string{"livetest guard of " + t.Name()}, Dir: "/",
		Env:        append(os.Environ(), guardVariable+"="+found),
		ExtraFiles: []*os.File{lineEnd, lock, ready}, SysProcAttr: &syscall.SysProcAttr{Setsid: true}}
	err = cmd.Start()
	ready.Close()
	if err != nil {
		t.Fatalf("start the guard of a live test: %v", err)
	}
	t.Cleanup(func() { disarm(t, cmd, line, found) })
	if _, err := heard.Read(make([]byte, 1)); err != nil {
		t.Fatalf("the guard of a live test did not get ready: %v", err)
	}
	os.Setenv(turnVariable, strconv.Itoa(cmd.Process.Pid))
}

// disarm sends the guard away where the state is as found, and lets it put the state back where it is not: t has failed for that already.
func disarm(t testing.TB, guard *exec.Cmd, line *os.File, found string) {
	os.Unsetenv(turnVariable)
	if now, ok := state(); ok && now == found {
		_, _ = line.Write([]byte{byteDone}) // a guard that is dead has nothing to hear
	}
	line.Close()
	timer := time.AfterFunc(3*endWithin, func() { guard.Process.Kill() })
	defer timer.Stop()
	if err := guard.Wait(); err != nil {
		t.Errorf("the guard of a live test: %v", err)
	}
}
