package scenarios

import (
	"fmt"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// clock counts ns from its start. Reading it is a vdso call, no system call.
type clock struct {
	base time.Time
	// monotonicNs is CLOCK_MONOTONIC at the start. It is read after base, so that a sleep ends at or after its time and never before.
	monotonicNs int64
}

func startClock() (clock, error) {
	c := clock{base: time.Now()}
	var ts unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &ts); err != nil {
		return clock{}, fmt.Errorf("read the monotonic clock: %w", err)
	}
	c.monotonicNs = ts.Nano()
	return c, nil
}

func (c clock) now() int64 { return int64(time.Since(c.base)) }

// sleepUntil sleeps to an absolute time with one raw system call. A Go timer would go through the poller and other threads, and a sleep
// the runtime knows of makes it hand the processor on, four futex calls each time (seen with strace).
func (c clock) sleepUntil(ns int64) error {
	if c.now() >= ns {
		return nil
	}
	ts := unix.NsecToTimespec(c.monotonicNs + ns)
	for {
		_, _, e := unix.RawSyscall6(unix.SYS_CLOCK_NANOSLEEP, unix.CLOCK_MONOTONIC, unix.TIMER_ABSTIME, uintptr(unsafe.Pointer(&ts)), 0, 0, 0)
		if e == 0 {
			return nil
		}
		if e != unix.EINTR {
			return fmt.Errorf("sleep: %w", e)
		}
	}
}
