package kernel

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// HostOptions say what is allowed with a host's own auditd.
type HostOptions struct {
	// AllowForwarding measures though plugins hand every record on, to syslog or to another machine.
	AllowForwarding bool
}

// RunningAuditd is the host's own auditd, as it was found. Nothing here ends it, signals it or writes to its files.
type RunningAuditd struct {
	AuditdFacts
	ConfPath string // of the auditd.conf that it was started with

	process process
	logPath string

	mu   sync.Mutex
	file *os.File // the log when LogStart was last asked: while it is open no other file can get its inode
}

// HostAuditd is the auditd that ran when the lease was taken with AllowAuditd. Errors: ErrNoHostAuditd where there is none
// or it writes no log, ErrForwards, ErrAuditdGone, ErrAuditdStopped.
func HostAuditd(l *Lease, o HostOptions) (*RunningAuditd, error) {
	a := &RunningAuditd{process: l.hostAuditd()}
	if a.process.PID == 0 {
		return nil, fmt.Errorf("%w: none runs: measure with --auditd private", ErrNoHostAuditd)
	}
	if err := auditdAlive(a.process); err != nil {
		return nil, err
	}
	cmdline, err := readBounded(fmt.Sprintf("/proc/%d/cmdline", a.process.PID))
	if err != nil {
		return nil, fmt.Errorf("look at the host's auditd: %w", err)
	}
	dir, err := confDirOf(cmdline)
	if err != nil {
		return nil, err
	}
	a.ConfPath = filepath.Join(dir, "auditd.conf")
	if err := a.describe(); err != nil {
		return nil, err
	}
	if len(a.PluginsRun) > 0 && !o.AllowForwarding {
		return nil, fmt.Errorf("%w, by %s: whoever receives that would get the whole run: make them inactive for the run and reload auditd, or allow it with --allow-forwarding",
			ErrForwards, strings.Join(a.PluginsRun, ", "))
	}
	if err := a.writesLog(); err != nil {
		return nil, err
	}
	_, err = a.LogStart()
	return a, err
}

// describe reads the configuration.
func (a *RunningAuditd) describe() error {
	text, err := readSmall(a.ConfPath)
	if err != nil {
		return fmt.Errorf("read the host's auditd.conf: %w", err)
	}
	conf := parseAuditdConf(text)
	if a.logPath, err = conf.logOf(); err != nil {
		return err
	}
	if a.PluginsRun, err = conf.forwarders(); err != nil {
		return err
	}
	a.Conf, a.LogFormat, a.Version, a.Warnings = conf.lines, conf.logFormat(), auditVersion(), conf.hostWarnings()
	if st, err := os.Stat(a.ConfPath); err == nil && st.ModTime().After(a.process.startedAt().Add(time.Second)) {
		a.Warnings = append(a.Warnings, a.ConfPath+" was changed after auditd was started: unless it was reloaded since (service auditd reload), other limits are in force than it says")
	}
	return nil
}

// writesLog proves that the auditd has the log open that its configuration names.
func (a *RunningAuditd) writesLog() error {
	log, err := os.Stat(a.logPath)
	if err != nil {
		return fmt.Errorf("%w: its log: %w", ErrNoHostAuditd, err)
	}
	dir := fmt.Sprintf("/proc/%d/fd", a.process.PID)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("look at the files of the host's auditd: %w", err)
	}
	for _, e := range entries {
		if st, err := os.Stat(dir + "/" + e.Name()); err == nil && os.SameFile(st, log) {
			return nil
		}
	}
	return fmt.Errorf("%w: pid %d does not have its log %s open: it suspended logging (see its disk, then service auditd resume), or it runs with another configuration (service auditd reload)",
		ErrNoHostAuditd, a.process.PID, a.logPath)
}

// PID is the process that the kernel sends to.
func (a *RunningAuditd) PID() int { return a.process.PID }

// PluginPIDs are the processes below the host's auditd now: its plugins, which work for every record too.
func (a *RunningAuditd) PluginPIDs() []int {
	var pids []int
	for _, p := range a.process.descendants() {
		pids = append(pids, p.PID)
	}
	return pids
}

// LogPath is the host's log.
func (a *RunningAuditd) LogPath() string { return a.logPath }

// Truncate leaves the log as it is: it is the host's. It only lets the run begin again at the present end, as LogStart does.
func (a *RunningAuditd) Truncate() error {
	_, err := a.LogStart()
	return err
}

// Stop ends the watch of the log, no more: the host's auditd goes on.
func (a *RunningAuditd) Stop() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.file == nil {
		return nil
	}
	err := a.file.Close()
	a.file = nil
	return err
}

// LogStart is the present length of the log in bytes: what stands before it is not the run's. From here on Alive looks
// for the file that the log is now.
func (a *RunningAuditd) LogStart() (int64, error) {
	f, err := openLogFile(a.logPath)
	if err != nil {
		return 0, err
	}
	st, err := f.Stat()
	if err != nil {
		return 0, errors.Join(fmt.Errorf("follow the log: %w", err), f.Close())
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.file != nil {
		a.file.Close()
	}
	a.file = f
	return st.Size(), nil
}

// Alive is nil while the same process runs, can write, and the file that was its log at LogStart is still the log or one of
// the rotated ones: else ErrAuditdGone, ErrAuditdStopped or ErrLogRotated.
func (a *RunningAuditd) Alive() error {
	if err := auditdAlive(a.process); err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.file == nil {
		return nil // stopped: nobody reads it any more
	}
	st, err := a.file.Stat()
	if err != nil {
		return fmt.Errorf("follow the log: %w", err)
	}
	for range 50 { // a tenth of a second: between two renames the file has no name
		if _, err := logPlace(a.logPath, st); !errors.Is(err, errRotating) {
			return err
		}
		pause(2 * time.Millisecond)
	}
	return fmt.Errorf("%w: the file that %s was is gone: raise num_logs or max_log_file in %s and reload auditd, or measure less", ErrLogRotated, a.logPath, a.ConfPath)
}

// hostAuditd is the auditd that ran when the lease was taken, the zero process where none did.
func (l *Lease) hostAuditd() process {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.journal.HostAuditd
}
