package kernel

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// restorePauses are the waits between attempts to restore.
var restorePauses = []time.Duration{50 * time.Millisecond, 200 * time.Millisecond, 500 * time.Millisecond}

// runGuard waits for the end of its owner. An owner that said "done" has restored; for any other the guard restores
// from the journal. It shares the owner's lock, so nobody starts a lease before it ends.
func runGuard(dir string, owner process) error {
	client, err := Open()
	if err != nil {
		return err
	}
	defer client.Close()
	pidfd, ownerErr := watchOwner(owner)
	if _, err := unix.Write(fdReady, []byte{byteBeat}); err != nil {
		fmt.Fprintf(os.Stderr, "auditprof: nobody hears that the guard is ready: %v\n", err)
	}
	unix.Close(fdReady)
	if ownerErr == nil && awaitDone(pidfd) {
		return nil
	}
	turn, err := awaitTurn(dir)
	if err != nil {
		return err
	}
	defer turn.Close()
	restored, err := settleJournal(client, dir, func() {})
	if errors.Is(err, errNoJournal) {
		return nil
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "auditprof: restored after the end of pid %d: %+v\n", owner.PID, restored)
	return nil
}

// awaitTurn keeps two guards of one lease apart: the second then finds no journal.
func awaitTurn(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "guard.lock"), os.O_RDWR|os.O_CREATE|unix.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the guard's lock: %w", err)
	}
	for {
		if err := unix.Flock(int(f.Fd()), unix.LOCK_EX); !errors.Is(err, unix.EINTR) {
			return f, err
		}
	}
}

// awaitDone tells whether the owner said "done" before it ended. It blocks on the calling thread alone.
func awaitDone(pidfd int) bool {
	fds := []unix.PollFd{{Fd: fdLine, Events: unix.POLLIN}, {Fd: int32(pidfd), Events: unix.POLLIN}}
	for {
		if _, err := unix.Poll(fds, -1); err != nil {
			if errors.Is(err, unix.EINTR) {
				continue
			}
			return false
		}
		if fds[0].Revents != 0 {
			var b [1]byte
			if n, err := unix.Read(fdLine, b[:]); !errors.Is(err, unix.EINTR) {
				return n == 1 && b[0] == byteDone
			}
			continue
		}
		if fds[1].Revents != 0 {
			return false
		}
	}
}

// settleJournal restores from the journal in dir and removes it. errNoJournal: there is none.
func settleJournal(d door, dir string, beat func()) (Restored, error) {
	j, err := readJournal(dir)
	if errors.Is(err, errOtherBoot) {
		return Restored{Stale: true, OtherBoot: true}, removeJournal(dir)
	}
	if err != nil {
		return Restored{}, err
	}
	restored, err := settlement{door: d, journal: j, beat: beat, pauses: restorePauses}.settle()
	restored.Stale = true
	if err != nil {
		return restored, err
	}
	return restored, removeJournal(dir)
}
