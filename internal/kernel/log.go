package kernel

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// Log reads what an auditd writes as one run of bytes, also across rotations: the files that were log_file one after
// another follow each other without a gap. Offsets count from the start of the file that Restart found. It serves one
// goroutine.
//
// Only a rotation by auditd itself is followed. It takes the owner's right to write from the old file first, so that one
// look at the open file tells, and names are looked up only then: a lookup may itself be audited (audit-userspace
// src/auditd-event.c: rotate_logs).
type Log struct {
	path  string
	parts []logPart // the last one is written, or was until now
}

// logPart is a file that was log_file: open under whatever name it has now.
type logPart struct {
	f    *os.File
	from int64 // offset of its first byte
}

// maxLogParts bounds the files held open at a time: auditd rotates at most 999 (auditd.conf(5), num_logs).
const maxLogParts = 1000

// OpenLog opens a log at its present file.
func OpenLog(path string) (*Log, error) {
	l := &Log{path: path}
	_, err := l.Restart()
	return l, err
}

// Restart forgets what was there and begins again with the file that has the log's name now. It returns the present end.
func (l *Log) Restart() (int64, error) {
	f, err := openLogFile(l.path)
	if err != nil {
		return 0, err
	}
	l.Close()
	l.parts = []logPart{{f: f}}
	return l.Size()
}

// Close gives the files back; it may be called again.
func (l *Log) Close() error {
	var errs []error
	for _, p := range l.parts {
		errs = append(errs, p.f.Close())
	}
	l.parts = nil
	return errors.Join(errs...)
}

// openLogFile refuses a link, as auditd does.
func openLogFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, fmt.Errorf("follow the log: %w", err)
	}
	return f, nil
}

// Size is the present end. ErrLogRotated: the file read last was rotated and then deleted or given another name.
func (l *Log) Size() (int64, error) {
	last := l.parts[len(l.parts)-1]
	st, err := last.f.Stat()
	if err == nil && st.Mode()&0o200 == 0 {
		if err = l.follow(); err == nil {
			last = l.parts[len(l.parts)-1]
			st, err = last.f.Stat()
		}
	}
	if err != nil {
		return 0, fmt.Errorf("follow the log: %w", err)
	}
	return last.from + st.Size(), nil
}

// Free is what the file system of the log has left for auditd, which is root, in bytes (statfs(2), f_bfree). The open file is asked: a path
// would be looked up, which may itself be audited.
func (l *Log) Free() (int64, error) {
	var st unix.Statfs_t
	if err := unix.Fstatfs(int(l.parts[len(l.parts)-1].f.Fd()), &st); err != nil {
		return 0, fmt.Errorf("ask for the room of the log: %w", err)
	}
	if st.Blocks == 0 || st.Bsize <= 0 || st.Bfree > uint64(math.MaxInt64/st.Bsize) { // one without blocks does not count
		return math.MaxInt64, nil
	}
	return int64(st.Bfree) * st.Bsize, nil
}

// ReadAt reads across the files. It ends with io.EOF at the end that the last Size saw, or behind it.
func (l *Log) ReadAt(p []byte, off int64) (int, error) {
	n := 0
	for i, part := range l.parts {
		at := off + int64(n)
		lastPart := i+1 == len(l.parts)
		if !lastPart && at >= l.parts[i+1].from {
			continue
		}
		room := p[n:]
		if !lastPart {
			room = room[:min(int64(len(room)), l.parts[i+1].from-at)]
		}
		m, err := part.f.ReadAt(room, at-part.from)
		n += m
		switch {
		case err != nil && (lastPart || err != io.EOF):
			return n, err
		case m < len(room):
			return n, io.ErrUnexpectedEOF // it was cut after it was rotated
		case n == len(p):
			return n, nil
		}
	}
	return n, io.EOF
}

// errRotating: auditd is between two renames.
var errRotating = errors.New("the log is being rotated")

// follow opens the files that came after the last one. Where auditd is at it, it looks again for a tenth of a second.
func (l *Log) follow() error {
	for range 50 {
		newer, err := l.newer()
		if err == nil {
			return l.adopt(newer)
		}
		if !errors.Is(err, errRotating) {
			return err
		}
		pause(2 * time.Millisecond)
	}
	return fmt.Errorf("%w: the file that %s was is gone: raise num_logs or max_log_file and reload auditd, or measure less", ErrLogRotated, l.path)
}

// newer opens what was log_file after the last part, oldest first. The last part has the same place before and behind, so
// no name changed meanwhile.
func (l *Log) newer() (files []*os.File, err error) {
	defer func() {
		if err != nil {
			for _, f := range files {
				f.Close()
			}
			files = nil
		}
	}()
	last, err := l.parts[len(l.parts)-1].f.Stat()
	if err != nil {
		return nil, err
	}
	place, err := logPlace(l.path, last)
	if err != nil {
		return nil, err
	}
	for n := place - 1; n >= 0; n-- {
		f, err := openLogFile(logName(l.path, n))
		if errors.Is(err, fs.ErrNotExist) {
			return files, errRotating
		}
		if err != nil {
			return files, err
		}
		files = append(files, f)
	}
	if again, err := logPlace(l.path, last); err != nil || again != place {
		return files, errRotating
	}
	return files, nil
}

// adopt puts files behind the last part. A file that was rotated has its final length.
func (l *Log) adopt(files []*os.File) error {
	for i, f := range files {
		last := l.parts[len(l.parts)-1]
		st, err := last.f.Stat()
		if err == nil && len(l.parts) == maxLogParts {
			err = fmt.Errorf("%w: more than %d times since the slot began", ErrLogRotated, maxLogParts)
		}
		if err != nil {
			for _, rest := range files[i:] {
				rest.Close()
			}
			return err
		}
		l.parts = append(l.parts, logPart{f: f, from: last.from + st.Size()})
	}
	return nil
}

// logName is the log's n-th name: log_file, log_file.1, …
func logName(path string, n int) string {
	if n == 0 {
		return path
	}
	return path + "." + strconv.Itoa(n)
}

// logPlace is the number of the name that a file has now, 0 for log_file itself. errRotating where it has none.
func logPlace(path string, file os.FileInfo) (int, error) {
	for n := range maxLogParts {
		st, err := os.Lstat(logName(path, n))
		switch {
		case err == nil && os.SameFile(st, file):
			return n, nil
		case errors.Is(err, fs.ErrNotExist) && n > 0:
			return 0, errRotating
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return 0, fmt.Errorf("look for the rotated log: %w", err)
		}
	}
	return 0, errRotating
}
