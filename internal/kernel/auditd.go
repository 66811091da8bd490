package kernel

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// AuditdOptions say how a private auditd is made.
type AuditdOptions struct {
	Dir      string // its own directory, made with mode 0700: configuration and log
	HostConf string // the configuration to copy; /etc/audit/auditd.conf where empty
	// Forked is called with the process before it has registered; its error ends it. nil: nobody is told.
	Forked func(pid int) error
}

// AuditdFacts say what a reader must know of the auditd that wrote the log.
type AuditdFacts struct {
	// Conf are the lines it runs with; Changed those that differ from the host's, as "name: host -> here".
	Conf, Changed []string
	// PluginsRun and PluginsNotRun are the plugins active on the host. Warnings say what else differs from the host, or
	// what of the host disturbs.
	PluginsRun, PluginsNotRun, Warnings []string
	LogFormat                           string // RAW or ENRICHED
	Version                             string // of the audit package, as auditctl says
}

// Auditd is a private auditd: the installed program with a copy of the host's configuration.
type Auditd struct {
	AuditdFacts
	lease   *Lease
	process process
	logPath string
	exited  chan struct{}
	exit    error // of Wait, valid after exited
}

// swallows is how long an auditd that has just registered throws away the first message: it looks for a refusal of the
// kernel and does not look what it got (audit-userspace lib/libaudit.c: audit_set_pid). With auditing on that is the
// kernel's own record of the new pid.
const swallows = 100 * time.Millisecond

// startWithin bounds the wait for auditd to register with the kernel.
const startWithin = 5 * time.Second

// StartAuditd starts a private auditd under the lease and waits until the kernel sends to it. It leaves the kernel's
// enabled as it is. ErrNoAuditd where none is installed.
func StartAuditd(l *Lease, o AuditdOptions) (*Auditd, error) {
	if host := l.journal.HostAuditd; host.PID != 0 {
		return nil, fmt.Errorf("start a private auditd: %w: pid %d", ErrAuditdRunning, host.PID)
	}
	program, err := findProgram("auditd")
	if err != nil {
		return nil, ErrNoAuditd
	}
	if o.HostConf == "" {
		o.HostConf = "/etc/audit/auditd.conf"
	}
	a := &Auditd{lease: l, logPath: filepath.Join(o.Dir, "log", "audit.log"), exited: make(chan struct{}),
		AuditdFacts: AuditdFacts{Version: auditVersion()}}
	if err := a.configure(o); err != nil {
		return nil, err
	}
	// The journal knows the directory before the process exists: a guard finds it by its command line.
	if err := l.changeJournal(func(j *journal) {
		if !slices.Contains(j.AuditdDirs, o.Dir) {
			j.AuditdDirs = append(slices.Clone(j.AuditdDirs), o.Dir)
		}
	}); err != nil {
		return nil, err
	}
	if err := a.start(program, o); err != nil {
		return nil, err
	}
	return a, nil
}

// configure writes the directory of a private auditd.
func (a *Auditd) configure(o AuditdOptions) error {
	text, err := readSmall(o.HostConf)
	if err != nil {
		return fmt.Errorf("read the host's auditd.conf: %w", err)
	}
	conf := parseAuditdConf(text)
	if !strings.EqualFold(conf.get("local_events", "yes"), "yes") {
		return fmt.Errorf("%s has local_events = no: that auditd takes no records of this machine, so there is nothing to measure", o.HostConf)
	}
	a.Warnings = conf.warnings()
	a.PluginsNotRun = hostPlugins(conf.get("plugin_dir", "/etc/audit/plugins.d"))
	plugins := filepath.Join(o.Dir, "plugins.d")
	conf.privatize(a.logPath, plugins)
	for _, dir := range []string{o.Dir, plugins, filepath.Dir(a.logPath)} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return fmt.Errorf("make the private auditd's directory: %w", err)
		}
		if err := os.Chmod(dir, 0o700); err != nil {
			return fmt.Errorf("close the private auditd's directory: %w", err)
		}
	}
	if err := os.WriteFile(filepath.Join(o.Dir, "auditd.conf"), []byte(conf.text()), 0o600); err != nil {
		return fmt.Errorf("write the private auditd.conf: %w", err)
	}
	a.Conf, a.Changed, a.LogFormat = conf.lines, conf.changed, conf.logFormat()
	return nil
}

func (a *Auditd) start(program string, o AuditdOptions) error {
	dir := o.Dir
	var output bytes.Buffer
	cmd := &exec.Cmd{Path: program, Args: []string{program, "-n", "-s", "nochange", "-c", dir}, Dir: "/",
		Env:    append(os.Environ(), tokenVariable+a.lease.journal.Token),
		Stdout: &output, Stderr: &output, SysProcAttr: &syscall.SysProcAttr{Setsid: true}}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start auditd: %w", err)
	}
	var err error
	a.process, err = identify(cmd.Process.Pid) // before Wait: one that ended at once is still a zombie
	go func() { a.exit = cmd.Wait(); close(a.exited) }()
	if err == nil {
		err = a.lease.track(a.process)
	}
	if err == nil && o.Forked != nil {
		if err = o.Forked(cmd.Process.Pid); err != nil && !a.process.alive() {
			err = nil // why it ended is the better answer, and comes next
		}
	}
	if err == nil {
		err = a.awaitRegistered(dir)
	}
	if err != nil {
		_ = cmd.Process.Kill()
		<-a.exited
		said := strings.Join(strings.Fields(output.String()), " ")
		return errors.Join(fmt.Errorf("start auditd: %w (it said %.200q)", err, said), a.afterEnd())
	}
	return nil
}

func (a *Auditd) awaitRegistered(dir string) error {
	for deadline := time.Now().Add(startWithin); ; pause(2 * time.Millisecond) {
		st, err := a.lease.status()
		if err != nil {
			return err
		}
		if int(st.PID) == a.process.PID {
			if st.Enabled == EnabledOff {
				pause(swallows + 10*time.Millisecond)
			}
			return nil
		}
		select {
		case <-a.exited:
			return fmt.Errorf("it ended at once (%v): run auditd -f -c %s to see why", a.exit, dir)
		default:
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("it did not register with the kernel within %v: run auditd -f -c %s to see why", startWithin, dir)
		}
	}
}

// PID is the process that the kernel sends to.
func (a *Auditd) PID() int { return a.process.PID }

// LogPath is the private log, readable by root alone.
func (a *Auditd) LogPath() string { return a.logPath }

// Truncate empties the log. auditd appends, so it goes on at the new end; what it writes in that moment may be gone.
func (a *Auditd) Truncate() error {
	if err := os.Truncate(a.logPath, 0); err != nil {
		return fmt.Errorf("empty the private log: %w", err)
	}
	return nil
}

// Alive is nil while the same process runs and can write: else ErrAuditdGone or ErrAuditdStopped.
func (a *Auditd) Alive() error { return auditdAlive(a.process) }

// Stop ends auditd and puts its pid file back. Called again it does nothing.
func (a *Auditd) Stop() error {
	endAuditd(a.process, 3*time.Second)
	select {
	case <-a.exited:
	case <-time.After(3 * time.Second):
		return fmt.Errorf("auditd, pid %d, does not end", a.process.PID)
	}
	return a.afterEnd()
}

func (a *Auditd) afterEnd() error {
	if a.lease.ended() {
		return nil // the restore did it
	}
	return errors.Join(a.lease.afterAuditd(), a.lease.Untrack(a.process.PID))
}

// findProgram looks in PATH and where system programs are when PATH is a user's.
func findProgram(name string) (string, error) {
	for _, p := range []string{name, "/sbin/" + name, "/usr/sbin/" + name} {
		if found, err := exec.LookPath(p); err == nil {
			return filepath.Abs(found)
		}
	}
	return "", fs.ErrNotExist
}

// auditVersion is the installed audit package's version, "" where it cannot be told. auditd itself does not say.
func auditVersion() string {
	program, err := findProgram("auditctl")
	if err != nil {
		return ""
	}
	out, err := exec.Command(program, "-v").Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(strings.TrimPrefix(string(out), "auditctl version "))
}

// hostPlugins are the active plugins of a plugin directory, sorted; none where it cannot be read.
func hostPlugins(dir string) []string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	files := map[string]string{}
	for _, e := range entries {
		if text, err := readSmall(filepath.Join(dir, e.Name())); err == nil {
			files[e.Name()] = text
		}
	}
	return slices.Sorted(slices.Values(activePlugins(files)))
}

// readSmall reads a configuration file, bounded.
func readSmall(path string) (string, error) {
	const limit = 1 << 20
	f, err := os.OpenFile(path, os.O_RDONLY|unix.O_NONBLOCK, 0)
	if err != nil {
		return "", err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return "", err
	}
	if len(b) > limit {
		return "", fmt.Errorf("%s is longer than %d bytes", path, limit)
	}
	return string(b), nil
}
