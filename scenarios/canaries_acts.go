package scenarios

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

func (c *canaryRound) execTmp() error {
	return c.run(filepath.Join(c.tmp, "auditprof-canary-program"))
}

func (c *canaryRound) shell() error { return c.run("/bin/sh", "-c", ":") }

// setuidExec asks a setuid program for its version only.
func (c *canaryRound) setuidExec() error {
	for _, path := range []string{"/usr/bin/su", "/bin/su"} {
		if unix.Access(path, unix.X_OK) == nil {
			return c.run(path, "--version")
		}
	}
	return errors.New("there is no su here")
}

func (c *canaryRound) sshKey() error {
	return os.WriteFile(filepath.Join(c.site.Dir, "home", ".ssh", "authorized_keys"), []byte("# auditprof\n"), 0o600)
}

// How a file is opened that must be refused.
const (
	readOnly  = unix.O_RDONLY
	appending = unix.O_WRONLY | unix.O_APPEND
	creating  = unix.O_WRONLY | unix.O_CREAT | unix.O_EXCL
)

// refusedOpen opens a file that only root may open so. A file that is made against expectation is removed again.
func refusedOpen(path string, flags int) func(*canaryRound) error {
	return func(*canaryRound) error {
		if unix.Geteuid() == 0 {
			return errPrivileged
		}
		fd, err := unix.Open(path, flags|unix.O_CLOEXEC, 0o600)
		if err == nil {
			unix.Close(fd)
			if flags&unix.O_EXCL != 0 {
				unix.Unlink(path)
			}
		}
		return refusedWith(err, fs.ErrPermission, fs.ErrNotExist, fs.ErrExist, unix.EROFS)
	}
}

func (c *canaryRound) deleteLog() error { return unix.Unlink(c.files["auth.log"]) }

func (c *canaryRound) renameLog() error {
	return unix.Rename(c.files["auth.log "], c.files["auth.log "]+".old")
}

func (c *canaryRound) setuidBit() error { return unix.Chmod(c.files["setuid-canary"], 0o4700) }

// capability writes a value that no kernel takes, and that only root could write.
func (c *canaryRound) capability() error {
	err := unix.Setxattr(c.files["capability-canary"], "security.capability", []byte{1}, 0)
	return refusedWith(err, unix.EPERM, unix.EINVAL, unix.EOPNOTSUPP)
}

// ptrace seizes a child, which does not stop it, and writes to it, which is refused since it runs.
func (c *canaryRound) ptrace() error {
	pid, err := c.start("/bin/sleep", nil, "60")
	if err != nil {
		return err
	}
	defer func() { unix.Kill(pid, unix.SIGKILL); reap(pid) }()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for _, request := range []uintptr{unix.PTRACE_SEIZE, unix.PTRACE_POKETEXT} {
		if _, _, e := unix.RawSyscall6(unix.SYS_PTRACE, request, uintptr(pid), 0, 0, 0, 0); e != 0 && e != unix.ESRCH && e != unix.EPERM {
			return e
		}
	}
	return nil
}

func (c *canaryRound) mount() error {
	if unix.Geteuid() == 0 {
		return errPrivileged
	}
	return refusedWith(unix.Mount("none", c.site.Dir, "tmpfs", unix.MS_RDONLY, ""), unix.EPERM)
}

// unshare has a child do it, which then executes true.
func (c *canaryRound) unshare() error {
	path, err := trueProgram()
	if err != nil {
		return err
	}
	pid, err := c.start(path, &syscall.SysProcAttr{Unshareflags: unix.CLONE_NEWUSER})
	if err != nil {
		return refusedWith(err, unix.EPERM, unix.ENOSPC, unix.EINVAL)
	}
	return reap(pid)
}

func (c *canaryRound) module() error {
	if unix.Geteuid() == 0 {
		return errPrivileged
	}
	return errors.Join(
		refusedWith(unix.InitModule([]byte{0}, ""), unix.EPERM, unix.ENOSYS),
		refusedWith(unix.FinitModule(c.null, "", 0), unix.EPERM, unix.ENOSYS),
		refusedWith(unix.DeleteModule("auditprof_canary", unix.O_NONBLOCK), unix.EPERM, unix.ENOSYS))
}

// bpf loads a program of no size.
func (c *canaryRound) bpf() error {
	const progLoad = 5 // include/uapi/linux/bpf.h: BPF_PROG_LOAD
	var attr [8]uint64
	return raw(unix.SYS_BPF, progLoad, uintptr(unsafe.Pointer(&attr)), unsafe.Sizeof(attr))
}

func (c *canaryRound) kexec() error { return raw(unix.SYS_KEXEC_LOAD, 0, 0, 0) }

func (c *canaryRound) becomeRoot() error { return raw(unix.SYS_SETRESUID, 0, 0, 0) }

// clock sets a time that is none.
func (c *canaryRound) clock() error {
	t := unix.Timespec{Nsec: -1}
	return raw(unix.SYS_CLOCK_SETTIME, unix.CLOCK_REALTIME, uintptr(unsafe.Pointer(&t)), 0)
}

func (c *canaryRound) hostname() error { return raw(unix.SYS_SETHOSTNAME, 0, 0, 0) }

// raw makes a system call on this thread that must be refused.
func raw(nr, a0, a1, a2 uintptr) error {
	if unix.Geteuid() == 0 {
		return errPrivileged
	}
	_, _, e := unix.RawSyscall(nr, a0, a1, a2)
	if e == 0 {
		return refusedWith(nil)
	}
	return refusedWith(e, unix.EPERM, unix.EINVAL, unix.EACCES, unix.EFAULT, unix.ENOSYS)
}

// connect goes to a port of its own that never listens.
func (c *canaryRound) connect() error {
	fd, to, err := bindTCP()
	if err != nil {
		return err
	}
	return errors.Join(refused(unix.AF_INET, to, unix.ECONNREFUSED), unix.Close(fd))
}
