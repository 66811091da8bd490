package rule

import "strings"

// permTable says which syscalls auditctl adds to the mask for a permission, and from which version on (lib/permtab.h).
var permTable = []struct {
	letter byte
	since  Dialect
	names  string
}{
	{'x', sincePermSyscalls, "execve"},
	{'x', 4_02_00, "execveat"},
	{'w', sincePermSyscalls, "open openat openat2 creat rename renameat renameat2 mkdir mkdirat rmdir link linkat unlink unlinkat " +
		"symlink symlinkat mknod mknodat acct swapon quotactl truncate ftruncate fallocate bind"},
	{'w', 4_01_02, "quotactl_fd"},
	{'r', sincePermSyscalls, "open openat openat2 readlink readlinkat quotactl getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr"},
	{'r', 4_00_04, "getxattrat listxattrat"},
	{'r', 4_01_02, "file_getattr"},
	{'r', 4_02_00, "quotactl_fd stat lstat fstat newfstatat statx"},
	{'a', sincePermSyscalls, "chmod fchmod fchmodat chown lchown fchown fchownat setxattr lsetxattr fsetxattr " +
		"removexattr lremovexattr fremovexattr link linkat"},
	{'a', 4_00_04, "setxattrat removexattrat"},
	{'a', 4_01_02, "fchmodat2 file_setattr"},
}

// permSyscalls are the syscalls that one permission letter adds to the mask.
func (d Dialect) permSyscalls(letter byte) []string {
	var out []string
	for _, p := range permTable {
		if p.letter == letter && d >= p.since {
			out = append(out, strings.Fields(p.names)...)
		}
	}
	return out
}
