package suggest

import (
	"strings"

	"github.com/auditprof/auditprof/internal/audit/names"
)

// callClass is what is known of a syscall by its name.
type callClass struct {
	name   string // libaudit's, "" where it has none: then no rule can ask for it
	flags  int8   // the argument with the flags of an open, -1 where there is none
	mode   int8   // the argument with the new permissions of a file, 0 where there is none
	reads  bool   // perm=r and nothing else
	execs  bool
	twin   bool // names two files, or a program and its interpreter: a dir= that holds one would take the whole event
	files  bool // finds files by their names
	loads  bool // loads or unloads a module
	grants bool // changes who may do what with a file
}

// These tables hold the calls by libaudit's names.
var (
	// readCalls are in the kernel's class of reading calls and in no other (include/asm-generic/audit_read.h).
	readCalls = words("readlink readlinkat listxattr llistxattr flistxattr getxattr lgetxattr fgetxattr getxattrat listxattrat " +
		"stat lstat fstat newfstatat statx stat64 lstat64 fstat64 fstatat64 file_getattr")
	twinCalls = words("rename renameat renameat2 link linkat symlink symlinkat execve execveat move_mount pivot_root mount")
	modeArg   = map[string]int8{"chmod": 1, "fchmod": 1, "fchmodat": 2, "fchmodat2": 2}
	openArg   = map[string]int8{"open": 1, "openat": 2}
	loadCalls = words("init_module finit_module delete_module")
	// grantCalls change the owner, the permissions or the attributes of a file.
	grantCalls = words("chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat chown32 fchown32 lchown32 setxattr lsetxattr fsetxattr removexattr " +
		"lremovexattr fremovexattr setxattrat removexattrat file_setattr")
	// fileCalls take the name of a file (fs/namei.c: user_path_at and its callers).
	fileCalls = words("open openat openat2 creat unlink unlinkat mkdir mkdirat rmdir mknod mknodat chmod fchmodat fchmodat2 chown lchown fchownat " +
		"chown32 lchown32 truncate truncate64 access faccessat faccessat2 utime utimes utimensat futimesat utimensat_time64 chdir chroot acct swapon " +
		"swapoff statfs statfs64 umount umount2 quotactl uselib inotify_add_watch fanotify_mark name_to_handle_at setxattr lsetxattr removexattr " +
		"lremovexattr setxattrat removexattrat file_setattr open_tree bind connect")
)

func words(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}

func classify(arch, syscall uint32) callClass {
	name, _ := names.Syscall(arch, int(syscall))
	c := callClass{name: name, flags: -1, reads: readCalls[name], twin: twinCalls[name], grants: grantCalls[name], loads: loadCalls[name],
		execs: name == "execve" || name == "execveat", files: fileCalls[name] || readCalls[name] || twinCalls[name]}
	if arg, ok := openArg[name]; ok {
		c.flags = arg
	}
	c.mode = modeArg[name]
	return c
}

// specialMode is the first mode with a setuid or setgid bit (include/uapi/linux/stat.h: S_ISGID).
const specialMode = 02000

// classes remembers callClasses. The zero value is ready.
type classes struct {
	last      uint64 // key of found, plus one
	found     callClass
	remembers map[uint64]callClass
}

// maxClasses bounds what classes remembers: a log may name any number as a syscall.
const maxClasses = 4096

func (c *classes) of(arch, syscall uint32) *callClass {
	k := uint64(arch)<<32 | uint64(syscall) + 1
	if k == c.last {
		return &c.found
	}
	found, ok := c.remembers[k]
	if !ok {
		found = classify(arch, syscall)
		if c.remembers == nil || len(c.remembers) >= maxClasses {
			c.remembers = map[uint64]callClass{}
		}
		c.remembers[k] = found
	}
	c.last, c.found = k, found
	return &c.found
}
