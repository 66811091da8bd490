package scenarios

// OperationInfo describes one operation that a mix may hold.
type OperationInfo struct {
	Name   string
	Family string // those of a family share what they work on
	What   string // the system calls, in order, as far as rules can see them

	pool  string // what it makes or removes, so that a mix can be kept level: "file", "dir" or ""
	makes int
}

// Operations is the vocabulary of a mix, by family. The names never change what they mean: results are compared by them.
func Operations() []OperationInfo {
	return []OperationInfo{
		{"create", "files", "openat with O_CREAT|O_EXCL, write, close of a new file", "file", 1},
		{"append", "files", "openat with O_APPEND, write of up to 1 KiB, close", "", 0},
		{"read", "files", "openat, read, close", "", 0},
		{"stat", "files", "newfstatat", "", 0},
		{"rename", "files", "renameat to a new name", "", 0},
		{"chmod", "files", "fchmodat to 0600, 0640 or 0644", "", 0},
		{"unlink", "files", "unlinkat of a file", "file", -1},
		{"mkdir", "files", "mkdirat", "dir", 1},
		{"rmdir", "files", "unlinkat with AT_REMOVEDIR", "dir", -1},
		{"open-missing", "files", "openat of a file that is not there: ENOENT", "", 0},
		{"open-close", "files", "openat, close", "", 0},
		{"stat-missing", "files", "newfstatat of a file that is not there: ENOENT", "", 0},
		{"access", "files", "faccessat", "", 0},
		{"chown", "files", "fchownat to the user and group that it has", "", 0},
		{"setxattr", "files", "setxattr of user.auditprof; where the file system has no such attributes: EOPNOTSUPP, which is recorded as well", "", 0},
		{"truncate", "files", "truncate to its half", "", 0},
		{"fsync", "files", "openat, write, fsync, close", "", 0},
		{"link", "files", "linkat of a file to a new name", "file", 1},
		{"symlink", "files", "symlinkat, readlinkat and unlinkat of a link", "", 0},
		{"copy", "files", "openat, fstat, openat with O_CREAT|O_EXCL, read, write, close, close", "file", 1},
		{"replace", "files", "openat with O_CREAT|O_EXCL, write, fchmod, fsync, close, renameat over a file: as editors and package managers write", "", 0},
		{"list-dir", "files", "openat of a directory, getdents64 to its end, newfstatat of up to 32 entries, close", "", 0},
		{"import", "files", "a module looked for along a path: 5 newfstatat and 5 openat that fail with ENOENT, then openat, fstat, read, close", "", 0},

		{"open-denied", "denied", "openat of a file of mode 0: EACCES", "", 0},
		{"write-denied", "denied", "openat for writing of a file of mode 0444: EACCES", "", 0},
		{"create-denied", "denied", "openat with O_CREAT in a directory of mode 0555: EACCES", "", 0},
		{"unlink-denied", "denied", "unlinkat in a directory of mode 0555: EACCES", "", 0},

		{"tcp-accepted", "sockets", "socket, setsockopt, connect over loopback, read, close; accept4 and close in another thread", "", 0},
		{"tcp-refused", "sockets", "socket, connect over loopback: ECONNREFUSED, close", "", 0},
		{"unix-accepted", "sockets", "socket, connect to a Unix socket, read, close; accept4 and close in another thread", "", 0},
		{"unix-missing", "sockets", "socket, connect to a Unix socket that is not there: ENOENT, close", "", 0},

		{"http-get", "web", "socket, connect over loopback, write, read to the end, close; in the server's thread accept4, read, openat, read, close, write, close", "", 0},

		{"exec", "programs", "vfork, execve of true with one to four arguments, wait4", "", 0},

		{"read-zero", "streams", "read of io_bytes from /dev/zero, which is open", "", 0},
		{"write-null", "streams", "write of io_bytes to /dev/null, which is open", "", 0},

		{"login-messages", "messages", "the user messages of a PAM session by cron: USER_ACCT, CRED_ACQ, USER_START, CRED_DISP, USER_END", "", 0},
		{"service-messages", "messages", "the user messages of a unit that runs once: SERVICE_START, SERVICE_STOP", "", 0},

		{"getppid", "calls", "getppid", "", 0},
		{"nothing", "calls", "no system call: with a rate, a sleep until the next", "", 0},
	}
}

// operationNamed is the word of that name, the zero one where there is none.
func operationNamed(name string) OperationInfo {
	for _, w := range Operations() {
		if w.Name == name {
			return w
		}
	}
	return OperationInfo{}
}
