package kernel

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// defaultConfDir is where an auditd without -c looks (audit-userspace src/auditd-config.c).
const defaultConfDir = "/etc/audit"

// confDirOf reads a /proc/pid/cmdline for auditd's -c DIR as getopt_long takes it (src/auditd.c: main).
func confDirOf(cmdline []byte) (string, error) {
	args := strings.Split(string(bytes.TrimRight(cmdline, "\x00")), "\x00")
	if filepath.Base(args[0]) != "auditd" {
		return "", fmt.Errorf("%w: the kernel sends to %.80q, which is not auditd", ErrNoHostAuditd, args[0])
	}
	dir := defaultConfDir
	for i := 1; i < len(args); i++ {
		if d, ok := confArgument(args, i); ok {
			dir = d
		}
	}
	if !filepath.IsAbs(dir) {
		return "", fmt.Errorf("%w: it was started with -c %.80q, a path that depends on where that was: start it with an absolute one", ErrNoHostAuditd, dir)
	}
	return dir, nil
}

// confArgument is the value of a -c or --config_file at place i: joined to it, or the next argument. getopt_long takes a
// long option that is cut short, and letters without a value before the c.
func confArgument(args []string, i int) (string, bool) {
	name, value, joined := strings.Cut(args[i], "=")
	switch letters := strings.TrimLeft(strings.TrimPrefix(args[i], "-"), "fln"); {
	case len(name) > 2 && strings.HasPrefix("--config_file", name):
	case strings.HasPrefix(args[i], "-") && strings.HasPrefix(letters, "c"):
		value, joined = letters[1:], letters != "c"
	default:
		return "", false
	}
	if joined {
		return value, true
	}
	if i+1 < len(args) {
		return args[i+1], true
	}
	return "", false
}

// logOf is the log that an auditd with this configuration writes, or why there is none to measure.
func (c auditdConf) logOf() (string, error) {
	yes := func(name string) bool { return strings.EqualFold(firstWord(c.get(name, "yes")), "yes") }
	switch {
	case !yes("local_events"):
		return "", fmt.Errorf("%w: its local_events = no: it takes no records of this machine", ErrNoHostAuditd)
	case !yes("write_logs"), c.logFormat() == "NOLOG":
		return "", fmt.Errorf("%w: it writes no log (write_logs = no): measure with --auditd private where no auditd runs", ErrNoHostAuditd)
	}
	log := firstWord(c.get("log_file", "/var/log/audit/audit.log"))
	if !filepath.IsAbs(log) {
		return "", fmt.Errorf("%w: its log_file %.80q is no absolute path", ErrNoHostAuditd, log)
	}
	return filepath.Clean(log), nil
}

// firstWord is a value without what may stand behind it: auditd splits its lines at blanks.
func firstWord(v string) string {
	if f := strings.Fields(v); len(f) > 0 {
		return f[0]
	}
	return ""
}

// hostWarnings say what of a host's configuration disturbs a measurement in its log.
func (c auditdConf) hostWarnings() []string {
	var w []string
	if port := c.get("tcp_listen_port", ""); port != "" {
		w = append(w, "auditd.conf has tcp_listen_port = "+port+": records of other machines may stand in the same log")
	}
	return w
}

// forwarders name what hands on the records of an auditd with this configuration: every active plugin, and the dispatcher
// that auditd had before 3.0. The plugin files are read as auditd does: hidden ones and those with two dots are not.
func (c auditdConf) forwarders() ([]string, error) {
	dirs := []string{firstWord(c.get("plugin_dir", "/etc/audit/plugins.d"))}
	var names []string
	if d := firstWord(c.get("dispatcher", "")); d != "" {
		names, dirs = append(names, "dispatcher "+d), append(dirs, "/etc/audisp/plugins.d")
	}
	for _, dir := range dirs {
		active, err := activeIn(dir)
		if err != nil {
			return nil, err
		}
		names = append(names, active...)
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// activeIn are the active plugins of one directory. A file that cannot be read counts as active: nobody knows.
func activeIn(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for plugins: %w", err)
	}
	var active []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") || strings.Count(e.Name(), ".") > 1 {
			continue
		}
		text, err := readSmall(filepath.Join(dir, e.Name()))
		if err != nil || strings.EqualFold(firstWord(parseAuditdConf(text).get("active", "no")), "yes") {
			active = append(active, strings.TrimSuffix(e.Name(), ".conf"))
		}
	}
	return active, nil
}

// startedAt is when the process began, by this machine's clock now.
func (p process) startedAt() time.Time {
	var boot unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &boot); err != nil {
		return time.Time{}
	}
	const userHZ = 100 // of every architecture that auditprof runs on
	age := time.Duration(boot.Nano()) - time.Duration(p.StartTicks)*(time.Second/userHZ)
	return time.Now().Add(-age)
}
