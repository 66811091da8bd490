package main

import (
	"fmt"
	"io"

	"github.com/auditprof/auditprof/bench"
	"golang.org/x/sys/unix"
)

// probeMain makes the marked system call of the context proof. It fails, as it must: there is no such kind of priority.
func probeMain(out io.Writer) int {
	_, _, errno := unix.RawSyscall(unix.SYS_GETPRIORITY, bench.ProbeArg0, bench.ProbeArg1, 0)
	if errno == 0 {
		fmt.Fprintln(out, "the marked call did not fail")
		return 1
	}
	fmt.Fprintln(out, "done")
	return 0
}
