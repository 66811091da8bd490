package probe

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	"github.com/cilium/ebpf"
)

// Targets are the processes to watch.
type Targets struct {
	// Workload processes are watched with their threads and children, those that they have and those that come.
	Workload []int
	// Auditd with its threads, not its plugins, and the kernel threads called kauditd; empty for none.
	Auditd, Kauditd []int
}

// ErrTargets: a process to watch is not there, or has more threads than fit.
var ErrTargets = errors.New("cannot watch the processes")

// maxThreads is that of bpf/watch.bpf.c.
const maxThreads = 16384

// mostLooks is more than any process needs until all of its threads are found.
const mostLooks = 100

// kinds of thread, as in bpf/watch.bpf.c.
const (
	workload = iota
	auditd
	kauditd
	kindCount
)

// watch puts all threads of the targets into the map. The fork tracepoint is attached by then, so that whatever a thread in the map starts is
// put there by the kernel; one that a thread not yet there started is found by looking until nothing is new.
func (t Targets) watch(threads *ebpf.Map) error {
	for _, group := range []struct {
		kind     uint8
		pids     []int
		children bool
	}{{workload, t.Workload, true}, {auditd, t.Auditd, false}, {kauditd, t.Kauditd, false}} {
		for range mostLooks {
			fresh, err := watchAll(threads, group.kind, group.pids, group.children)
			if err != nil {
				return fmt.Errorf("%w: %w", ErrTargets, err)
			}
			if fresh == 0 {
				break
			}
		}
	}
	return nil
}

// watchAll puts threads into the map that are not there yet, and counts them.
func watchAll(threads *ebpf.Map, kind uint8, pids []int, children bool) (fresh int, err error) {
	for _, pid := range pids {
		tids, err := threadsOf(pid, children)
		if err != nil {
			return 0, err
		}
		for _, tid := range tids {
			err := threads.Update(uint32(tid), watchThread{Kind: kind}, ebpf.UpdateNoExist)
			if errors.Is(err, ebpf.ErrKeyExist) {
				continue
			}
			if err != nil {
				return 0, fmt.Errorf("thread %d of process %d (there is room for %d threads): %w", tid, pid, maxThreads, err)
			}
			if _, err := os.Stat(filepath.Join("/proc", strconv.Itoa(tid))); err != nil {
				threads.Delete(uint32(tid)) // ended before it was there to be forgotten; its number may become another's
				continue
			}
			fresh++
		}
	}
	return fresh, nil
}

// threadsOf lists the threads of a process, and with children those of all its descendants. What ends meanwhile is left out, unless it is the
// process itself.
func threadsOf(pid int, children bool) (tids []int, err error) {
	queue, first := []int{pid}, true
	for len(queue) > 0 {
		tasks := filepath.Join("/proc", strconv.Itoa(queue[0]), "task")
		queue = queue[1:]
		list, err := os.ReadDir(tasks)
		if err != nil && (first || !gone(err)) {
			return nil, err
		}
		first = false
		for _, e := range list {
			tid, err := strconv.Atoi(e.Name())
			if err != nil || len(tids) >= maxThreads {
				continue
			}
			tids = append(tids, tid)
			if children {
				queue = append(queue, childrenOf(filepath.Join(tasks, e.Name()))...)
			}
		}
	}
	return tids, nil
}

// childrenOf reads proc(5) /proc/PID/task/TID/children. A kernel without it, or a thread that has ended, gives none.
func childrenOf(task string) (pids []int) {
	b, _ := os.ReadFile(filepath.Join(task, "children"))
	for _, f := range bytes.Fields(b) {
		if pid, err := strconv.Atoi(string(f)); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}

func gone(err error) bool { return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ESRCH) }
