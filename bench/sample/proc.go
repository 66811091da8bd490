package sample

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Proc is a /proc tree. The zero value reads the machine's own.
type Proc struct{ Root string }

func (p Proc) path(parts ...string) string {
	root := p.Root
	if root == "" {
		root = "/proc"
	}
	return filepath.Join(append([]string{root}, parts...)...)
}

// CPUNs is the CPU time in ns that the living threads of a process have used since they began.
// auditd writes and flushes in threads of their own, so the process's main thread alone would miss most of it.
func (p Proc) CPUNs(pid int) (int64, error) {
	files, err := filepath.Glob(p.path(strconv.Itoa(pid), "task", "*", "schedstat"))
	if err != nil {
		return 0, err
	}
	if len(files) == 0 {
		return 0, fmt.Errorf("read cpu time of process %d: %w", pid, fs.ErrNotExist)
	}
	var sum int64
	for _, f := range files {
		b, err := os.ReadFile(f)
		if errors.Is(err, fs.ErrNotExist) {
			continue // the thread ended between the listing and the read
		}
		if err != nil {
			return 0, fmt.Errorf("read cpu time of process %d: %w", pid, err)
		}
		ns, err := parseSchedstat(b)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", f, err)
		}
		sum += ns
	}
	return sum, nil
}

// parseSchedstat takes "run-ns wait-ns slices" (fs/proc/base.c: proc_pid_schedstat).
func parseSchedstat(b []byte) (int64, error) {
	first, _, ok := bytes.Cut(b, []byte(" "))
	if !ok {
		return 0, fmt.Errorf("schedstat %q: want three numbers", b)
	}
	return strconv.ParseInt(string(first), 10, 64)
}

// PeakRSSBytes is the largest resident size of the process since ResetPeakRSS.
func (p Proc) PeakRSSBytes(pid int) (int64, error) {
	kib, err := p.keyed(pid, "status", "VmHWM")
	return kib * 1024, err
}

// ResetPeakRSS makes the peak the present size (proc(5), clear_refs, value 5). It needs the rights to trace the process.
func (p Proc) ResetPeakRSS(pid int) error {
	return os.WriteFile(p.path(strconv.Itoa(pid), "clear_refs"), []byte("5"), 0)
}

// WriteCalls counts the write system calls of the process (proc(5), io, syscw).
func (p Proc) WriteCalls(pid int) (int64, error) {
	return p.keyed(pid, "io", "syscw")
}

// keyed reads the number behind "name:" in a file of the process.
func (p Proc) keyed(pid int, file, name string) (int64, error) {
	b, err := os.ReadFile(p.path(strconv.Itoa(pid), file))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, name+":"); ok {
			f := strings.Fields(rest)
			if len(f) == 0 {
				break
			}
			return strconv.ParseInt(f[0], 10, 64)
		}
	}
	return 0, fmt.Errorf("read %s of process %d: it has no %s", file, pid, name)
}

// Named lists the processes whose short name (comm) is name, e.g. the kernel thread kauditd.
func (p Proc) Named(name string) []int {
	files, _ := filepath.Glob(p.path("[0-9]*", "comm"))
	var pids []int
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil || strings.TrimSuffix(string(b), "\n") != name {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(f))); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}

// Comm is the short name of a process, "" when it is gone.
func (p Proc) Comm(pid int) string {
	b, err := os.ReadFile(p.path(strconv.Itoa(pid), "comm"))
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(string(b), "\n")
}
