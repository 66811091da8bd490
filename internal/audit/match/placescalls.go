package match

import "github.com/auditprof/auditprof/internal/audit/names"

// atFDCWD is AT_FDCWD as a register's low 32 bits have it (include/uapi/linux/fcntl.h): relative to the working directory.
const atFDCWD = 0xffffff9c

// nameCall is what a system call does with its names.
type nameCall struct {
	// first and second are the arguments that say what relative names are relative to, an argument's number plus one, 0 for none. A call
	// of two names has the second's in second: of the name that comes into being.
	first, second uint8
	own           bool // it does not follow a symlink at the end of a name
	exec          bool // it runs the file
	queue         bool // its name is that of a POSIX message queue
	opens         bool // it may make the file, also where a symlink at the end of the name leads
}

var nameCalls = map[string]nameCall{
	"openat": {first: 1, opens: true}, "openat2": {first: 1, opens: true}, "fchownat": {first: 1}, "futimesat": {first: 1}, "newfstatat": {first: 1}, "fstatat64": {first: 1},
	"fchmodat": {first: 1}, "fchmodat2": {first: 1}, "faccessat": {first: 1}, "faccessat2": {first: 1}, "utimensat": {first: 1},
	"utimensat_time64": {first: 1}, "name_to_handle_at": {first: 1}, "statx": {first: 1}, "open_tree": {first: 1}, "open_tree_attr": {first: 1},
	"fspick": {first: 1}, "mount_setattr": {first: 1}, "setxattrat": {first: 1}, "getxattrat": {first: 1}, "listxattrat": {first: 1},
	"removexattrat": {first: 1}, "file_getattr": {first: 1}, "file_setattr": {first: 1}, "fanotify_mark": {first: 4}, "move_mount": {first: 1, second: 3},

	"mkdirat": {first: 1, own: true}, "mknodat": {first: 1, own: true}, "unlinkat": {first: 1, own: true}, "readlinkat": {first: 1, own: true},
	"symlinkat": {first: 2, own: true}, "renameat": {first: 1, second: 3, own: true}, "renameat2": {first: 1, second: 3, own: true},
	"linkat": {first: 1, second: 3},

	"unlink": {own: true}, "rmdir": {own: true}, "rename": {own: true}, "mkdir": {own: true}, "mknod": {own: true}, "symlink": {own: true},
	"link": {own: true}, "lchown": {own: true}, "lchown32": {own: true}, "lstat": {own: true}, "lstat64": {own: true}, "readlink": {own: true},
	"lsetxattr": {own: true}, "lgetxattr": {own: true}, "llistxattr": {own: true}, "lremovexattr": {own: true},

	"open": {opens: true}, "creat": {opens: true},
	"mq_open": {queue: true}, "mq_unlink": {queue: true, own: true},

	"execve": {exec: true}, "execveat": {first: 1, exec: true},
}

// nameCallTable is nameCalls by the numbers of an arch.
type nameCallTable map[uint32]*[callNumbers]nameCall

// callNumbers is above the number of every call of nameCalls.
const callNumbers = 512

var nameCallNumbers = makeNameCallTable()

func makeNameCallTable() nameCallTable {
	t := nameCallTable{}
	for _, arch := range []uint32{names.ArchX86_64, names.ArchI386, names.ArchAArch64, names.ArchARM} {
		t[arch] = new([callNumbers]nameCall)
		for name, call := range nameCalls {
			if nr, ok := names.SyscallNumber(arch, name); ok && nr < callNumbers {
				t[arch][nr] = call
			}
		}
	}
	return t
}

// of is what a system call does with its names.
func (t nameCallTable) of(arch, nr uint32) nameCall {
	if numbers := t[arch]; numbers != nil && nr < callNumbers {
		return numbers[nr]
	}
	return nameCall{}
}
