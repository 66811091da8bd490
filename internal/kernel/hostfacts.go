package kernel

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Preflight compares what a run is expected to write into the log, in bytes, with what the host's auditd does at which
// fill. It looks at the disk now.
func (a *RunningAuditd) Preflight(expectedBytes int64) ([]Finding, error) {
	f, err := hostFacts(a.logPath)
	if err != nil {
		return nil, err
	}
	f.Plugins = a.PluginsRun
	return Preflight(a.Conf, f, expectedBytes), nil
}

// hostFacts looks at a log, its directory and its file system.
func hostFacts(log string) (HostFacts, error) {
	var fs unix.Statfs_t
	if err := unix.Statfs(log, &fs); err != nil {
		return HostFacts{}, fmt.Errorf("look at the file system of %s: %w", log, err)
	}
	st, err := os.Stat(log)
	if err != nil {
		return HostFacts{}, fmt.Errorf("look at the host's log: %w", err)
	}
	f := HostFacts{FreeBytes: int64(fs.Bavail) * fs.Bsize, TotalBytes: int64(fs.Blocks) * fs.Bsize, BlockBytes: fs.Bsize, LogBytes: st.Size()}
	if f.Rotated, err = rotatedLogs(log); err != nil {
		return HostFacts{}, err
	}
	oldest := log
	if n := len(f.Rotated); n > 0 {
		oldest = log + "." + strconv.Itoa(f.Rotated[n-1])
	}
	f.Oldest = firstRecordTime(oldest)
	return f, nil
}

// rotatedLogs are the numbers N of the files log.N, sorted. auditd keeps at most 999 (auditd.conf(5), num_logs); more than
// that many digits is somebody else's file.
func rotatedLogs(log string) ([]int, error) {
	entries, err := os.ReadDir(filepath.Dir(log))
	if err != nil {
		return nil, fmt.Errorf("look for rotated logs: %w", err)
	}
	var all []int
	for _, e := range entries {
		digits, ok := strings.CutPrefix(e.Name(), filepath.Base(log)+".")
		if n, err := strconv.Atoi(digits); ok && err == nil && n > 0 && strconv.Itoa(n) == digits {
			all = append(all, n)
		}
	}
	slices.Sort(all)
	return all, nil
}

// firstRecordTime is the time of the first record of a log, the zero time where it cannot be told. A log is what others
// wrote: only its first 64 KiB are looked at.
func firstRecordTime(path string) time.Time {
	f, err := os.OpenFile(path, os.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
	if err != nil {
		return time.Time{}
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, 64<<10))
	if err != nil {
		return time.Time{}
	}
	return recordTime(b)
}

// recordTime reads the seconds of the first "msg=audit(SEC.MMM:SERIAL)".
func recordTime(b []byte) time.Time {
	_, rest, ok := bytes.Cut(b, []byte("msg=audit("))
	seconds, _, dot := bytes.Cut(rest[:min(len(rest), 32)], []byte("."))
	sec, err := strconv.ParseInt(string(seconds), 10, 64)
	if !ok || !dot || err != nil || sec <= 0 || sec > 1<<36 {
		return time.Time{}
	}
	return time.Unix(sec, 0)
}
