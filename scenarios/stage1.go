package scenarios

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// specVariable carries the spec from stage 1 to stage 2.
const specVariable = "AUDITPROF_SPEC"

// stage1 reads the spec, makes this thread what the spec says and executes stage 2. It returns only when something went wrong, or with nil
// when stdin ended before a spec came.
func stage1(name string, stdin io.Reader) error {
	runtime.LockOSThread()
	line, err := readLine(stdin)
	if err == io.EOF {
		return nil
	}
	if err != nil {
		return fmt.Errorf("spec line: %w", err)
	}
	spec, err := parseSpec(line, name)
	if err != nil {
		return err
	}
	if spec.Binary == "" {
		if spec.Binary, err = os.Readlink("/proc/self/exe"); err != nil {
			return fmt.Errorf("own binary: %w", err)
		}
	}
	if err := become(spec); err != nil {
		return err
	}
	env, err := environment(spec)
	if err != nil {
		return err
	}
	err = syscall.Exec(spec.Binary, []string{name, Word, name, stage2Word}, env)
	return fmt.Errorf("execute %s as uid %d: %w: the binary must be readable and executable for that user", spec.Binary, spec.UID, err)
}

// become changes the calling thread. The order matters: writing a login uid takes privilege, entering the directory must be tried as the
// user, and a change of user clears the parent-death signal (kernel/cred.c, commit_creds).
func become(s Spec) error {
	if s.LoginUID != nil {
		if err := setLoginUID(*s.LoginUID); err != nil {
			return err
		}
	}
	if s.AuditWrite {
		if err := keepCapabilities(); err != nil {
			return err
		}
	}
	if err := setUser(s.UID, s.GID); err != nil {
		return err
	}
	if s.AuditWrite && unix.Geteuid() != 0 {
		if err := keepOnlyAuditWrite(); err != nil {
			return err
		}
	}
	unix.Umask(0o022)
	if err := dieWithParent(); err != nil {
		return err
	}
	if err := unix.Chdir(s.Dir); err != nil {
		return fmt.Errorf("enter data directory %s as uid %d: %w: the harness must make it and give it to that user", s.Dir, unix.Geteuid(), err)
	}
	return nil
}

// setUser drops to uid and gid with no supplementary groups on the calling thread only. Go's own syscall.Setuid would do it on all threads;
// one is enough here, since the exec that follows ends the others.
func setUser(uid, gid uint32) error {
	if uid == 0 || (int(uid) == unix.Geteuid() && int(gid) == unix.Getegid()) {
		return nil
	}
	id, group := uintptr(uid), uintptr(gid)
	if _, _, e := unix.RawSyscall(unix.SYS_SETGROUPS, 0, 0, 0); e != 0 {
		return fmt.Errorf("drop supplementary groups: %w: this takes root", e)
	}
	if _, _, e := unix.RawSyscall(unix.SYS_SETRESGID, group, group, group); e != 0 {
		return fmt.Errorf("become gid %d: %w: this takes root", gid, e)
	}
	if _, _, e := unix.RawSyscall(unix.SYS_SETRESUID, id, id, id); e != 0 {
		return fmt.Errorf("become uid %d: %w: this takes root", uid, e)
	}
	return nil
}

// environment is all that stage 2 gets. The Go settings keep the runtime's own system calls out of the measured window: no collection
// below the memory limit, no preemption signals, and a GOMAXPROCS that is set, since otherwise the runtime reads the cgroup's limits again
// and again (Go 1.25, runtime.SetDefaultGOMAXPROCS). Four: the operations, two acceptors, the reader of orders.
func environment(s Spec) ([]string, error) {
	spec, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	return append(plainEnvironment(),
		"SQLITE_TMPDIR="+filepath.Join(s.Dir, WorkName),
		"GOGC=off", "GOMEMLIMIT=256MiB", "GOMAXPROCS=4", "GODEBUG=asyncpreemptoff=1",
		specVariable+"="+string(spec)), nil
}

// plainEnvironment is what programs started by a workload get.
func plainEnvironment() []string { return []string{"PATH=/usr/bin:/bin", "LANG=C"} }
