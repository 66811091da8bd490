package kernel

import (
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// runWatchdog kills an owner that makes no progress; the guard then restores. When every syscall of every audited task
// waits for the backlog, this must still work: the thread has no audit context, the socket is open, the message is
// built, and nothing but poll, read, sendto and the kill is called on that path.
func runWatchdog(owner process) error {
	var limit time.Duration
	if ns, err := time.ParseDuration(os.Args[2]); err == nil && ns > 0 {
		limit = ns
	} else {
		return fmt.Errorf("%q is no time limit", os.Args[2])
	}
	w, err := newWatchdog(owner)
	if err != nil {
		return err
	}
	if _, err := unix.Write(fdReady, []byte{byteBeat}); err != nil {
		return fmt.Errorf("say ready: %w", err)
	}
	unix.Close(fdReady)
	if !w.watch(limit) {
		return nil
	}
	w.endOwner()
	fmt.Fprintf(os.Stderr, "auditprof: pid %d made no progress for %v and was killed\n", owner.PID, limit)
	return nil
}

type watchdog struct {
	pidfd   int
	socket  int
	noWait  []byte // AUDIT_SET, backlog wait time 0, no acknowledgement asked for
	address unix.Sockaddr
}

func newWatchdog(owner process) (watchdog, error) {
	pidfd, err := watchOwner(owner)
	if err != nil {
		return watchdog{}, err
	}
	socket, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_AUDIT)
	if err != nil {
		return watchdog{}, fmt.Errorf("open audit: %w", err)
	}
	return watchdog{pidfd: pidfd, socket: socket, noWait: rawMessage(auditSet, unix.NLM_F_REQUEST, 0, encodeSet(setBacklogWaitTime, 0)),
		address: &unix.SockaddrNetlink{Family: unix.AF_NETLINK}}, nil
}

// watch tells whether the owner must be ended: true after limit without a beat, false when it ended or is done.
func (w watchdog) watch(limit time.Duration) bool {
	fds := []unix.PollFd{{Fd: fdLine, Events: unix.POLLIN}, {Fd: int32(w.pidfd), Events: unix.POLLIN}}
	var beats [4096]byte
	for last := time.Now(); ; {
		left := limit - time.Since(last)
		if left <= 0 {
			return true
		}
		n, err := unix.Poll(fds, int(left.Milliseconds())+1)
		if err != nil && !errors.Is(err, unix.EINTR) {
			return false
		}
		if err != nil || n == 0 {
			continue
		}
		if fds[1].Revents != 0 {
			return false
		}
		n, err = unix.Read(fdLine, beats[:])
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if n <= 0 || beats[n-1] == byteDone {
			return false
		}
		last = time.Now()
	}
}

// endOwner sets the wait time to 0 and kills, again and again: the owner may be setting the wait time at this moment.
func (w watchdog) endOwner() {
	ended := []unix.PollFd{{Fd: int32(w.pidfd), Events: unix.POLLIN}}
	for range 300 {
		_ = unix.Sendto(w.socket, w.noWait, unix.MSG_DONTWAIT, w.address)
		_ = unix.PidfdSendSignal(w.pidfd, unix.SIGKILL, nil, 0)
		if n, _ := unix.Poll(ended, 100); n > 0 {
			return
		}
	}
}
