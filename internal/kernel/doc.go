// Package kernel is the one door to the live audit system of Linux.
//
// In come rules in the kernel's binary form (rule.Wire) and settings; out go status, listings and, on every path, the
// machine as it was found. The package does not know what a rule means, what a benchmark is, or how anything is shown.
//
// # Client
//
// A Client talks to the kernel over NETLINK_AUDIT with go-libaudit. It checks every acknowledgement itself
// (go-libaudit v2.6.2 does not read the one for a deleted rule) and waits for replies without its 50 ms sleeps.
// Every message, AUDIT_GET too, may be held back by the kernel for the backlog wait time while the queue is over its
// limit (kernel/audit.c: audit_receive): that is why everything that must go on sets that time to 0 first.
//
// # Lease
//
// A Lease is the right to change the audit state of this machine, one at a time:
//
//  1. take the lock, refuse what could not be undone (immutable, an auditd that runs and is not allowed to),
//  2. take a snapshot, write it to a journal and sync it,
//  3. lower a failure that panics, start the guard and the watchdog, both without audit context,
//  4. try that each rule now loaded can be added again,
//  5. change (Apply), list and compare,
//  6. Restore: on return, error, signal and panic by the owner; on SIGKILL of the owner by the guard, which sees the
//     end of a pipe; with both killed by RestoreStale, from the journal.
//
// The log is written by a private auditd (StartAuditd) or by the host's own (HostAuditd), which a lease never ends and whose
// files it never writes. Preflight says what the host's would do at which fill of its disk; that is from audit-userspace
// src/auditd-event.c and auditd.conf(5).
//
// The guard and the watchdog are this same program under a hidden command (MainHidden). They carry the mark of
// NoContextRule at their fork, so no rule can make them wait.
//
// Facts are from kernel/audit.c, kernel/auditsc.c and kernel/auditfilter.c of Linux 6.12 and were tried on 6.18; the
// sizes and numbers are those of include/uapi/linux/audit.h.
package kernel
