package kernel

import (
	"fmt"
	"os"
	"os/signal"
	"runtime"

	"golang.org/x/sys/unix"
)

// The hidden commands, as the first argument of the program.
const (
	GuardCommand    = "__guard"
	WatchdogCommand = "__watchdog"
)

// Descriptors that a companion is started with.
const (
	fdLine  = 3 // the reading end of the pipe from the owner
	fdReady = 4 // one byte here says that the companion watches
)

// Bytes on the line.
const (
	byteBeat = 'b'
	byteDone = 'd'
)

// InitHidden must be called from an init function of the program (and of a test binary that takes leases). For a hidden
// command it keeps the main goroutine on the main thread: that one was forked without audit context, threads made later
// were not.
func InitHidden() {
	if len(os.Args) > 1 && isHidden(os.Args[1]) {
		runtime.LockOSThread()
	}
}

func isHidden(name string) bool { return name == GuardCommand || name == WatchdogCommand }

// MainHidden runs a hidden command with the arguments of this process and returns its exit code. It reports false for
// any other name.
func MainHidden(name string) (code int, hidden bool) {
	if !isHidden(name) {
		return 0, false
	}
	if len(os.Args) != 4 {
		fmt.Fprintf(os.Stderr, "auditprof: %s is started by auditprof itself\n", name)
		return 2, true
	}
	// A terminal's Ctrl-C and hang-up are for the owner, which restores.
	signal.Ignore(unix.SIGINT, unix.SIGTERM, unix.SIGHUP, unix.SIGQUIT, unix.SIGPIPE)
	_ = os.WriteFile("/proc/self/oom_score_adj", []byte("-1000"), 0) // without the right to it we are killed like others
	owner, err := parseProcess(os.Args[3])
	if err == nil && name == GuardCommand {
		err = runGuard(os.Args[2], owner)
	} else if err == nil {
		err = runWatchdog(owner)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "auditprof: %s: %v\n", name, err)
		return 1, true
	}
	return 0, true
}

func parseProcess(s string) (process, error) {
	var p process
	if _, err := fmt.Sscanf(s, "%d/%d", &p.PID, &p.StartTicks); err != nil || p.PID <= 0 {
		return p, fmt.Errorf("%q names no process", s)
	}
	return p, nil
}

func (p process) String() string { return fmt.Sprintf("%d/%d", p.PID, p.StartTicks) }

// watchOwner opens a descriptor that polls readable when the owner ends. The end of the pipe alone would come late
// where a child of the owner still holds the other end between fork and exec.
func watchOwner(owner process) (int, error) {
	fd, err := unix.PidfdOpen(owner.PID, 0)
	if err != nil {
		return -1, fmt.Errorf("watch the owner %d: %w", owner.PID, err)
	}
	if !owner.alive() {
		unix.Close(fd)
		return -1, fmt.Errorf("watch the owner %d: it ended already", owner.PID)
	}
	return fd, nil
}
