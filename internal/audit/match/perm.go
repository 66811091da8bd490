package match

import (
	"strings"

	"github.com/auditprof/auditprof/internal/audit/names"
)

// Permissions of perm= (include/uapi/linux/audit.h: AUDIT_PERM_*).
const (
	permExec  uint8 = 1
	permWrite uint8 = 2
	permRead  uint8 = 4
	permAttr  uint8 = 8
	permAll   uint8 = 15
)

// permFlags says which argument of a call holds the flags that decide between reading and writing.
type permFlags uint8

const (
	flagsNone permFlags = iota
	flagsA1
	flagsA2
	flagsOpenat2 // behind a pointer: the OPENAT2 record
	flagsSocketcall
)

// permClass is what perm= sees in a system call of one number (kernel/auditsc.c: audit_match_perm, lib/audit.c,
// include/asm-generic/audit_*.h): never what the call touched.
type permClass struct {
	sure  uint8 // permissions it always has
	maybe uint8 // those that some kernels of this version give it
	flags permFlags
}

// permMember is a system call of a class, and the kernels that know it.
type permMember struct {
	perm  uint8
	names string
	since func(Version) ternary
}

var permMembers = []permMember{
	{permWrite, "rename mkdir rmdir creat link unlink symlink mknod mkdirat mknodat unlinkat renameat linkat symlinkat renameat2 " +
		"acct swapon quotactl truncate ftruncate truncate64 ftruncate64 bind fallocate", nil},
	{permRead, "readlink readlinkat quotactl listxattr llistxattr flistxattr getxattr lgetxattr fgetxattr", nil},
	{permAttr, "chmod fchmod fchmodat chown lchown fchown fchownat chown32 lchown32 fchown32 setxattr lsetxattr fsetxattr " +
		"removexattr lremovexattr fremovexattr link linkat", nil},
	{permAttr, "fchmodat2", fchmodat2Class},
	{permRead, "getxattrat listxattrat", fchmodat2Class},
	{permAttr, "setxattrat removexattrat file_setattr", statClass},
	{permRead | permWrite, "quotactl_fd", statClass},
	{permRead, "file_getattr stat lstat fstat newfstatat statx stat64 lstat64 fstat64 fstatat64", statClass},
}

// fchmodat2Class tells whether a kernel has the additions of 7.0, which were given to the stable branches early in 2026: seen in
// 6.1.192, 6.12.107 and 6.18.44, not in 5.10.223.
func fchmodat2Class(v Version) ternary {
	switch {
	case v.IsZero():
		return maybe
	case v.Major >= 7, v.Major == 6 && v.Minor == 1 && v.Patch >= 192, v.Major == 6 && v.Minor == 12 && v.Patch >= 107,
		v.Major == 6 && v.Minor == 18 && v.Patch >= 44:
		return yes
	case v.Less(Version{5, 10, 224}):
		return no
	}
	return maybe
}

// statClass tells whether a kernel has the additions seen in 7.3.4 and not in 7.0.
func statClass(v Version) ternary {
	switch {
	case v.IsZero():
		return maybe
	case !v.Less(Version{7, 3, 0}):
		return yes
	case v.Major >= 7:
		return maybe
	}
	return no
}

// permTable is the classes of one machine by the number of the system call.
type permTable map[uint32]permClass

func newPermTable(arch uint32, v Version) permTable {
	t := permTable{}
	for _, m := range permMembers {
		has := yes
		if m.since != nil {
			has = m.since(v)
		}
		for _, name := range strings.Fields(m.names) {
			t.add(arch, name, func(c *permClass) {
				switch has {
				case yes:
					c.sure |= m.perm
				case maybe:
					c.maybe |= m.perm
				}
			})
		}
	}
	t.addSpecial(arch, v)
	return t
}

func (t permTable) add(arch uint32, name string, change func(*permClass)) {
	nr, ok := names.SyscallNumber(arch, name)
	if !ok {
		return
	}
	c := t[uint32(nr)]
	change(&c)
	t[uint32(nr)] = c
}

// addSpecial adds the calls that are in no class but are known by themselves (audit_classify_syscall).
func (t permTable) addSpecial(arch uint32, v Version) {
	t.add(arch, "open", func(c *permClass) { *c = permClass{flags: flagsA1} })
	t.add(arch, "openat", func(c *permClass) { *c = permClass{flags: flagsA2} })
	t.add(arch, "execve", func(c *permClass) { *c = permClass{sure: permExec} })
	if arch != names.ArchARM { // lib/compat_audit.c knows execve only
		t.add(arch, "execveat", func(c *permClass) { *c = permClass{sure: permExec} })
	}
	if arch == names.ArchI386 || arch == names.ArchARM {
		t.add(arch, "socketcall", func(c *permClass) { *c = permClass{flags: flagsSocketcall} })
	}
	switch v.has(Version{5, 16, 0}) {
	case yes:
		t.add(arch, "openat2", func(c *permClass) { *c = permClass{flags: flagsOpenat2} })
	case maybe:
		t.add(arch, "openat2", func(c *permClass) { *c = permClass{maybe: permRead | permWrite} })
	}
}

// openPerm is the kernel's ACC_MODE: what the access mode of open flags asks for. Neither O_CREAT nor O_TRUNC is looked at.
func openPerm(flags uint64) uint8 {
	return [4]uint8{permRead, permWrite, permRead | permWrite, permRead | permWrite}[flags&3]
}
