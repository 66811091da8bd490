package scenarios

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"

	"golang.org/x/sys/unix"
)

// The kernel lets a thread write its own login uid only (fs/proc/base.c, proc_loginuid_write), so the path names the calling thread.
const loginUIDPath = "/proc/thread-self/loginuid"

// setLoginUID sets the login uid of the calling thread. A value that is already there is not written again: each write makes a LOGIN record
// and a new session (kernel/auditsc.c, audit_set_loginuid).
func setLoginUID(want uint32) error {
	now, err := loginUID()
	if err != nil {
		return err
	}
	if now == want {
		return nil
	}
	writeErr := writeLoginUID(want)
	now, err = loginUID()
	if err != nil {
		return err
	}
	if now != want {
		return fmt.Errorf("login uid is %d, not %d (%v): this takes CAP_AUDIT_CONTROL, and no immutable or only-unset login uid feature", now, want, writeErr)
	}
	return nil
}

// loginUID reads the login uid of the calling thread; a kernel without audit has none, which counts as unset.
func loginUID() (uint32, error) {
	fd, err := unix.Open(loginUIDPath, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if errors.Is(err, unix.ENOENT) {
		return LoginUIDUnset, nil
	}
	if err != nil {
		return 0, fmt.Errorf("open %s: %w", loginUIDPath, err)
	}
	defer unix.Close(fd)
	buf := make([]byte, 16)
	n, err := unix.Read(fd, buf)
	if err != nil {
		return 0, fmt.Errorf("read %s: %w", loginUIDPath, err)
	}
	v, err := strconv.ParseUint(string(bytes.TrimSpace(buf[:n])), 10, 32)
	if err != nil {
		return 0, fmt.Errorf("read %s: %w", loginUIDPath, err)
	}
	return uint32(v), nil
}

func writeLoginUID(want uint32) error {
	fd, err := unix.Open(loginUIDPath, unix.O_WRONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	_, err = unix.Write(fd, strconv.AppendUint(nil, uint64(want), 10))
	return err
}
