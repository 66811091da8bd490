package kernel

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// DefaultRunDir holds the lock, the journal and the guard's log. It is the same for every run on a machine.
const DefaultRunDir = "/run/auditprof"

// makeRunDir makes the directory, or takes the one there if it is root's own and closed to others.
func makeRunDir(dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("make the run directory: %w", err)
	}
	var st unix.Stat_t
	if err := unix.Lstat(dir, &st); err != nil {
		return fmt.Errorf("look at the run directory %s: %w", dir, err)
	}
	if st.Mode&unix.S_IFMT != unix.S_IFDIR || int(st.Uid) != os.Geteuid() || st.Mode&0o077 != 0 {
		return fmt.Errorf("the run directory %s is not a directory of uid %d with mode 0700: remove it", dir, os.Geteuid())
	}
	return nil
}

// takeLock takes the machine's one lease lock. The lock belongs to the open file: the guard inherits it, so that nobody
// else starts while it still restores. A holder that is dead gets patience until its guard is done.
func takeLock(ctx context.Context, dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lease.lock"), os.O_RDWR|os.O_CREATE|unix.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lease lock: %w", err)
	}
	patience := time.Now().Add(10 * time.Second)
	for {
		err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err == nil {
			break
		}
		holder := lockHolder(f)
		if !errors.Is(err, unix.EWOULDBLOCK) || holder.alive() || time.Now().After(patience) || ctx.Err() != nil {
			f.Close()
			if !errors.Is(err, unix.EWOULDBLOCK) {
				return nil, fmt.Errorf("lock the lease: %w", err)
			}
			return nil, fmt.Errorf("%w by pid %d: wait until it ends, or end it with SIGTERM", ErrHeld, holder.PID)
		}
		pause(20 * time.Millisecond)
	}
	if err := writeHolder(f); err != nil {
		releaseLock(f)
		return nil, err
	}
	return f, nil
}

func writeHolder(f *os.File) error {
	me, err := identify(os.Getpid())
	if err != nil {
		return err
	}
	if err := f.Truncate(0); err != nil {
		return fmt.Errorf("write the lease lock: %w", err)
	}
	if _, err := f.WriteAt(fmt.Appendf(nil, "%d %d\n", me.PID, me.StartTicks), 0); err != nil {
		return fmt.Errorf("write the lease lock: %w", err)
	}
	return nil
}

// lockHolder is who wrote the lock, pid 0 where nothing can be read.
func lockHolder(f *os.File) process {
	b, _ := io.ReadAll(io.NewSectionReader(f, 0, 64))
	words := bytes.Fields(b)
	if len(words) != 2 {
		return process{}
	}
	pid, err := strconv.Atoi(string(words[0]))
	start, err2 := strconv.ParseUint(string(words[1]), 10, 64)
	if err != nil || err2 != nil || pid <= 0 {
		return process{}
	}
	return process{PID: pid, StartTicks: start}
}

// releaseLock ends the lease for every process that shares the open file.
func releaseLock(f *os.File) {
	_ = unix.Flock(int(f.Fd()), unix.LOCK_UN) // fails only for a bad descriptor
	f.Close()
}
