package cgroup

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// Hierarchy is one mounted tree of groups.
type Hierarchy struct {
	// Mount is where it is mounted; Own is the folder of this process's group in it.
	Mount, Own string
	V2         bool
	// Controllers of version 1: "cpuacct", "memory", "name=systemd". Those of version 2 are asked of each folder.
	Controllers []string
}

// Mounted lists the hierarchies that this process sees, as /proc/self/mountinfo and /proc/self/cgroup say. None is no error.
func Mounted() ([]Hierarchy, error) {
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return nil, fmt.Errorf("look for cgroups: %w", err)
	}
	own, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return nil, fmt.Errorf("look for cgroups: %w", err)
	}
	return hierarchies(string(mounts), string(own)), nil
}

// hierarchies joins the mounts (proc(5): fields 4, 5, and those behind the dash) with the lines "ID:CONTROLLERS:PATH" of this process.
func hierarchies(mountinfo, own string) []Hierarchy {
	var list []Hierarchy
	lines := bufio.NewScanner(strings.NewReader(mountinfo))
	for lines.Scan() {
		before, after, _ := strings.Cut(lines.Text(), " - ")
		f, kind := strings.Fields(before), strings.Fields(after)
		if len(f) < 5 || len(kind) < 3 || kind[0] != "cgroup" && kind[0] != "cgroup2" {
			continue
		}
		h := Hierarchy{Mount: unescape(f[4]), V2: kind[0] == "cgroup2"}
		if !h.V2 {
			h.Controllers = slices.DeleteFunc(strings.Split(kind[2], ","), func(o string) bool { return o == "rw" || o == "ro" })
		}
		if path, ok := h.pathIn(own); ok {
			h.Own = filepath.Join(h.Mount, below(path, unescape(f[3])))
			list = append(list, h)
		}
	}
	return list
}

// pathIn finds this hierarchy's line.
func (h Hierarchy) pathIn(own string) (string, bool) {
	for line := range strings.Lines(own) {
		f := strings.SplitN(strings.TrimSuffix(line, "\n"), ":", 3)
		if len(f) != 3 {
			continue
		}
		names := strings.Split(f[1], ",")
		if h.V2 && f[1] == "" || !h.V2 && slices.ContainsFunc(h.Controllers, func(c string) bool { return slices.Contains(names, c) }) {
			return f[2], true
		}
	}
	return "", false
}

// below is a group's path as seen under a mount of only a part of the tree; a group outside of that part is taken as its root.
func below(path, root string) string {
	if root == "/" {
		return path
	}
	rest, ok := strings.CutPrefix(path, root)
	if !ok || rest != "" && rest[0] != '/' || strings.HasPrefix(path, "/..") {
		return "/"
	}
	return rest
}

// unescape reads the octal forms of blanks and backslashes in mountinfo.
func unescape(s string) string {
	return strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`).Replace(s)
}

// with is the version 1 hierarchy of a controller.
func with(list []Hierarchy, controller string) (Hierarchy, bool) {
	i := slices.IndexFunc(list, func(h Hierarchy) bool { return !h.V2 && slices.Contains(h.Controllers, controller) })
	if i < 0 {
		return Hierarchy{}, false
	}
	return list[i], true
}

func unified(list []Hierarchy) (Hierarchy, bool) {
	i := slices.IndexFunc(list, func(h Hierarchy) bool { return h.V2 })
	if i < 0 {
		return Hierarchy{}, false
	}
	return list[i], true
}

// ErrNotCgroup: the folder is no group.
var ErrNotCgroup = errors.New("no cgroup")

// isGroup asks the file system what it is.
func isGroup(dir string) bool {
	var st unix.Statfs_t
	return unix.Statfs(dir, &st) == nil && (st.Type == unix.CGROUP_SUPER_MAGIC || st.Type == unix.CGROUP2_SUPER_MAGIC)
}
