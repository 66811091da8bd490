package sample

import (
	"bytes"
	"fmt"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// Gauge reads CPU and resident memory of one process many times a second. It opens nothing while it reads, since a file that is opened within a
// slot would be in the audit log of rules on open: a reading is two system calls.
type Gauge struct {
	clock int32
	statm *os.File
}

// Gauge makes one of a process, or tells that it is gone. Close it.
func (p Proc) Gauge(pid int) (*Gauge, error) {
	statm, err := os.Open(p.path(strconv.Itoa(pid), "statm"))
	if err != nil {
		return nil, fmt.Errorf("watch process %d: %w", pid, err)
	}
	return &Gauge{clock: cpuClock(pid), statm: statm}, nil
}

// cpuClock is the clock of all threads of a process, also of those that have ended, as clock_getcpuclockid(3) makes it
// (include/linux/posix-timers_types.h: CPUCLOCK_SCHED is 2). It has the nanoseconds of schedstat; of a thread that runs right now those
// since the last tick are missing (kernel/sched/cputime.c: thread_group_cputime), while /proc/PID/stat counts by 10 ms.
func cpuClock(pid int) int32 { return ^int32(pid)<<3 | 2 }

// Read gives the CPU time since the process began, in ns, and its resident memory in bytes. The kernel keeps the pages' count in parts, one for
// each CPU, so it is some pages off (include/linux/mm.h: get_mm_counter). The error is that the process has ended.
func (g *Gauge) Read() (cpuNs, residentBytes int64, err error) {
	var at unix.Timespec
	if err := unix.ClockGettime(g.clock, &at); err != nil {
		return 0, 0, fmt.Errorf("read the CPU clock of a process: %w", err)
	}
	var room [128]byte
	n, err := g.statm.ReadAt(room[:], 0)
	if n == 0 {
		return 0, 0, fmt.Errorf("read the memory of a process: %w", err)
	}
	pages, err := parseStatm(room[:n])
	return at.Nano(), pages * int64(os.Getpagesize()), err
}

// Close ends it.
func (g *Gauge) Close() error { return g.statm.Close() }

// parseStatm takes the second of "size resident shared text lib data dt", in pages (proc(5)).
func parseStatm(b []byte) (int64, error) {
	_, rest, _ := bytes.Cut(b, []byte(" "))
	second, _, ok := bytes.Cut(rest, []byte(" "))
	if !ok {
		return 0, fmt.Errorf("statm %q: want seven numbers", b)
	}
	pages, err := strconv.ParseInt(string(second), 10, 64)
	if err != nil || pages < 0 || pages > 1<<40 {
		return 0, fmt.Errorf("statm %q: want numbers of pages", b)
	}
	return pages, nil
}
