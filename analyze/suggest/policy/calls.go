package policy

import (
	"slices"
	"strconv"
	"strings"

	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/internal/audit/names"
)

// class is what a system call does, as far as it matters for hiding in its exclusion.
type class uint8

const (
	classUnjudged class = iota // nobody has thought about it
	classPlain                 // names no file and changes nothing of others
	classFile                  // names one file
	classAttr                  // changes who may do what with a file: the setuid bit is one
	classTwo                   // names two files: dir= takes the event if one of them is below
	classExec                  // runs a program: after it exe= is the new program's
	classNet                   // has an address of a peer
	classPort                  // opens a port or changes a file that is named nowhere
	classSystem                // what an attacker does to the machine: never excluded
)

// classCalls are the calls that have been judged, by libaudit's names, each in one list.
var classCalls = map[class]string{
	classPlain: `read readv pread pread64 preadv preadv2 write writev pwrite pwrite64 pwritev pwritev2 close close_range fstat fstat64 lseek _llseek mmap
mmap2 munmap poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 futex nanosleep clock_nanosleep
getpid getppid gettid getuid geteuid getgid getegid getpgrp getsid clock_gettime clock_getres gettimeofday time times sched_yield exit exit_group brk
getdents getdents64 fsync fdatasync sync_file_range sendfile sendfile64 splice tee getrandom wait4 waitid adjtimex clock_adjtime clone clone3 fork vfork
dup dup2 dup3 pipe pipe2 eventfd eventfd2 timerfd_create timerfd_settime timerfd_gettime rt_sigaction rt_sigprocmask rt_sigreturn rt_sigtimedwait
sigaltstack restart_syscall getrusage getrlimit uname sysinfo fadvise64 readahead madvise mincore set_robust_list set_tid_address rseq fcntl
fcntl64 flock fgetxattr flistxattr fstatfs`,
	classFile: `open openat openat2 creat unlink unlinkat rmdir mkdir mkdirat truncate truncate64 stat stat64 lstat lstat64 newfstatat fstatat64 statx
access faccessat faccessat2 readlink readlinkat chdir statfs statfs64 getxattr lgetxattr listxattr llistxattr utime utimes futimesat utimensat
inotify_add_watch name_to_handle_at`,
	classAttr:   `chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat chown32 fchown32 lchown32 setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr setxattrat removexattrat file_setattr mknod mknodat`,
	classTwo:    `rename renameat renameat2 link linkat symlink symlinkat`,
	classExec:   `execve execveat`,
	classNet:    `connect accept accept4 socket socketpair sendto sendmsg sendmmsg recvfrom recvmsg recvmmsg getpeername getsockname shutdown setsockopt getsockopt send recv`,
	classPort:   `socketcall bind listen ftruncate ftruncate64 fallocate`,
	classSystem: `init_module finit_module delete_module create_module kexec_load kexec_file_load ptrace process_vm_readv process_vm_writev mount umount umount2 move_mount open_tree open_tree_attr fsopen fsconfig fsmount fspick mount_setattr pivot_root chroot setns unshare bpf reboot swapon swapoff acct settimeofday clock_settime clock_settime64 stime sethostname setdomainname iopl ioperm perf_event_open userfaultfd quotactl quotactl_fd open_by_handle_at pidfd_getfd fanotify_init fanotify_mark keyctl add_key request_key syslog nfsservctl landlock_restrict_self`,
}

// classOf is the class of each call in classCalls.
var classOf = func() map[string]class {
	out := map[string]class{}
	for c, list := range classCalls {
		for _, name := range strings.Fields(list) {
			out[name] = c
		}
	}
	return out
}()

// calls judges the system calls themselves: always named, never those that attackers change a machine with.
func calls(v *verdict, x *exclusion) {
	if len(x.Calls) == 0 {
		v.say(suggest.Forbidden, "no system call is named: the whole rule would go")
	}
	for _, a := range x.Calls {
		if a.Arch != "b64" && a.Arch != "b32" || len(a.Names) == 0 {
			v.say(suggest.Forbidden, "no architecture, or no system call of it, is named: the whole rule would go")
		}
		for _, name := range a.Names {
			call(v, x, a.Arch, name)
		}
	}
}

// familyUnix is AF_UNIX (include/linux/socket.h).
const familyUnix = "1"

// notThere is ENOENT: no socket was there to connect to.
const notThere = "-2"

func call(v *verdict, x *exclusion, arch, name string) {
	c, ok := classOfCall(arch, name)
	if !ok {
		v.say(suggest.Forbidden, "%s is no system call that can be named", quoted(name))
		return
	}
	below := x.dir != "" || x.path != ""
	switch c {
	case classPlain, classFile:
	case classNet:
		if name == "connect" && x.Cond("saddr_fam") == "" && !below {
			v.say(suggest.Medium, "connects of any kind go (saddr_fam= would tell which)")
		}
		if name == "connect" && x.Cond("saddr_fam") == familyUnix && !below && x.Cond("exit") != notThere {
			v.say(suggest.Medium, "connects to every local socket go, those of dbus and of container engines among them: a folder would tell which socket")
		}
	case classAttr:
		if x.plainModes() {
			v.say(suggest.Medium, "%s changes who may read and write a file", name)
		} else {
			v.say(suggest.Medium, "%s changes who may do what with a file: a setuid bit would go unseen", name)
		}
	case classPort:
		v.say(suggest.Medium, "%s is named in rules to see new listeners, or files that are emptied", name)
	case classTwo:
		if below {
			v.say(suggest.Forbidden, "%s names two files, and dir= or path= takes the event if only one of them is there: what is moved out, or over another file, would go", name)
		} else {
			v.say(suggest.Medium, "%s names two files, so no condition can say which places are meant", name)
		}
	case classExec:
		if below {
			v.say(suggest.Forbidden, "%s names its program and the loader: dir= or path= would take what anybody runs from there", name)
		} else {
			v.say(suggest.Medium, "%s is what most detections rest on: with which arguments the program is run would go", name)
		}
	case classSystem:
		v.say(suggest.Forbidden, "%s is how attackers change a machine", name)
	default:
		v.say(suggest.Medium, "what can hide in %s has not been judged", name)
	}
}

// plainModes tells whether a condition keeps modes with a setuid or setgid bit (02000 and above) visible.
func (x *exclusion) plainModes() bool {
	return slices.ContainsFunc(x.Conds, func(c suggest.Cond) bool {
		return (c.Field == "a1" || c.Field == "a2") && c.Op == "<" && number(c.Value) <= 0o2000
	})
}

// machines are those that b64 and b32 may mean.
var machines = map[string][]uint32{"b64": {names.ArchX86_64, names.ArchAArch64}, "b32": {names.ArchI386, names.ArchARM}}

// classOfCall is what a call does, by its name or by the number that stands for names which an auditctl may not know: the worst that it means on
// any machine. It reports false for what is none.
func classOfCall(arch, word string) (worst class, ok bool) {
	for _, machine := range machines[arch] {
		name := word
		if nr, err := strconv.ParseUint(word, 10, 16); err == nil {
			name, _ = names.Syscall(machine, int(nr))
		}
		if _, known := names.SyscallNumber(machine, name); known {
			if c := classOf[name]; !ok || severity[c] > severity[worst] {
				worst = c
			}
			ok = true
		}
	}
	return worst, ok
}

// severity orders classes by what may hide in them.
var severity = map[class]int{classPlain: 0, classNet: 1, classFile: 2, classPort: 3, classUnjudged: 4, classAttr: 5, classTwo: 6, classExec: 7, classSystem: 8}

// callOf is the class of a behaviour's call.
func callOf(b *suggest.Behaviour) (class, bool) {
	name, ok := names.Syscall(b.Arch, int(b.Syscall))
	return classOf[name], ok
}

// only tells whether all calls are of these classes.
func (x *exclusion) only(want ...class) bool {
	for _, a := range x.Calls {
		for _, name := range a.Names {
			if c, ok := classOfCall(a.Arch, name); !ok || !slices.Contains(want, c) {
				return false
			}
		}
	}
	return true
}
