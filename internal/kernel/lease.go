package kernel

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"sync"

	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Lease is the right to change this machine's audit state, and the duty to put it back.
// Its methods may be called from several goroutines.
type Lease struct {
	options Options
	found   State

	mu        sync.Mutex // guards what follows
	client    *Client
	lock      *os.File
	guard     *companion
	watchdog  *companion
	journal   journal
	written   bool // the journal is on disk: there is something to restore
	touched   bool // rules or settings may be other than found
	recovered Restored
	done      bool
}

// Limits are the settings of the kernel that a measurement may choose; nil takes the one found on the host.
type Limits struct {
	BacklogLimit    *uint32 // records; 0 for no limit
	RateLimit       *uint32 // records per second; 0 for no limit
	BacklogWaitTime *uint32 // jiffies
	Failure         *uint32 // FailSilent or FailPrintk; a FailPanic found on the host becomes FailPrintk
}

// Found is the state of the machine when the lease was taken.
func (l *Lease) Found() State { return l.found }

// Recovered says what an earlier run had left and Acquire put back; its Stale is false where there was nothing.
func (l *Lease) Recovered() Restored { return l.recovered }

// Apply makes the kernel hold exactly these rules in this order, and these limits, with auditing on, and compares the
// listing afterwards. The order counts within each list; between lists there is none. After an error the state is
// something between: Restore, or Apply again. Rules that somebody else loads meanwhile are an ErrForeign: they are not deleted, and are restored
// beside what was found. The first Apply takes for such whatever came since the lease was taken.
func (l *Lease) Apply(rules []rule.Wire, lim Limits) error {
	return l.bring(bring{}, rules, lim)
}

// Replace is Apply where the kernel holds the rules of an earlier one, as the caller has seen: any other rule is somebody else's.
func (l *Lease) Replace(held, rules []rule.Wire, lim Limits) error {
	return l.bring(bring{onlyHeld: true, held: held}, rules, lim)
}

// bring exchanges the rules and keeps what came meanwhile.
func (l *Lease) bring(b bring, rules []rule.Wire, lim Limits) error {
	err := l.exchange(b, rules, lim)
	var came *ForeignError
	if !errors.As(err, &came) {
		return err
	}
	with := l.found
	with.Rules = append(slices.Clone(with.Rules), without(came.Rules, with.Rules)...)
	return errors.Join(err, l.Adopt(with))
}

func (l *Lease) exchange(b bring, rules []rule.Wire, lim Limits) error {
	want, err := l.target(rules, lim)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.done {
		return errors.New("apply rules: the lease has ended")
	}
	b.door, b.beat, b.reload = l.client, l.Beat, true
	if !l.touched {
		b.onlyHeld, b.held, l.touched = true, l.found.Rules, true
	}
	return expedited(l.journal.RCUExpedited, func() error { return b.to(want) })
}

// target is the state that Apply asks for.
func (l *Lease) target(rules []rule.Wire, lim Limits) (State, error) {
	s := l.found
	s.Rules, s.Enabled, s.Failure = rules, EnabledOn, min(s.Failure, FailPrintk)
	for _, v := range []struct{ to, from *uint32 }{
		{&s.BacklogLimit, lim.BacklogLimit}, {&s.RateLimit, lim.RateLimit},
		{&s.BacklogWaitTime, lim.BacklogWaitTime}, {&s.Failure, lim.Failure},
	} {
		if v.from != nil {
			*v.to = *v.from
		}
	}
	if s.Failure > FailPrintk {
		return s, fmt.Errorf("apply failure %d: %w", s.Failure, ErrIrreversible)
	}
	return s, nil
}

// Start starts a workload so that no moment is left in which it could outlive a killed owner: its environment names the
// lease, then it is tracked. marked starts it with StartMarked. The caller waits for it and then calls Untrack.
func (l *Lease) Start(cmd *exec.Cmd, marked bool) error {
	cmd.Env = append(cmd.Environ(), tokenVariable+l.journal.Token)
	start := cmd.Start
	if marked {
		start = func() error { return StartMarked(cmd) }
	}
	if err := start(); err != nil {
		return err
	}
	// Not waited for yet: one that ended at once is still there as a zombie.
	if err := l.Track(cmd.Process.Pid); err != nil {
		return errors.Join(err, cmd.Process.Kill(), cmd.Wait())
	}
	return nil
}

// Track names a process that must not outlive the lease: a restore kills it with all below it.
func (l *Lease) Track(pid int) error {
	p, err := identify(pid)
	if err != nil {
		return err
	}
	return l.track(p)
}

func (l *Lease) track(p process) error {
	return l.changeJournal(func(j *journal) { j.Tracked = append(j.Tracked, p) })
}

// Untrack takes a process that has ended out of the journal.
func (l *Lease) Untrack(pid int) error {
	return l.changeJournal(func(j *journal) {
		j.Tracked = slices.DeleteFunc(slices.Clone(j.Tracked), func(p process) bool { return p.PID == pid })
	})
}

func (l *Lease) changeJournal(change func(*journal)) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.done {
		return errors.New("write journal: the lease has ended")
	}
	change(&l.journal)
	return l.journal.write(l.options.RunDir)
}

// Beat tells the watchdog that the owner makes progress. It costs one write to a pipe and never waits.
func (l *Lease) Beat() {
	if l.watchdog != nil {
		_ = l.watchdog.say(byteBeat) // a full pipe is a beat too
	}
}

// Restore puts the machine back as it was found, ends the companions and gives the lease up. Called again it does
// nothing, unless it failed before: then it tries again. Its error is a *NotRestoredError with the commands to run.
func (l *Lease) Restore() (Restored, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.done {
		return Restored{Rules: len(l.found.Rules)}, nil
	}
	var restored Restored
	var err error
	if l.written {
		s := settlement{door: l.client, journal: l.journal, beat: l.Beat, pauses: restorePauses}
		if restored, err = s.settle(); err == nil {
			err = removeJournal(l.options.RunDir)
		}
	}
	l.watchdog.dismiss()
	l.guard.dismiss()
	if err != nil {
		return restored, err
	}
	if l.lock != nil {
		releaseLock(l.lock)
	}
	l.client.Close()
	l.done = true
	return restored, nil
}

// RestoreStale puts back what an earlier run left that was killed together with its guard. Without a journal it does
// nothing; Restored.Stale tells. ErrHeld: the run is still there.
func RestoreStale(o Options) (Restored, error) {
	o = o.withDefaults()
	if _, err := os.Lstat(o.RunDir); errors.Is(err, os.ErrNotExist) {
		return Restored{}, nil
	}
	client, err := Open()
	if err != nil {
		return Restored{}, err
	}
	defer client.Close()
	if err := makeRunDir(o.RunDir); err != nil {
		return Restored{}, err
	}
	lock, err := takeLock(context.Background(), o.RunDir)
	if err != nil {
		return Restored{}, err
	}
	defer releaseLock(lock)
	restored, err := settleJournal(client, o.RunDir, func() {})
	if errors.Is(err, errNoJournal) {
		return Restored{}, nil
	}
	return restored, err
}

// status asks with the lease's own client.
func (l *Lease) status() (Status, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.client.Status()
}

// afterAuditd clears what an auditd that ended left: its pid in the kernel and its pid file.
func (l *Lease) afterAuditd() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	pid, err := registered(l.client)
	if err != nil || pid != 0 {
		return err
	}
	for _, f := range l.journal.Files {
		_, putErr := f.putBack()
		err = errors.Join(err, putErr)
	}
	return err
}

// ended tells whether the machine was put back and the lease given up.
func (l *Lease) ended() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.done
}
