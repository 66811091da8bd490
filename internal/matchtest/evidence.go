package matchtest

import (
	"path"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/names"
)

// evidence is what a log shows of names: which files it names, by device and inode. A name that is typed through a symlink or a mount means
// what it says unless the log shows otherwise; where it shows nothing, no reader of the log can know better.
type evidence struct {
	names map[file]map[string]bool // full names by file
	files map[string]map[file]bool // files by full name
}

type file struct {
	major, minor uint32
	inode        uint64
}

func newEvidence(events []*event.Event) *evidence {
	e := &evidence{names: map[file]map[string]bool{}, files: map[string]map[file]bool{}}
	var c event.Call
	for _, ev := range events {
		if !c.Read(ev) {
			continue
		}
		for i := range c.Names {
			if name, ok := fullName(&c, i); ok && c.Names[i].HasInode {
				f := fileOf(&c.Names[i])
				put(e.names, f, name)
				put(e.files, name, f)
			}
		}
	}
	return e
}

func put[K, V comparable](m map[K]map[V]bool, k K, v V) {
	if m[k] == nil {
		m[k] = map[V]bool{}
	}
	m[k][v] = true
}

func fileOf(n *event.Name) file { return file{n.DevMajor, n.DevMinor, n.Inode} }

// fullName is name i as the record says it, where it says it in full: absolute, or relative to the working folder.
func fullName(c *event.Call, i int) (string, bool) {
	b, ok := c.Names[i].Name.AppendUntrusted(nil)
	if !ok || !c.Names[i].HasName {
		return "", false
	}
	name := string(b)
	cwd, hasCwd := c.Cwd.AppendUntrusted(nil)
	if relativeToDescriptor(c) && (!path.IsAbs(name) || name == string(cwd)) {
		return "", false // of a folder that is given as a descriptor the record shows the working folder
	}
	if path.IsAbs(name) {
		return path.Clean(name), true
	}
	name = path.Join(string(cwd), name)
	return name, hasCwd && path.IsAbs(name)
}

// descriptors are the arguments of the *at calls that may be a folder's descriptor.
var descriptors = map[string][]int{"openat": {0}, "openat2": {0}, "mkdirat": {0}, "mknodat": {0}, "fchownat": {0}, "newfstatat": {0}, "unlinkat": {0},
	"renameat": {0, 2}, "renameat2": {0, 2}, "linkat": {0, 2}, "symlinkat": {1}, "readlinkat": {0}, "fchmodat": {0}, "fchmodat2": {0},
	"faccessat": {0}, "utimensat": {0}, "statx": {0}, "execveat": {0}}

// relativeToDescriptor tells a call that names something relative to a descriptor.
func relativeToDescriptor(c *event.Call) bool {
	name, _ := names.Syscall(c.Arch, int(c.Syscall))
	for _, i := range descriptors[name] {
		if int32(c.A[i]) != atFDCWD {
			return true
		}
	}
	return false
}

// beyond tells a disagreement about which the log shows nothing. The kernel's rule is about a place, and nothing that the log knows of the
// names and files of the event leads there; or ours is, and the log knows nothing that would speak against what was typed.
func (e *evidence) beyond(ev *event.Event, kernel, ours []string) bool {
	var c event.Call
	if !c.Read(ev) || len(c.Names) == 0 {
		return false
	}
	typed, shown := map[string]bool{}, map[string]bool{}
	for i := range c.Names {
		if name, ok := fullName(&c, i); ok {
			typed[name], shown[name] = true, true
		}
		if c.Names[i].HasInode {
			for name := range e.names[fileOf(&c.Names[i])] {
				shown[name] = true
			}
		}
	}
	known := e.otherNames(shown)
	if len(kernel) > 0 {
		return !related(e.otherNames(set(kernel)), known)
	}
	return len(ours) > 0 && len(known) == len(typed)
}

func set(list []string) map[string]bool {
	m := map[string]bool{}
	for _, s := range list {
		m[path.Clean(s)] = true
	}
	return m
}

// related tells whether a name is one of the places, or below one, or the folder that holds one.
func related(places, names map[string]bool) bool {
	for p := range places {
		for n := range names {
			if n == p || strings.HasPrefix(n, p+"/") || path.Dir(p) == n {
				return true
			}
		}
	}
	return false
}

// maxOtherNames bounds what is tried for one event.
const maxOtherNames = 200

// otherNames adds the names that the log knows for the same files, for as much of each name as it knows another of.
func (e *evidence) otherNames(names map[string]bool) map[string]bool {
	all := map[string]bool{}
	var add func(name string)
	add = func(name string) {
		if all[name] || len(all) == maxOtherNames || !path.IsAbs(name) {
			return
		}
		all[name] = true
		for head, tail := name, ""; head != "/"; head, tail = path.Dir(head), path.Join(path.Base(head), tail) {
			for f := range e.files[head] {
				for other := range e.names[f] {
					add(path.Join(other, tail))
				}
			}
		}
	}
	for name := range names {
		add(name)
	}
	return all
}
