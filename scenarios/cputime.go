package scenarios

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// cpuNs is the CPU of this process and of its waited-for children since their start.
//
// The process's own comes from CLOCK_PROCESS_CPUTIME_ID: the sum of sum_exec_runtime over all its threads in ns
// (kernel/time/posix-cpu-timers.c, cpu_clock_sample_group). Children have no such clock; getrusage gives their user and system time scaled
// so that the sum is their exact run time (kernel/sched/cputime.c, cputime_adjust), each cut to a microsecond once for all children.
func cpuNs() (int64, error) {
	var own unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &own); err != nil {
		return 0, fmt.Errorf("read the process's CPU clock: %w", err)
	}
	var children unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_CHILDREN, &children); err != nil {
		return 0, fmt.Errorf("read the children's CPU: %w", err)
	}
	return own.Nano() + children.Utime.Nano() + children.Stime.Nano(), nil
}
