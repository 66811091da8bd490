package scenarios

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// serving workloads have servers, whose children work for them.
type serving interface{ Servers() []int }

// batching workloads do many operations at once, in a program of their own.
type batching interface{ DoMany(ops uint64) error }

// tickNs is the unit of times in /proc/pid/stat: 100 a second on every machine that Go runs on (kernel include/asm-generic/param.h: USER_HZ).
const tickNs = int64(1e9 / 100)

// serverTimes reads the CPU of servers and of the children that they have when it is made, from files that stay open: what is opened while
// operations run would be audited as the workload's. Children that come later count once they have ended and were waited for.
type serverTimes struct{ servers, children []*os.File }

// watchServers opens the files of servers and of their children.
func watchServers(servers []int) (*serverTimes, error) {
	w := &serverTimes{}
	all, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil || len(servers) == 0 {
		return w, err
	}
	for _, path := range all {
		f, err := os.Open(path)
		if err != nil {
			continue // it has ended meanwhile
		}
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		t, err := readTimes(f)
		switch {
		case err == nil && slices.Contains(servers, pid):
			w.servers = append(w.servers, f)
		case err == nil && slices.Contains(servers, t.parent):
			w.children = append(w.children, f)
		default:
			f.Close()
		}
	}
	if len(w.servers) != len(servers) {
		return nil, fmt.Errorf("of %d servers only %d are there", len(servers), len(w.servers))
	}
	return w, nil
}

// cpuNs is the CPU so far. It counts in ticks of 10 ms, each process by itself. A child that has ended is among those that its server waited for.
func (w *serverTimes) cpuNs() (total int64, err error) {
	for _, f := range w.servers {
		t, err := readTimes(f)
		if err != nil {
			return 0, fmt.Errorf("CPU time of a server: %w", err)
		}
		total += t.own + t.waitedFor
	}
	for _, f := range w.children {
		if t, err := readTimes(f); err == nil {
			total += t.own
		}
	}
	return total, nil
}

// times are those of /proc/pid/stat, in ns.
type times struct {
	parent         int
	own, waitedFor int64
}

func readTimes(f *os.File) (times, error) {
	b := make([]byte, 4096)
	n, err := f.ReadAt(b, 0)
	if n == 0 {
		return times{}, err
	}
	return parseTimes(b[:n])
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
