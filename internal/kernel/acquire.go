package kernel

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// Options of a lease. The zero value is right for a run.
type Options struct {
	// RunDir holds lock, journal and log; DefaultRunDir where empty. A lease excludes others only within one RunDir,
	// so only tests name another.
	RunDir string
	// WatchdogAfter is how long the owner may be without a Beat; 15 s where 0.
	WatchdogAfter time.Duration
}

func (o Options) withDefaults() Options {
	if o.RunDir == "" {
		o.RunDir = DefaultRunDir
	}
	if o.WatchdogAfter <= 0 {
		o.WatchdogAfter = 15 * time.Second
	}
	return o
}

// auditdPIDFile is the one of every auditd (audit-userspace src/auditd.c).
const auditdPIDFile = "/run/auditd.pid"

// Acquire takes the lease of this machine, restoring first what an earlier run left behind. Nothing is changed yet when
// it returns, but for the two companions that run. It refuses with ErrHeld, ErrImmutable, ErrAuditdRunning,
// ErrNotRestorable, ErrJournal and the errors of Open. The caller must call Restore on every path.
func Acquire(ctx context.Context, o Options) (*Lease, error) {
	o = o.withDefaults()
	client, err := Open()
	if err != nil {
		return nil, err
	}
	l := &Lease{client: client, options: o}
	if err := l.acquire(ctx); err != nil {
		if _, restoreErr := l.Restore(); restoreErr != nil {
			err = errors.Join(err, restoreErr)
		}
		return nil, err
	}
	return l, nil
}

func (l *Lease) acquire(ctx context.Context) error {
	if err := makeRunDir(l.options.RunDir); err != nil {
		return err
	}
	var err error
	if l.lock, err = takeLock(ctx, l.options.RunDir); err != nil {
		return err
	}
	l.recovered, err = settleJournal(l.client, l.options.RunDir, func() {})
	if err != nil && !errors.Is(err, errNoJournal) {
		return err
	}
	if err := refuse(l.client); err != nil {
		return err
	}
	if err := l.writeFirstJournal(); err != nil {
		return err
	}
	if err := l.startCompanions(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if l.found.Failure > FailPrintk { // a lost record must not panic the machine while it is being measured
		if err := l.client.set(setFailure, FailPrintk); err != nil {
			return err
		}
	}
	return expedited(l.journal.RCUExpedited, func() error { return tryAgain(ctx, l.client, l.found.Rules, l.Beat) })
}

// refuse names what stands in the way before anything is changed.
func refuse(d door) error {
	st, err := d.Status()
	if err != nil {
		return err
	}
	if st.Enabled >= EnabledLocked {
		return ErrImmutable
	}
	pid, err := registered(d)
	if err != nil {
		return err
	}
	if pid != 0 {
		return fmt.Errorf("%w: pid %d", ErrAuditdRunning, pid)
	}
	return nil
}

// writeFirstJournal takes the snapshot and puts it on disk. From here on there is something to restore.
func (l *Lease) writeFirstJournal() error {
	found, err := snapshot(l.client)
	if err != nil {
		return err
	}
	j := journal{Version: journalVersion, Token: rand.Text()}
	if j.Found, err = encodeState(found); err != nil {
		return fmt.Errorf("write journal: %w", err)
	}
	if j.BootID, err = bootID(); err != nil {
		return err
	}
	if j.Owner, err = identify(os.Getpid()); err != nil {
		return err
	}
	if j.RCUExpedited, err = readRCU(); err != nil {
		return err
	}
	pidFile, err := saveFile(auditdPIDFile)
	if err != nil {
		return err
	}
	j.Files = []savedFile{pidFile}
	if err := j.write(l.options.RunDir); err != nil {
		return errors.Join(err, removeJournal(l.options.RunDir))
	}
	l.found, l.journal, l.written = found, j, true
	return nil
}

// startCompanions starts guard and watchdog while the rule is loaded that keeps them without audit context. That rule is
// the first change, so a first guard is there before it: it may have a context, and goes once the other is ready. The
// rule stands first in its list, since the first rule that matches decides. Auditing need not be on for that: the task
// list is asked at every fork since auditing was first on (kernel/auditsc.c: audit_alloc).
func (l *Lease) startCompanions() error {
	log, err := os.OpenFile(filepath.Join(l.options.RunDir, "guard.log"),
		os.O_WRONLY|os.O_CREATE|os.O_TRUNC|os.O_APPEND|unix.O_NOFOLLOW, 0o600)
	if err != nil {
		return fmt.Errorf("open the guard's log: %w", err)
	}
	defer log.Close()
	first, err := startCompanion(GuardCommand, l.options.RunDir, log, l.lock)
	if err != nil {
		return err
	}
	defer first.dismiss()
	if err := l.client.addFirst(NoContextRule()); err != nil {
		return err
	}
	l.guard, err = startCompanion(GuardCommand, l.options.RunDir, log, l.lock)
	if err == nil {
		l.watchdog, err = startCompanion(WatchdogCommand, l.options.WatchdogAfter.String(), log)
	}
	deleted := expedited(l.journal.RCUExpedited, func() error { return l.client.Delete(NoContextRule()) })
	return errors.Join(err, deleted)
}
