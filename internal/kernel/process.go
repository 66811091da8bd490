package kernel

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// process names one process for good: a pid is used again, a pid with its start time is not.
type process struct {
	PID        int    `json:"pid"`
	StartTicks uint64 `json:"start_ticks"` // since boot, in ticks of USER_HZ (proc(5), /proc/pid/stat field 22)
}

// procStat is what we read of /proc/pid/stat.
type procStat struct {
	state      byte // R S D T t Z X …
	ppid       int
	startTicks uint64
}

// parseStat reads /proc/pid/stat. The name in parentheses may hold anything, so fields count from the last ")".
func parseStat(b []byte) (procStat, error) {
	_, rest, ok := bytes.Cut(b, []byte("("))
	i := bytes.LastIndexByte(rest, ')')
	if !ok || i < 0 {
		return procStat{}, errors.New("parse /proc/pid/stat: no name in parentheses")
	}
	f := strings.Fields(string(rest[i+1:]))
	if len(f) < 20 || len(f[0]) != 1 {
		return procStat{}, fmt.Errorf("parse /proc/pid/stat: %d fields after the name, 20 are due", len(f))
	}
	ppid, err := strconv.Atoi(f[1])
	if err != nil {
		return procStat{}, fmt.Errorf("parse /proc/pid/stat: parent: %w", err)
	}
	start, err := strconv.ParseUint(f[19], 10, 64)
	if err != nil {
		return procStat{}, fmt.Errorf("parse /proc/pid/stat: start time: %w", err)
	}
	return procStat{state: f[0][0], ppid: ppid, startTicks: start}, nil
}

func readStat(pid int) (procStat, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return procStat{}, err
	}
	return parseStat(b)
}

// identify is the process that has this pid now.
func identify(pid int) (process, error) {
	st, err := readStat(pid)
	if err != nil {
		return process{}, fmt.Errorf("look up process %d: %w", pid, err)
	}
	return process{PID: pid, StartTicks: st.startTicks}, nil
}

// stat is the process's own state, fs.ErrNotExist where it ended (a zombie has) or its pid is another's now.
func (p process) stat() (procStat, error) {
	st, err := readStat(p.PID)
	if errors.Is(err, unix.ESRCH) || err == nil && (st.startTicks != p.StartTicks || st.state == 'Z' || st.state == 'X') {
		err = fs.ErrNotExist
	}
	return st, err
}

func (p process) alive() bool {
	_, err := p.stat()
	return err == nil
}

// signal reaches the process only if it is still the same one: the pidfd is opened first, then the start time compared.
func (p process) signal(sig unix.Signal) {
	fd, err := unix.PidfdOpen(p.PID, 0)
	if err != nil {
		return // gone
	}
	defer unix.Close(fd)
	if p.alive() {
		_ = unix.PidfdSendSignal(fd, sig, nil, 0) // it may end at any time: that is what is wanted
	}
}

// awaitEnd waits until the process has ended and tells whether it did.
func (p process) awaitEnd(within time.Duration) bool {
	for deadline := time.Now().Add(within); p.alive(); pause(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			return false
		}
	}
	return true
}

// descendants are the processes below p now, p not among them.
func (p process) descendants() []process {
	children := map[int][]process{}
	for _, pid := range pids() {
		if st, err := readStat(pid); err == nil && st.state != 'Z' {
			children[st.ppid] = append(children[st.ppid], process{PID: pid, StartTicks: st.startTicks})
		}
	}
	var all []process
	for next := children[p.PID]; len(next) > 0 && len(all) < 1<<20; {
		all = append(all, next...)
		var below []process
		for _, c := range next {
			below = append(below, children[c.PID]...)
		}
		next = below
	}
	return all
}

// pids are the processes of this machine now.
func pids() []int {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	var all []int
	for _, e := range entries {
		if pid, err := strconv.Atoi(e.Name()); err == nil {
			all = append(all, pid)
		}
	}
	return all
}

// tokenVariable is the environment variable that names the lease of a workload.
const tokenVariable = "AUDITPROF_LEASE="

// withToken are the processes that were started with this lease's token and are alive.
func withToken(token string) []process {
	if token == "" {
		return nil
	}
	var found []process
	for _, pid := range pids() {
		p := mustIdentify(pid)
		env, err := readBounded(fmt.Sprintf("/proc/%d/environ", pid))
		if err == nil && p.alive() && slices.Contains(strings.Split(string(env), "\x00"), tokenVariable+token) {
			found = append(found, p)
		}
	}
	return found
}

// readBounded reads the first megabyte of a file of another process.
func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, 1<<20))
}

// killTree ends a process and all below it at once. What it forks between the look and the kill is found in the next
// rounds, as long as the parent is known; three rounds are enough for what has no parent to fork it again.
func (p process) killTree() {
	victims := []process{}
	for range 3 {
		if p.alive() {
			victims = append(victims, p.descendants()...)
		}
		p.signal(unix.SIGSTOP) // a stopped parent forks no more
		for _, v := range victims {
			if v.alive() {
				victims = append(victims, v.descendants()...)
			}
			v.signal(unix.SIGKILL)
		}
	}
	p.signal(unix.SIGKILL)
}
