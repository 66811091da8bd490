package scenarios

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// keepCapabilities lets the calling thread's permitted capabilities outlive a change of user (capabilities(7), PR_SET_KEEPCAPS).
func keepCapabilities() error {
	if _, _, e := unix.RawSyscall(unix.SYS_PRCTL, unix.PR_SET_KEEPCAPS, 1, 0); e != 0 {
		return fmt.Errorf("keep capabilities: %w", e)
	}
	return nil
}

// keepOnlyAuditWrite leaves the calling thread CAP_AUDIT_WRITE alone, and lets the program that it executes keep it: as an ambient capability,
// which takes it among the inheritable ones (capabilities(7)).
func keepOnlyAuditWrite() error {
	const bit = 1 << unix.CAP_AUDIT_WRITE
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	data := [2]unix.CapUserData{{Effective: bit, Permitted: bit, Inheritable: bit}}
	if err := unix.Capset(&header, &data[0]); err != nil {
		return fmt.Errorf("keep CAP_AUDIT_WRITE: %w: the one who starts this must have it, in a container too", err)
	}
	if _, _, e := unix.RawSyscall6(unix.SYS_PRCTL, unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_RAISE, unix.CAP_AUDIT_WRITE, 0, 0, 0); e != 0 {
		return fmt.Errorf("hand CAP_AUDIT_WRITE on: %w", e)
	}
	return nil
}
