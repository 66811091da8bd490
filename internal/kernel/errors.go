package kernel

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// Reasons for which the door stays shut. All are wrapped with what was being done.
var (
	// ErrNoPrivilege: the caller may not control auditing (CAP_AUDIT_CONTROL).
	ErrNoPrivilege = errors.New("auditing needs root: run as root or with sudo")
	// ErrNoAudit: this kernel was built without auditing.
	ErrNoAudit = errors.New("this kernel has no audit support: run on a kernel with CONFIG_AUDIT and CONFIG_AUDITSYSCALL")
	// ErrNamespace: the caller is in a container; auditing is controlled from the host's own namespaces only.
	ErrNamespace = errors.New("auditing cannot be controlled from a container: run on the host, in its first user and pid namespaces")
	// ErrImmutable: auditing was locked with -e 2.
	ErrImmutable = errors.New("audit rules are locked until the next boot (enabled is 2): reboot without -e 2 in the rules")
	// ErrHeld: another process has the lease.
	ErrHeld = errors.New("audit slot held")
	// ErrAuditdRunning: an auditd serves this machine.
	ErrAuditdRunning = errors.New("auditd is running: measure with it (--auditd running), or stop it where that is allowed (service auditd stop)")
	// ErrNoHostAuditd: none serves this machine, or not one whose log can be measured.
	ErrNoHostAuditd = errors.New("this host has no auditd to measure with")
	// ErrForwards: the host's auditd hands every record on.
	ErrForwards = errors.New("the host's auditd forwards what is recorded")
	// ErrLogRotated: a file of the log was rotated and then deleted before it was read to its end.
	ErrLogRotated = errors.New("the log was rotated away under the run")
	// ErrNotRestorable: a rule now loaded could not be loaded again.
	ErrNotRestorable = errors.New("a rule now loaded could not be put back")
	// ErrNotRestored: the machine is not as it was found.
	ErrNotRestored = errors.New("the audit state is not restored")
	// ErrForeign: somebody else loaded rules while ours were exchanged.
	ErrForeign = errors.New("somebody else loaded rules meanwhile, which stay: run again")
	// ErrIrreversible: a change that only a reboot undoes, or that may panic the machine.
	ErrIrreversible = errors.New("refused: the change could not be undone")
	// ErrJournal: the journal of an earlier lease cannot be used.
	ErrJournal = errors.New("the journal of an earlier run cannot be used")
	// ErrNoAuditd: no auditd is installed.
	ErrNoAuditd = errors.New("auditd is not installed: apt install auditd, or dnf install audit")
	// ErrAuditdGone: the auditd that is measured with ended by itself.
	ErrAuditdGone = errors.New("auditd is gone")
	// ErrAuditdStopped: the auditd that is measured with was stopped (SIGSTOP or a debugger).
	ErrAuditdStopped = errors.New("auditd is stopped and writes nothing")
)

// explainOpen gives an errno of the first message its reason (kernel/audit.c: audit_netlink_ok).
func explainOpen(err error, root bool) error {
	switch {
	case errors.Is(err, unix.EPROTONOSUPPORT), errors.Is(err, unix.EAFNOSUPPORT):
		return fmt.Errorf("%w: %w", ErrNoAudit, err)
	case errors.Is(err, unix.ECONNREFUSED):
		return fmt.Errorf("%w: %w", ErrNamespace, err)
	case errors.Is(err, unix.EPERM) && root:
		return fmt.Errorf("%w (or CAP_AUDIT_CONTROL was taken away): %w", ErrNamespace, err)
	case errors.Is(err, unix.EPERM), errors.Is(err, unix.EACCES):
		return fmt.Errorf("%w: %w", ErrNoPrivilege, err)
	}
	return err
}
