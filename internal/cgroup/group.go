package cgroup

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Group is one folder of a hierarchy.
type Group struct {
	Dir   string
	usage *os.File // cpu.stat or cpuacct.usage, open as long as the group is
}

// files that say how much CPU a group used, and the unit of what they say.
const (
	usageV2 = "cpu.stat"      // usage_usec, µs
	usageV1 = "cpuacct.usage" // ns
)

// CountsIn is the folder in which a group that counts CPU can be made: version 2 counts without a controller.
func CountsIn(list []Hierarchy) (dir string, err error) {
	if h, ok := unified(list); ok {
		if _, err := os.Stat(filepath.Join(h.Own, "cgroup.procs")); err == nil {
			return h.Own, nil
		}
	}
	if h, ok := with(list, "cpuacct"); ok {
		return h.Own, nil
	}
	return "", fmt.Errorf("%w is mounted that counts CPU: mount cgroup2, or cgroup with cpuacct", ErrNotCgroup)
}

// Make makes a group that counts CPU.
func Make(dir string) (*Group, error) {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make a cgroup: %w", err)
	}
	g, err := Open(dir)
	if err != nil {
		return nil, errors.Join(err, os.Remove(dir))
	}
	return g, nil
}

// Open takes a group that is there. It must count CPU.
func Open(dir string) (*Group, error) {
	if !isGroup(dir) {
		return nil, fmt.Errorf("%s is %w", dir, ErrNotCgroup)
	}
	for _, name := range []string{usageV1, usageV2} { // the cpu hierarchy of version 1 has a cpu.stat without usage
		f, err := os.Open(filepath.Join(dir, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		g := &Group{Dir: dir, usage: f}
		if _, err := g.CPUNs(); err != nil {
			f.Close()
			continue
		}
		return g, nil
	}
	return nil, fmt.Errorf("%s counts no CPU: it has neither usage_usec in cpu.stat nor cpuacct.usage", dir)
}

// CPUNs is the CPU that everything in the group and below it used so far, ended processes and those nobody waited for among them. It is read
// from a file that stays open: no path is looked up that a rule could be about.
func (g *Group) CPUNs() (int64, error) {
	b := make([]byte, 4096)
	n, err := g.usage.ReadAt(b, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, fmt.Errorf("CPU of a cgroup: %w", err)
	}
	return parseUsage(filepath.Base(g.usage.Name()), b[:n])
}

// parseUsage reads either file.
func parseUsage(name string, b []byte) (int64, error) {
	text, unit := string(bytes.TrimSpace(b)), int64(1)
	if name == usageV2 {
		unit = int64(time.Microsecond)
		_, rest, ok := strings.Cut("\n"+text, "\nusage_usec ")
		if !ok {
			return 0, fmt.Errorf("%s has no usage_usec", name)
		}
		text, _, _ = strings.Cut(rest, "\n")
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || n > (1<<63-1)/unit {
		return 0, fmt.Errorf("%s says %.40q", name, text)
	}
	return n * unit, nil
}

// Add moves a process with all its threads into the group; children that it has stay where they are.
func (g *Group) Add(pid int) error {
	if err := write(g.Dir, "cgroup.procs", strconv.Itoa(pid)); err != nil {
		return fmt.Errorf("move process %d into a cgroup: %w", pid, err)
	}
	return nil
}

// PIDs are the processes in a group and in those below it, at most maxPIDs.
func PIDs(dir string) ([]int, error) {
	var pids []int
	err := eachBelow(dir, func(d string) error {
		f, err := os.Open(filepath.Join(d, "cgroup.procs"))
		if err != nil {
			return err
		}
		defer f.Close()
		lines := bufio.NewScanner(f)
		for lines.Scan() && len(pids) < maxPIDs {
			if pid, err := strconv.Atoi(lines.Text()); err == nil && pid > 0 { // 0: of another pid namespace
				pids = append(pids, pid)
			}
		}
		return lines.Err()
	})
	return pids, err
}

// Bounds of what is walked in somebody else's tree.
const (
	maxPIDs = 1 << 16
	maxDirs = 1 << 16
)

// eachBelow visits a group and all below it, parents first. What ends meanwhile is passed over.
func eachBelow(dir string, visit func(dir string) error) error {
	dirs := 0
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			if path != dir && errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			return err
		}
		if !d.IsDir() {
			return nil
		}
		if dirs++; dirs > maxDirs {
			return fmt.Errorf("more than %d cgroups below %s", maxDirs, dir)
		}
		err = visit(path)
		if path != dir && (errors.Is(err, fs.ErrNotExist) || errors.Is(err, unix.ENODEV)) {
			return filepath.SkipDir
		}
		return err
	})
}

// End kills what is in the group, and what that forks meanwhile: at once where the kernel can (5.14, cgroup.kill), else until none is seen.
func (g *Group) End() error {
	if write(g.Dir, "cgroup.kill", "1") == nil {
		return nil
	}
	for deadline := time.Now().Add(removeWithin); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		pids, err := PIDs(g.Dir)
		if err != nil || len(pids) == 0 {
			return err
		}
		for _, pid := range pids {
			_ = unix.Kill(pid, unix.SIGKILL) // it may have ended
		}
	}
	return fmt.Errorf("processes in %s do not end", g.Dir)
}

// Close lets go of a group that is not ours to remove.
func (g *Group) Close() error { return g.usage.Close() }

// Remove ends the group. Its processes must have been ended; those that are just ending are waited for.
func (g *Group) Remove() error {
	return errors.Join(g.usage.Close(), RemoveTree(g.Dir))
}

// removeWithin bounds the wait for ending processes.
const removeWithin = time.Second

// RemoveTree removes a group and those below it, and nothing that is not a group. One that is not there is removed.
func RemoveTree(dir string) error {
	if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if !isGroup(dir) {
		return fmt.Errorf("remove %s: it is %w", dir, ErrNotCgroup)
	}
	var dirs []string
	if err := eachBelow(dir, func(d string) error { dirs = append(dirs, d); return nil }); err != nil {
		return fmt.Errorf("remove a cgroup: %w", err)
	}
	deadline := time.Now().Add(removeWithin)
	for i := len(dirs) - 1; i >= 0; i-- { // children before parents
		for {
			err := unix.Rmdir(dirs[i])
			if err == nil || errors.Is(err, unix.ENOENT) {
				break
			}
			if !errors.Is(err, unix.EBUSY) || time.Now().After(deadline) {
				return fmt.Errorf("remove the cgroup %s: %w", dirs[i], err)
			}
			time.Sleep(2 * time.Millisecond)
		}
	}
	return nil
}

// write writes one value: a cgroup file takes it in one call or refuses it.
func write(dir, name, value string) error {
	f, err := os.OpenFile(filepath.Join(dir, name), os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(value)
	return errors.Join(err, f.Close())
}
