package scenarios

import (
	"fmt"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// programs are operations that execute a program and wait for it.
type programs struct {
	site *Site
	path string
	attr syscall.ProcAttr
	null int
}

// trueProgram is the least that can be executed: what is measured is the exec, not the program.
func trueProgram() (string, error) {
	candidates := []string{"/usr/bin/true", "/bin/true"}
	for _, path := range candidates {
		if unix.Access(path, unix.X_OK) == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("no program true: neither %s nor %s can be executed", candidates[0], candidates[1])
}

func (p *programs) setup(site *Site) (err error) {
	p.site, p.null = site, -1
	if p.path, err = trueProgram(); err != nil {
		return err
	}
	// Not os.Open, which would start the runtime's poller.
	if p.null, err = unix.Open("/dev/null", unix.O_RDWR|unix.O_CLOEXEC, 0); err != nil {
		return fmt.Errorf("open /dev/null: %w", err)
	}
	fd := uintptr(p.null)
	p.attr = syscall.ProcAttr{Env: plainEnvironment(), Files: []uintptr{fd, fd, fd}}
	return nil
}

func (p *programs) teardown() error {
	if p.null < 0 {
		return nil
	}
	return unix.Close(p.null)
}

func (p *programs) operations() []operation { return []operation{{"exec", p.exec}} }

// exec goes below os/exec, whose pidfd, pipes and goroutines would be measured too. What is left resembles posix_spawn: a vfork, some sixty
// rt_sigaction in the child, the exec.
func (p *programs) exec() error {
	return runProgram(p.path, p.arguments(), &p.attr)
}

// runProgram executes a program and waits for it; it must end with 0.
func runProgram(path string, argv []string, attr *syscall.ProcAttr) error {
	pid, err := syscall.ForkExec(path, argv, attr)
	if err != nil {
		return fmt.Errorf("execute %s: %w", path, err)
	}
	var status syscall.WaitStatus
	for {
		_, err = syscall.Wait4(pid, &status, 0, nil)
		if err != syscall.EINTR {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("wait for %s: %w", path, err)
	}
	if !status.Exited() || status.ExitStatus() != 0 {
		return fmt.Errorf("%s ended with status %#x", path, int(status))
	}
	return nil
}

// arguments vary in number, one to four behind the name, and in content, as those of a cron job or a build do; EXECVE records carry them.
func (p *programs) arguments() []string {
	args := []string{"true"}
	for range 1 + p.site.Rand.IntN(4) {
		args = append(args, "--job="+strconv.Itoa(100_000+p.site.Rand.IntN(900_000)))
	}
	return args
}
