package scenarios

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// canaryRound does all canaries, one after the other.
type canaryRound struct {
	site  *Site
	null  int
	files map[string]string // made in Setup, by name
	tmp   string            // a private directory in /tmp
	done  []*uint64
}

// errPrivileged: what is refused to others would change this host if root did it.
var errPrivileged = errors.New("not done by root")

// Setup makes what the acts need, so that the acts alone are in the window.
func (c *canaryRound) Setup(site *Site) (err error) {
	c.site, c.null = site, -1
	for _, a := range canaryActs {
		c.done = append(c.done, site.Count(a.Name))
	}
	if c.null, err = unix.Open("/dev/null", unix.O_RDWR|unix.O_CLOEXEC, 0); err != nil {
		return fmt.Errorf("open /dev/null: %w", err)
	}
	c.files = map[string]string{}
	for name, in := range map[string]string{"auth.log": "deleted", "auth.log ": "renamed", "setuid-canary": ".", "capability-canary": "."} {
		path := filepath.Join(site.Dir, in, strings.TrimSpace(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			return err
		}
		c.files[name] = path
	}
	if err := os.MkdirAll(filepath.Join(site.Dir, "home", ".ssh"), 0o700); err != nil {
		return err
	}
	return c.dropProgram()
}

// dropProgram lays a copy of true into /tmp.
func (c *canaryRound) dropProgram() error {
	path, err := trueProgram()
	if err != nil {
		return err
	}
	program, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if c.tmp, err = os.MkdirTemp("/tmp", "auditprof-canary-"); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(c.tmp, "auditprof-canary-program"), program, 0o700)
}

// Do does them all. What cannot be done here is told and ends nothing.
func (c *canaryRound) Do() error {
	for i, a := range canaryActs {
		err := a.do(c)
		if err != nil {
			c.site.Trouble(a.Name, err)
			continue
		}
		*c.done[i]++
	}
	return nil
}

// Teardown removes what lies outside the work directory.
func (c *canaryRound) Teardown() error {
	if c.null >= 0 {
		unix.Close(c.null)
	}
	if c.tmp == "" {
		return nil
	}
	return os.RemoveAll(c.tmp)
}

// start executes a program without waiting for it. Input and output are /dev/null.
func (c *canaryRound) start(path string, sys *syscall.SysProcAttr, args ...string) (pid int, err error) {
	fd := uintptr(c.null)
	return syscall.ForkExec(path, append([]string{filepath.Base(path)}, args...),
		&syscall.ProcAttr{Env: plainEnvironment(), Files: []uintptr{fd, fd, fd}, Sys: sys})
}

// run executes a program to its end, whatever that is.
func (c *canaryRound) run(path string, args ...string) error {
	pid, err := c.start(path, nil, args...)
	if err != nil {
		return fmt.Errorf("execute %s: %w", path, err)
	}
	return reap(pid)
}

func reap(pid int) error {
	for {
		var status syscall.WaitStatus
		_, err := syscall.Wait4(pid, &status, 0, nil)
		if err == syscall.EINTR || err == nil && !status.Exited() && !status.Signaled() {
			continue
		}
		return err
	}
}

// refusedWith takes the errors with which an act that was done may be refused.
func refusedWith(err error, expected ...error) error {
	for _, e := range expected {
		if errors.Is(err, e) {
			return nil
		}
	}
	if err == nil {
		return errors.New("it was allowed")
	}
	return err
}
