package kernel

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"golang.org/x/sys/unix"
)

// auditdsOf finds auditds that run with one of these configuration directories (-c DIR), though nobody tracked them.
func auditdsOf(dirs []string) []process {
	if len(dirs) == 0 {
		return nil
	}
	var found []process
	for _, pid := range pids() {
		p, err := identify(pid)
		if err != nil || !p.alive() {
			continue
		}
		cmdline, err := readBounded(fmt.Sprintf("/proc/%d/cmdline", pid))
		if err == nil && runsAuditdIn(cmdline, dirs) {
			found = append(found, p)
		}
	}
	return found
}

// runsAuditdIn reads a /proc/pid/cmdline: "…auditd\0…\0-c\0DIR\0".
func runsAuditdIn(cmdline []byte, dirs []string) bool {
	args := bytes.Split(bytes.TrimRight(cmdline, "\x00"), []byte{0})
	if len(args) < 3 || !bytes.HasSuffix(args[0], []byte("auditd")) {
		return false
	}
	for i := 1; i+1 < len(args); i++ {
		for _, d := range dirs {
			if string(args[i]) == "-c" && string(args[i+1]) == d {
				return true
			}
		}
	}
	return false
}

// auditdAlive is nil while the process runs and can write: else ErrAuditdGone or ErrAuditdStopped.
func auditdAlive(p process) error {
	st, err := p.stat()
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%w: pid %d", ErrAuditdGone, p.PID)
	case err != nil:
		return fmt.Errorf("look at auditd: %w", err)
	case st.state == 'T' || st.state == 't':
		return fmt.Errorf("%w: pid %d: send it SIGCONT", ErrAuditdStopped, p.PID)
	}
	return nil
}

// askAgain is the pause before an auditd is asked once more: 3.0.9 does not always heed the first SIGTERM while auditing
// is off.
const askAgain = 300 * time.Millisecond

// endAuditd asks an auditd to end, so that it writes what it holds and unregisters, and kills it after that time.
func endAuditd(p process, within time.Duration) {
	for deadline := time.Now().Add(within); time.Now().Before(deadline); {
		p.signal(unix.SIGTERM)
		p.signal(unix.SIGCONT) // a stopped one would not see the request
		if p.awaitEnd(askAgain) {
			return
		}
	}
	p.signal(unix.SIGKILL)
	p.awaitEnd(within)
}
