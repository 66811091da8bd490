package scenarios

import (
	"cmp"
	"maps"
	"slices"
)

// RecordedCall is what a log says of one system call, as far as a replay needs it. Its words are those of the kernel's tables: no text of a log
// comes in here, so none can come out as a path or an argument.
type RecordedCall struct {
	Syscall string // "" where it has no name
	Errno   string // "" where it succeeded; "?" where the error has no name
	Flags   uint64 // of open, openat, openat2, unlinkat
	Created bool   // a name was made
	Family  int32  // address family of connect, -1 where it is not known
	Depth   int    // directories above the file, 0 where it is not known
	Login   bool   // the login uid is set
}

// Recording counts the system calls of a log. The zero value is ready. Its memory is bounded by the vocabulary and the kernel's names.
type Recording struct {
	ops    map[string]uint64
	left   map[string]uint64 // what cannot be replayed
	depths [256]uint64
	calls  uint64
	login  uint64
}

// Flags of open and unlinkat that are the same on all machines with a table of calls (kernel include/uapi/asm-generic/fcntl.h, fcntl.h).
const (
	accessMode  = 0o3
	openCreate  = 0o100
	atRemoveDir = 0x200
)

// Address families of connect (kernel include/linux/socket.h).
const (
	familyUnix  = 1
	familyInet  = 2
	familyInet6 = 10
)

// Add counts one call.
func (r *Recording) Add(c RecordedCall) {
	if r.ops == nil {
		r.ops, r.left = map[string]uint64{}, map[string]uint64{}
	}
	r.calls++
	if c.Login {
		r.login++
	}
	op := c.operation()
	if op == "" {
		r.left[c.what()]++
		return
	}
	r.ops[op]++
	if c.Depth > 0 && operationNamed(op).Family == "files" {
		r.depths[min(c.Depth, len(r.depths)-1)]++
	}
}

// AddOther counts an event that is no system call, as what it is.
func (r *Recording) AddOther(what string) {
	r.Add(RecordedCall{Syscall: what, Errno: "none"})
}

// what names a call that cannot be replayed.
func (c RecordedCall) what() string {
	name := cmp.Or(c.Syscall, "a call without a name")
	if c.Errno != "" && c.Errno != "none" {
		name += " " + c.Errno
	}
	return name
}

// plain are calls that become one operation where they succeed.
var plain = map[string]string{
	"rmdir": "rmdir", "rename": "rename", "renameat": "rename", "renameat2": "rename", "mkdir": "mkdir", "mkdirat": "mkdir",
	"chmod": "chmod", "fchmod": "chmod", "fchmodat": "chmod", "fchmodat2": "chmod",
	"chown": "chown", "lchown": "chown", "fchown": "chown", "fchownat": "chown",
	"setxattr": "setxattr", "lsetxattr": "setxattr", "fsetxattr": "setxattr", "truncate": "truncate", "ftruncate": "truncate",
	"link": "link", "linkat": "link", "symlink": "symlink", "symlinkat": "symlink",
	"stat": "stat", "lstat": "stat", "newfstatat": "stat", "fstatat64": "stat", "stat64": "stat", "lstat64": "stat", "statx": "stat",
	"access": "access", "faccessat": "access", "faccessat2": "access", "fsync": "fsync", "fdatasync": "fsync",
	"getdents": "list-dir", "getdents64": "list-dir",
	"read": "read-zero", "pread64": "read-zero", "readv": "read-zero", "write": "write-null", "pwrite64": "write-null", "writev": "write-null",
	"execve": "exec", "execveat": "exec",
	"getpid": "getppid", "getppid": "getppid", "gettid": "getppid", "getuid": "getppid", "geteuid": "getppid", "getgid": "getppid", "getegid": "getppid",
}

// operation is the word of the vocabulary for a call, "" where there is none.
func (c RecordedCall) operation() string {
	switch c.Syscall {
	case "open", "openat", "openat2", "creat":
		return c.open()
	case "unlink", "unlinkat":
		return c.unlink()
	case "connect":
		return c.connect()
	}
	op := plain[c.Syscall]
	switch {
	case c.Errno == "":
		return op
	case op == "stat" && c.Errno == "ENOENT":
		return "stat-missing"
	case op == "setxattr" && c.Errno == "EOPNOTSUPP":
		return op
	}
	return ""
}

func (c RecordedCall) open() string {
	writing := c.Flags&accessMode != 0 || c.Flags&openCreate != 0 || c.Syscall == "creat"
	switch {
	case c.Errno == "ENOENT":
		return "open-missing"
	case c.denied() && writing:
		return "write-denied"
	case c.denied():
		return "open-denied"
	case c.Errno != "":
		return ""
	case c.Created:
		return "create"
	case writing:
		return "append"
	}
	return "open-close"
}

func (c RecordedCall) unlink() string {
	switch {
	case c.denied():
		return "unlink-denied"
	case c.Errno != "":
		return ""
	case c.Syscall == "unlinkat" && c.Flags&atRemoveDir != 0:
		return "rmdir"
	}
	return "unlink"
}

// connect: a connection that is under way (EINPROGRESS) is taken for one that is accepted.
func (c RecordedCall) connect() string {
	inet := c.Family == familyInet || c.Family == familyInet6
	switch {
	case inet && (c.Errno == "" || c.Errno == "EINPROGRESS"):
		return "tcp-accepted"
	case inet && c.Errno == "ECONNREFUSED":
		return "tcp-refused"
	case c.Family == familyUnix && c.Errno == "":
		return "unix-accepted"
	case c.Family == familyUnix && (c.Errno == "ENOENT" || c.Errno == "ECONNREFUSED"):
		return "unix-missing"
	}
	return ""
}

func (c RecordedCall) denied() bool { return c.Errno == "EACCES" || c.Errno == "EPERM" }

// Share is a part of a recording.
type Share struct {
	What  string
	Calls uint64
}

// shares are the parts, the largest first, equal ones by name.
func shares(m map[string]uint64) []Share {
	var list []Share
	for _, what := range slices.Sorted(maps.Keys(m)) {
		list = append(list, Share{what, m[what]})
	}
	slices.SortStableFunc(list, func(a, b Share) int { return cmp.Compare(b.Calls, a.Calls) })
	return list
}
