package matchtest

import (
	"path"

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
	return path.Join(string(cwd), name), hasCwd
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

// beyond tells an event of which the log shows nothing but what is typed: all names are there in full, and neither they nor the folders
// that they pass are files that the log also knows by another name.
func (e *evidence) beyond(ev *event.Event) bool {
	var c event.Call
	if !c.Read(ev) || len(c.Names) == 0 {
		return false
	}
	for i := range c.Names {
		name, ok := fullName(&c, i)
		if !ok {
			return false
		}
		if c.Names[i].HasInode && len(e.names[fileOf(&c.Names[i])]) > 1 {
			return false
		}
		for ; name != "/"; name = path.Dir(name) {
			for f := range e.files[name] {
				if len(e.names[f]) > 1 {
					return false
				}
			}
		}
	}
	return true
}
