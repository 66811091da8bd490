package scenarios

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// dieWithParent asks for SIGKILL when the thread that forked this process ends, and makes sure of it. A change of user clears the request
// (kernel/cred.c, commit_creds) and some execs do (fs/exec.c, begin_new_exec), so both stages ask.
func dieWithParent() error {
	_, _, e := unix.RawSyscall(unix.SYS_PRCTL, unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0)
	if e != 0 {
		return fmt.Errorf("ask for a signal at the parent's death: %w", e)
	}
	var sig int32
	_, _, e = unix.RawSyscall(unix.SYS_PRCTL, unix.PR_GET_PDEATHSIG, uintptr(unsafe.Pointer(&sig)), 0)
	if e != 0 {
		return fmt.Errorf("read the signal at the parent's death: %w", e)
	}
	if sig != int32(unix.SIGKILL) {
		return fmt.Errorf("the signal at the parent's death is %d, not %d", sig, unix.SIGKILL)
	}
	return nil
}
