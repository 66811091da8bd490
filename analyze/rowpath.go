package analyze

import (
	"strings"
	"sync"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/names"
)

// setPath takes the first name of a call that is not only the directory of another, as typed; behind the working directory where the call is
// relative to that.
func (r *Row) setPath(c *event.Call) {
	at := firstName(c.Names)
	if at < 0 {
		return
	}
	name := &c.Names[at].Name
	r.path, _ = name.AppendUntrusted(r.path[:0])
	if len(r.path) > 0 && r.path[0] != '/' && c.Has&event.HasCwd != 0 && !fromDescriptor(c) {
		r.path, _ = c.Cwd.AppendUntrusted(r.path[:0])
		r.path = append(r.path, '/')
		r.path, _ = name.AppendUntrusted(r.path)
	}
	r.Path = r.path
}

// firstName is the first name of the call that is not a PARENT, else the first; -1 where there is none.
func firstName(list []event.Name) int {
	first := -1
	for i := range list {
		if !list[i].HasName {
			continue
		}
		if list[i].Type != event.NameParent {
			return i
		}
		if first < 0 {
			first = i
		}
	}
	return first
}

// atCwd is AT_FDCWD in the low 32 bits of a register (include/uapi/linux/fcntl.h).
const atCwd = 0xffffff9c

// fromDescriptor tells whether the call's names are relative to an open directory, which the log does not name: calls that have one take it
// as their first argument, but symlinkat as its second. Of an io_uring operation the log has no arguments.
func fromDescriptor(c *event.Call) bool {
	if c.Uring {
		return true
	}
	switch directoryOf(c.Arch, c.Syscall) {
	case directoryUnknown:
		return true
	case directoryFirst:
		return uint32(c.A[0]) != atCwd
	case directorySecond:
		return uint32(c.A[1]) != atCwd
	}
	return false
}

// directory says which argument of a call is an open directory.
type directory uint8

const (
	directoryNone directory = iota
	directoryFirst
	directorySecond
	directoryUnknown // nobody knows the call
)

// directoryOf looks a call up in a table of its machine's, or for the few calls and machines beyond by name.
func directoryOf(arch, nr uint32) directory {
	if arch == names.ArchX86_64 && nr < uint32(len(directoriesX86_64())) {
		return directoriesX86_64()[nr]
	}
	return directoryByName(arch, nr)
}

// directoriesX86_64 has the calls of nearly every log.
var directoriesX86_64 = sync.OnceValue(func() *[512]directory {
	t := new([512]directory)
	for nr := range t {
		t[nr] = directoryByName(names.ArchX86_64, uint32(nr))
	}
	return t
})

func directoryByName(arch, nr uint32) directory {
	name, ok := names.Syscall(arch, int(nr))
	switch {
	case !ok:
		return directoryUnknown
	case name == "symlinkat":
		return directorySecond
	case strings.HasSuffix(name, "at"), strings.HasSuffix(name, "at2"), takesDirectory[name]:
		return directoryFirst
	}
	return directoryNone
}

// takesDirectory are calls with a directory as their first argument whose name does not say so.
var takesDirectory = map[string]bool{"statx": true, "fstatat64": true, "name_to_handle_at": true, "open_tree": true, "open_tree_attr": true,
	"move_mount": true, "fspick": true, "mount_setattr": true, "utimensat_time64": true, "file_getattr": true, "file_setattr": true}
