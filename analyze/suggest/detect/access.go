package detect

// Access is what a call does to a file that it names.
type Access uint8

// The kinds of access, in sets.
const (
	Read   Access = 1 << iota
	Write         // creates it, changes what is in it, or removes it
	Attr          // changes its owner, mode, times or extended attributes
	Exec          // runs it
	Delete        // removes, renames or empties it: a part of Write
)

// accessWords are the kinds of access as a keep file has them.
var accessWords = map[string]Access{"read": Read, "write": Write, "attr": Attr, "exec": Exec, "delete": Delete}

// The calls of each kind. Those that open a file are of a kind by their flags: see openAccess. A call on an open file (ftruncate, write) is in none
// but Attr: to change what is in a file it must have been opened for writing before, and the call that did so has the name.
const (
	openCalls  = "open openat openat2 open_by_handle_at"
	readCalls  = "readlink readlinkat getxattr lgetxattr fgetxattr getxattrat listxattr llistxattr flistxattr listxattrat name_to_handle_at"
	makeCalls  = "mkdir mkdirat mknod mknodat link linkat symlink symlinkat bind"
	dropCalls  = "unlink unlinkat rmdir rename renameat renameat2 truncate truncate64 creat"
	attrCalls  = "chmod fchmod fchmodat fchmodat2 " + ownCalls + " " + xattrCalls + " utime utimes utimensat utimensat_time64 futimesat file_setattr"
	ownCalls   = "chown lchown fchown fchownat chown32 lchown32 fchown32"
	xattrCalls = "setxattr lsetxattr fsetxattr setxattrat removexattr lremovexattr fremovexattr removexattrat"
	execCalls  = "execve execveat"
)

// accessCalls are the calls that may do one of these.
func (m machine) accessCalls(a Access) calls {
	table := ""
	for _, k := range []struct {
		kind Access
		list string
	}{
		{Read, openCalls + " " + readCalls}, {Write, openCalls + " " + makeCalls + " " + dropCalls}, {Attr, attrCalls}, {Exec, execCalls},
		{Delete, openCalls + " " + dropCalls},
	} {
		if a&k.kind != 0 {
			table += " " + k.list
		}
	}
	return m.words(table)
}

// openAccess is what opening with these flags does. An open for reading that creates or empties the file changes it.
func openAccess(flags uint64) Access {
	var a Access
	switch flags & openMode {
	case 0:
		a = Read
	case 1:
		a = Write
	default:
		a = Read | Write
	}
	if flags&(openCreat|openTrunc) != 0 {
		a |= Write
	}
	if flags&openTrunc != 0 {
		a |= Delete
	}
	return a
}

// callFacts is what is known of one call.
type callFacts struct {
	access Access
	flags  int8 // argument with the flags of those that open; inRecord: they are in an OPENAT2 record; none
	base   int8 // argument with the directory that its name is relative to; none
}

const (
	none     = -1
	inRecord = -2
)

// factTable is the facts of all calls of a machine, by number.
type factTable [2][]callFacts

func (m machine) facts() (t factTable) {
	for i := range t {
		t[i] = make([]callFacts, maskBits)
		for nr := range t[i] {
			t[i][nr] = callFacts{flags: none, base: none}
		}
	}
	for _, k := range []struct {
		access Access
		list   string
	}{{Read, readCalls}, {Write, makeCalls}, {Write | Delete, dropCalls}, {Attr, attrCalls}, {Exec, execCalls}} {
		m.each(k.list, func(arch int, nr uint32) { t[arch][nr].access |= k.access })
	}
	for arg, list := range map[int8]string{1: "open", 2: "openat open_by_handle_at", inRecord: "openat2"} {
		m.each(list, func(arch int, nr uint32) { t[arch][nr].flags = arg })
	}
	for arg, list := range map[int8]string{0: atCalls, 1: "symlinkat"} {
		m.each(list, func(arch int, nr uint32) { t[arch][nr].base = arg })
	}
	return t
}

// of is the facts of a call.
func (t *factTable) of(arch int, nr uint32) callFacts {
	if uint64(nr) >= uint64(len(t[arch])) {
		return callFacts{flags: none, base: none}
	}
	return t[arch][nr]
}

// each calls do for every call of a table.
func (m machine) each(table string, do func(arch int, nr uint32)) {
	c := m.words(table)
	for arch := range c.by {
		for nr := range maskBits {
			if c.has(arch, nr) {
				do(arch, nr)
			}
		}
	}
}

// Calls by how many files they name.
const (
	// oneName are calls that name one file: the event has its PATH and at most that of its folder. A dir= that holds any name of an event takes
	// the whole event, so only of these the directory of a change says where the file is.
	oneName = openCalls + " " + readCalls + " mkdir mkdirat mknod mknodat bind connect unlink unlinkat rmdir truncate truncate64 creat " + attrCalls +
		" access faccessat faccessat2 stat lstat fstat newfstatat fstatat64 stat64 lstat64 fstat64 statx statfs statfs64 fstatfs chdir fchdir chroot" +
		" ftruncate ftruncate64 fallocate inotify_add_watch"
	// noName are calls that name no file.
	noName = "ptrace process_vm_readv process_vm_writev kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_send_signal pidfd_open" +
		" setuid setgid setreuid setregid setresuid setresgid setfsuid setfsgid setgroups setuid32 setgid32 setreuid32 setregid32 setresuid32" +
		" setresgid32 setgroups32 getuid getpid setsid setpgid adjtimex clock_adjtime clock_adjtime64 clock_settime clock_settime64 settimeofday stime" +
		" personality prctl capset socket socketpair setsockopt getsockopt listen clone clone3 fork vfork exit exit_group sethostname setdomainname reboot" +
		" init_module finit_module delete_module kexec_load pipe pipe2 mprotect mmap mmap2 munmap brk ioctl futex sysinfo uname syslog setrlimit" +
		" prlimit64 sched_setaffinity sched_setscheduler ioperm iopl modify_ldt unshare seccomp shmget shmat shmctl semget semop semctl msgget"
	// socketCalls are calls with a socket address. They name a file only where that is of the family unix.
	socketCalls = "connect bind accept accept4 sendto sendmsg sendmmsg recvfrom recvmsg recvmmsg getsockname getpeername socketcall"
)

// typeCalls are the calls that have a record of a type, by its number; a type that is not here is in any call's event.
var typeCalls = map[uint32]string{
	1304: "socketcall", typeSockaddr: socketCalls, typeExecve: execCalls, 1317: "pipe pipe2 socketpair", 1321: execCalls, 1322: "capset",
	1323: "mmap mmap2", 1330: "init_module finit_module delete_module", 1332: "settimeofday clock_settime clock_settime64 stime adjtimex clock_adjtime",
	1333: "adjtimex clock_adjtime clock_adjtime64", 1337: "openat2",
}

// The calls in the classes of perm= (kernel/auditsc.c: audit_match_perm, include/asm-generic/audit_*.h): permSure are those of every kernel since
// 5.16, permMay the ones that some have besides.
var (
	permSure = map[Access]string{
		Read: "open openat openat2 readlink readlinkat quotactl getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr",
		Write: "open openat openat2 creat mkdir mkdirat mknod mknodat link linkat symlink symlinkat bind unlink unlinkat rmdir rename renameat renameat2" +
			" truncate truncate64 ftruncate ftruncate64 fallocate acct swapon quotactl",
		Attr: "chmod fchmod fchmodat " + ownCalls + " setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr link linkat",
		Exec: execCalls,
	}
	permMay = map[Access]string{
		Read:  "getxattrat listxattrat quotactl_fd file_getattr stat lstat fstat newfstatat statx stat64 lstat64 fstat64 fstatat64",
		Write: "quotactl_fd socketcall",
		Attr:  "fchmodat2 setxattrat removexattrat file_setattr",
	}
)

// permCalls are the calls that perm= may match, or surely matches.
func (m machine) permCalls(perm Access, may bool) (c calls) {
	for _, kind := range []Access{Read, Write, Attr, Exec} {
		if perm&kind == 0 {
			continue
		}
		list := permSure[kind]
		if may {
			list += " " + permMay[kind]
		}
		more := m.words(list)
		c = c.union(&more)
	}
	return c
}
