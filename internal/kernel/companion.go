package kernel

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// companion is a guard or a watchdog as its owner sees it: a process at the other end of a pipe.
type companion struct {
	name   string
	cmd    *exec.Cmd
	exited chan struct{}

	mu   sync.Mutex
	line int // writing end, -1 when closed; it must never be inherited: its end tells the guard to restore
}

// startCompanion starts a hidden command without audit context (NoContextRule must be loaded) and waits until it is
// ready. Argument arg is the command's own; files are inherited after the line and the ready pipe.
func startCompanion(name, arg string, log *os.File, files ...*os.File) (*companion, error) {
	me, err := identify(os.Getpid())
	if err != nil {
		return nil, err
	}
	var line [2]int
	if err := unix.Pipe2(line[:], unix.O_CLOEXEC); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	lineEnd := os.NewFile(uintptr(line[0]), "line")
	defer lineEnd.Close()
	c := &companion{name: name, line: line[1], exited: make(chan struct{})}
	readyRead, readyWrite, err := os.Pipe()
	if err == nil {
		err = unix.SetNonblock(line[1], true)
	}
	if err != nil {
		c.hangUp()
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	defer readyRead.Close()
	cmd := &exec.Cmd{
		Path: "/proc/self/exe", Args: []string{"auditprof", name, arg, me.String()}, Dir: "/", Stderr: log,
		ExtraFiles:  append([]*os.File{lineEnd, readyWrite}, files...),
		SysProcAttr: &syscall.SysProcAttr{Setsid: true},
	}
	err = StartMarked(cmd)
	readyWrite.Close()
	if err != nil {
		c.hangUp()
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	c.cmd = cmd
	go func() { _ = cmd.Wait(); close(c.exited) }() // its exit code says nothing that the journal does not
	if err := awaitReady(readyRead); err != nil {
		c.kill()
		return nil, fmt.Errorf("start %s: it did not get ready (see guard.log in the run directory): %w", name, err)
	}
	return c, nil
}

func awaitReady(r *os.File) error {
	if err := r.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return err
	}
	_, err := r.Read(make([]byte, 1))
	return err
}

// say writes one byte and never waits: a full pipe holds beats enough.
func (c *companion) say(b byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.line < 0 {
		return nil
	}
	for {
		if _, err := unix.Write(c.line, []byte{b}); !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}

// dismiss tells the companion that all is restored, and waits for its end.
func (c *companion) dismiss() {
	if c == nil {
		return
	}
	// A watchdog that does not read (stopped, say) has a full pipe: it is killed below.
	_ = c.say(byteDone)
	select {
	case <-c.exited:
		c.hangUp()
	case <-time.After(3 * time.Second):
		c.kill()
	}
}

// kill ends the companion before it can see the end of its pipe.
func (c *companion) kill() {
	_ = c.cmd.Process.Kill() // the error says that it ended already
	<-c.exited
	c.hangUp()
}

func (c *companion) hangUp() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.line >= 0 {
		unix.Close(c.line)
		c.line = -1
	}
}
