package scenarios

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// serving workloads have servers, whose children work for them.
type serving interface{ Servers() []int }

// batching workloads do many operations at once, in a program of their own.
type batching interface{ DoMany(ops uint64) error }

// tickNs is the unit of times in /proc/pid/stat: 100 a second on every machine that Go runs on (kernel include/asm-generic/param.h: USER_HZ).
const tickNs = int64(1e9 / 100)

// serversCPUNs is the CPU of servers, of their children that live, and of those that ended and were waited for. It counts in ticks of 10 ms,
// each process by itself.
func serversCPUNs(servers []int) (int64, error) {
	var total int64
	for _, pid := range servers {
		st, err := readTimes(strconv.Itoa(pid))
		if err != nil {
			return 0, fmt.Errorf("CPU time of server %d: %w", pid, err)
		}
		total += st.own + st.waitedFor
	}
	all, err := filepath.Glob("/proc/[0-9]*")
	if err != nil || len(servers) == 0 {
		return total, err
	}
	for _, dir := range all {
		st, err := readTimes(filepath.Base(dir))
		if err != nil {
			continue // it has ended meanwhile
		}
		for _, pid := range servers {
			if st.parent == pid {
				total += st.own
			}
		}
	}
	return total, nil
}

// times are those of /proc/pid/stat, in ns.
type times struct {
	parent         int
	own, waitedFor int64
}

func readTimes(pid string) (times, error) {
	b, err := os.ReadFile(filepath.Join("/proc", pid, "stat"))
	if err != nil {
		return times{}, err
	}
	return parseTimes(b)
}

// parseTimes reads fields 4 and 14 to 17 of proc_pid_stat(5). The name in parentheses may hold anything, so fields count from the last one.
func parseTimes(b []byte) (times, error) {
	f := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
	if len(f) < 15 {
		return times{}, fmt.Errorf("/proc/pid/stat has %d fields behind the name, 15 are due", len(f))
	}
	var n [5]int64
	for i, at := range []int{1, 11, 12, 13, 14} {
		v, err := strconv.ParseInt(f[at], 10, 64)
		if err != nil {
			return times{}, fmt.Errorf("/proc/pid/stat: %w", err)
		}
		n[i] = v
	}
	return times{parent: int(n[0]), own: (n[1] + n[2]) * tickNs, waitedFor: (n[3] + n[4]) * tickNs}, nil
}
