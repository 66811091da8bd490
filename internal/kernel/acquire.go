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
	// AllowAuditd takes the lease though an auditd serves this machine. That auditd is never ended, stopped or started
	// again by the lease: HostAuditd measures with it.
	AllowAuditd bool
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
	host, err := refuse(l.client, l.options.AllowAuditd)
	if err != nil {
		return err
	}
	if err := l.writeFirstJournal(host); err != nil {
		return err
	}
	if err := l.startCompanions(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return expedited(l.journal.RCUExpedited, func() error { return tryAgain(ctx, l.client, l.found.Rules, l.Beat) })
}

// refuse names what stands in the way before anything is changed. It returns the auditd that is allowed to run, the zero
// process where there is none.
func refuse(d door, allowAuditd bool) (process, error) {
	st, err := d.Status()
	if err != nil {
		return process{}, err
	}
	if st.Enabled >= EnabledLocked {
		return process{}, ErrImmutable
	}
	pid, err := registered(d)
	if err != nil || pid == 0 {
		return process{}, err
	}
	if !allowAuditd {
		return process{}, fmt.Errorf("%w: pid %d", ErrAuditdRunning, pid)
	}
	return identify(pid)
}

// writeFirstJournal takes the snapshot and puts it on disk. From here on there is something to restore.
func (l *Lease) writeFirstJournal(host process) error {
	found, err := snapshot(l.client)
	if err != nil {
		return err
	}
	j := journal{Version: journalVersion, Token: rand.Text(), HostAuditd: host}
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
	if host.PID == 0 { // a running auditd's pid file is its own
		pidFile, err := saveFile(auditdPIDFile)
		if err != nil {
			return err
		}
		j.Files = []savedFile{pidFile}
	}
	if err := j.write(l.options.RunDir); err != nil {
		return errors.Join(err, removeJournal(l.options.RunDir))
	}
	l.found, l.journal, l.written = found, j, true
	return nil
}

// startCompanions starts guard and watchdog while the rule is loaded that keeps them without audit context. A first guard
// is there before the first change: it may have a context, and goes once the other is ready.
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
	return firstChanges(l.client, l.found, l.journal.RCUExpedited, func() error {
		var err error
		if l.guard, err = startCompanion(GuardCommand, l.options.RunDir, log, l.lock); err == nil {
			l.watchdog, err = startCompanion(WatchdogCommand, l.options.WatchdogAfter.String(), log)
		}
		return err
	})
}

// firstChanges lowers a failure that would panic the machine at the first record a measurement loses, before anything
// else is changed, and calls start while NoContextRule is loaded. That rule stands first in its list, since the first
// rule that matches decides. Auditing need not be on for it: the task list is asked at every fork since auditing was
// first on (kernel/auditsc.c: audit_alloc).
func firstChanges(d door, found State, rcu string, start func() error) error {
	if found.Failure > FailPrintk {
		if err := d.set(setFailure, FailPrintk); err != nil {
			return err
		}
	}
	if err := d.addFirst(NoContextRule()); err != nil {
		return err
	}
	err := start()
	return errors.Join(err, expedited(rcu, func() error { return d.Delete(NoContextRule()) }))
}
