package match

import "github.com/auditprof/auditprof/internal/audit/names"

// atFDCWD is AT_FDCWD as a register's low 32 bits have it (include/uapi/linux/fcntl.h): relative to the working directory.
const atFDCWD = 0xffffff9c

// dirfds are the arguments of a system call that say what its relative names are relative to. 0 is none, else the argument's number
// plus one. Calls of two names have the second's, of the names that come into being.
type dirfds struct{ first, second uint8 }

var dirfdCalls = map[string]dirfds{
	"openat": {first: 1}, "openat2": {first: 1}, "mkdirat": {first: 1}, "mknodat": {first: 1}, "fchownat": {first: 1}, "futimesat": {first: 1},
	"newfstatat": {first: 1}, "fstatat64": {first: 1}, "unlinkat": {first: 1}, "readlinkat": {first: 1}, "fchmodat": {first: 1}, "fchmodat2": {first: 1},
	"faccessat": {first: 1}, "faccessat2": {first: 1}, "utimensat": {first: 1}, "utimensat_time64": {first: 1}, "execveat": {first: 1},
	"name_to_handle_at": {first: 1}, "statx": {first: 1}, "open_tree": {first: 1}, "open_tree_attr": {first: 1}, "fspick": {first: 1},
	"mount_setattr": {first: 1}, "setxattrat": {first: 1}, "getxattrat": {first: 1}, "listxattrat": {first: 1}, "removexattrat": {first: 1},
	"file_getattr": {first: 1}, "file_setattr": {first: 1}, "symlinkat": {first: 2}, "fanotify_mark": {first: 4},
	"renameat": {1, 3}, "renameat2": {1, 3}, "linkat": {1, 3}, "move_mount": {1, 3},
}

// dirfdTable is dirfdCalls by the numbers of an arch.
type dirfdTable map[uint64]dirfds

var dirfdNumbers = makeDirfdTable()

func makeDirfdTable() dirfdTable {
	t := dirfdTable{}
	for _, arch := range []uint32{names.ArchX86_64, names.ArchI386, names.ArchAArch64, names.ArchARM} {
		for name, fds := range dirfdCalls {
			if nr, ok := names.SyscallNumber(arch, name); ok {
				t[uint64(arch)<<32|uint64(uint32(nr))] = fds
			}
		}
	}
	return t
}

// of are the directory arguments of a system call.
func (t dirfdTable) of(arch, nr uint32) dirfds { return t[uint64(arch)<<32|uint64(nr)] }
