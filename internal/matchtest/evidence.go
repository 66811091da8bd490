package matchtest

import (
	"path"

	"github.com/auditprof/auditprof/internal/audit/event"
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
	if path.IsAbs(name) {
		return path.Clean(name), true
	}
	cwd, ok := c.Cwd.AppendUntrusted(nil)
	if !ok || relativeToDescriptor(c) {
		return "", false
	}
	return path.Join(string(cwd), name), true
}

// relativeToDescriptor tells a call that may name something relative to a descriptor.
func relativeToDescriptor(c *event.Call) bool {
	for _, a := range c.A {
		if a < 1024 && a > 0 {
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
