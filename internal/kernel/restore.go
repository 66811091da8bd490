package kernel

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Restored says what a restore had to do.
type Restored struct {
	// Stale: a journal of an earlier run was there. OtherBoot: it was of another boot, so only removed.
	Stale, OtherBoot bool
	Rules            int      // that the kernel holds again
	Changed          []string // what differed from the found state, in words; empty where nothing did
	Killed           []int    // processes ended
}

// NotRestoredError is ErrNotRestored with what is wrong and the shell lines that put it right.
type NotRestoredError struct {
	Cause    error
	Commands []string // to be run as root, in this order
}

func (e *NotRestoredError) Error() string {
	return fmt.Sprintf("%v: %v: run as root: %s", ErrNotRestored, firstLine(e.Cause), strings.Join(e.Commands, "; "))
}

// Unwrap gives ErrNotRestored and the cause to errors.Is.
func (e *NotRestoredError) Unwrap() []error { return []error{ErrNotRestored, e.Cause} }

// firstLine keeps a joined error on one line.
func firstLine(err error) string { return strings.ReplaceAll(err.Error(), "\n", "; ") }

// settlement puts the machine back as a journal says. The owner, the guard and the next start all use it.
type settlement struct {
	door    door
	journal journal
	beat    func()
	pauses  []time.Duration // before the second, third … attempt
}

// settle ends our processes, then restores. It may be repeated.
func (s settlement) settle() (Restored, error) {
	found, err := s.journal.state()
	if err != nil {
		return Restored{}, err
	}
	_ = s.door.set(setBacklogWaitTime, 0) // first, so that nobody blocks; tried again and checked below
	result := Restored{Rules: len(found.Rules)}
	if before, err := snapshot(s.door); err == nil {
		want := found
		want.BacklogWaitTime = 0
		result.Changed = differences(want, before)
	}
	result.Killed = s.endProcesses()
	err = s.attempts(found)
	err = errors.Join(err, s.forgetAuditd(), s.putBackFiles(&result), writeRCU(s.journal.RCUExpedited))
	if err != nil {
		return result, &NotRestoredError{Cause: err, Commands: s.commands(found)}
	}
	s.removeScratch()
	s.removeCgroups()
	return result, nil
}

func (s settlement) attempts(found State) error {
	b := bring{door: s.door, beat: s.beat, keepGoing: true, hostAuditd: s.journal.HostAuditd.PID != 0}
	err := expedited(s.journal.RCUExpedited, func() error { return b.to(found) })
	for _, wait := range s.pauses {
		if err == nil {
			return nil
		}
		pause(wait)
		err = expedited(s.journal.RCUExpedited, func() error { return b.to(found) })
	}
	return err
}

// endProcesses ends what the lease started: auditds get a second to write what they hold, the rest goes at once. What was
// being forked when the owner was killed shows whose it is only after its exec, so it looks more than once.
func (s settlement) endProcesses() []int {
	var killed []int
	for range 3 {
		workloads, auditds := s.ours()
		for _, p := range workloads {
			p.killTree()
			killed = append(killed, p.PID)
		}
		for _, p := range auditds {
			endAuditd(p, time.Second)
			killed = append(killed, p.PID)
		}
		for _, p := range workloads {
			p.awaitEnd(time.Second)
		}
		pause(2 * time.Millisecond)
	}
	slices.Sort(killed)
	return slices.Compact(killed)
}

// ours are the living processes of the lease: tracked, with its token, in one of its cgroups, or an auditd in one of its directories.
func (s settlement) ours() (workloads, auditds []process) {
	auditds = auditdsOf(s.journal.AuditdDirs)
	for _, p := range append(append(withToken(s.journal.Token), s.inCgroups()...), s.journal.Tracked...) {
		if p.alive() && p != s.journal.HostAuditd && !slices.Contains(auditds, p) && !slices.Contains(workloads, p) {
			workloads = append(workloads, p)
		}
	}
	return workloads, auditds
}

// forgetAuditd clears the pid of a dead auditd from the kernel.
func (s settlement) forgetAuditd() error {
	pid, err := registered(s.door)
	if err != nil {
		return err
	}
	if pid != 0 && slices.Contains(auditdsOf(s.journal.AuditdDirs), mustIdentify(pid)) {
		return fmt.Errorf("our auditd, pid %d, did not end", pid)
	}
	return nil
}

// registered is the auditd that serves the kernel, 0 for none. The kernel keeps the pid of one that died until a
// message fails to reach it; asking to unregister makes it try (kernel/audit.c: audit_receive_msg, audit_replace).
func registered(d door) (int, error) {
	st, err := d.Status()
	if err != nil || st.PID == 0 {
		return 0, err
	}
	if _, err := readStat(int(st.PID)); err == nil && mustIdentify(int(st.PID)).alive() {
		return int(st.PID), nil
	}
	if err := d.set(setPID, 0); err != nil && !errors.Is(err, unix.EACCES) {
		return 0, fmt.Errorf("clear the pid %d of a dead auditd: %w", st.PID, err)
	}
	st, err = d.Status()
	return int(st.PID), err
}

// mustIdentify is identify, the zero process where the pid is nobody's.
func mustIdentify(pid int) process {
	p, _ := identify(pid)
	return p
}

// putBackFiles puts small files back, unless an auditd that is not ours has come to own its pid file.
func (s settlement) putBackFiles(result *Restored) error {
	if pid, err := registered(s.door); err != nil || pid != 0 {
		return err
	}
	var errs []error
	for _, f := range s.journal.Files {
		changed, err := f.putBack()
		if changed {
			result.Changed = append(result.Changed, f.Path)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// commands put back what settle could not.
func (s settlement) commands(found State) []string {
	lines := found.Commands()
	if s.journal.RCUExpedited != "" {
		lines = append(lines, "echo "+s.journal.RCUExpedited+" > "+rcuPath)
	}
	return lines
}
