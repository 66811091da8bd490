package scenarios

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// command is a workload that is a program of the user's: one operation is one run of it, in the work directory, without a shell.
type command struct {
	argv             []string
	prepare, cleanup [][]string
	sources          []source // files that lie in the work directory before prepare
}

type source struct{ name, text string }

// preparing is how long one command of prepare or cleanup may take; the harness waits for a set-up of 30 s.
const preparing = 25 * time.Second

// lastWords is how much of what a failed command wrote is kept.
const lastWords = 300

func (c command) workload() Workload { return &commandRun{command: c, null: -1} }

// commandRun is a command at work. What it starts is in the process group of the workload, which the harness kills as a whole; a program that
// leaves its group is beyond that.
type commandRun struct {
	command
	dir  string
	path string
	attr syscall.ProcAttr
	null int
	done *uint64
}

// Setup writes the sources, runs what prepares, and runs the command once, so that an error of it comes with its words.
func (r *commandRun) Setup(site *Site) (err error) {
	r.dir, r.done = site.Dir, site.Count("command")
	runtime.LockOSThread() // for good: children get their signal when the thread ends that forked
	for _, s := range r.sources {
		if err := os.WriteFile(filepath.Join(r.dir, s.name), []byte(s.text), 0o644); err != nil {
			return fmt.Errorf("write source: %w", err)
		}
	}
	if r.path, err = programPath(r.argv[0]); err != nil {
		return err
	}
	if r.null, err = unix.Open("/dev/null", unix.O_RDWR|unix.O_CLOEXEC, 0); err != nil {
		return fmt.Errorf("open /dev/null: %w", err)
	}
	fd := uintptr(r.null)
	r.attr = syscall.ProcAttr{Dir: r.dir, Env: r.environment(), Files: []uintptr{fd, fd, fd}, Sys: &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}}
	for _, argv := range append(r.prepare, r.argv) {
		if err := r.once(argv); err != nil {
			return err
		}
	}
	return nil
}

// programPath finds a program without asking anybody's PATH.
func programPath(name string) (string, error) {
	if filepath.IsAbs(name) {
		return name, nil
	}
	for _, dir := range []string{"/usr/bin", "/bin"} {
		if path := filepath.Join(dir, name); unix.Access(path, unix.X_OK) == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("no program %s in /usr/bin or /bin: install it, or give its absolute path", name)
}

func (r *commandRun) environment() []string {
	return append(plainEnvironment(), "HOME="+r.dir, "TMPDIR="+r.dir)
}

// once runs a command to its end; the error has its last words.
func (r *commandRun) once(argv []string) error {
	path, err := programPath(argv[0])
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), preparing)
	defer cancel()
	var words tail
	cmd := exec.CommandContext(ctx, path, argv[1:]...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = r.dir, r.environment(), &words, &words
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	cmd.WaitDelay = time.Second // what it left behind with its output open
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w: %s", argv[0], err, bytes.TrimSpace(words.kept))
	}
	return nil
}

// tail keeps the end of what is written.
type tail struct{ kept []byte }

func (t *tail) Write(b []byte) (int, error) {
	t.kept = append(t.kept, b[max(0, len(b)-lastWords):]...)
	t.kept = t.kept[max(0, len(t.kept)-lastWords):]
	return len(b), nil
}

// Do runs the command once, with as few calls of our own as exec of a mix.
func (r *commandRun) Do() error {
	*r.done++
	return runProgram(r.path, r.argv, &r.attr)
}

// Teardown runs what cleans up.
func (r *commandRun) Teardown() error {
	var err error
	if r.dir != "" {
		for _, argv := range r.cleanup {
			err = errors.Join(err, r.once(argv))
		}
	}
	if r.null >= 0 {
		err = errors.Join(err, unix.Close(r.null))
	}
	return err
}
