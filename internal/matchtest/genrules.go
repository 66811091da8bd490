package matchtest

import (
	"fmt"
	"path"
	"strconv"
	"strings"
)

// CatchAll ends every rule set: what an actor did and no other rule decided is recorded by one of these.
func CatchAll() []string {
	return []string{
		fmt.Sprintf("-a always,exit -S all -F auid=%d", LoginUID),
		fmt.Sprintf("-a always,exit -S all -F auid=%d", OtherLogin),
		fmt.Sprintf("-a always,exit -S all -F uid=%d -F auid=unset", UnsetActor),
	}
}

// masks are what -S names, in groups as rule sets have them.
var masks = []string{"open,openat,openat2,creat", "openat", "open", "openat2", "unlink,unlinkat,rename,renameat,renameat2,rmdir", "mkdir,mkdirat,mknod,mknodat",
	"link,linkat,symlink,symlinkat", "chmod,fchmod,fchmodat", "fchmod", "chown,fchown,lchown,fchownat", "fchown", "truncate,ftruncate", "ftruncate",
	"setxattr,lsetxattr,fsetxattr,removexattr,lremovexattr,fremovexattr", "getxattr,fgetxattr,lgetxattr,listxattr", "execve,execveat", "execve",
	"connect,bind,sendto,sendmsg", "connect", "socket,socketpair", "kill,tkill", "setuid,setreuid,setresuid,setfsuid", "setgroups,setresgid,setregid",
	"access,faccessat", "stat,lstat,newfstatat,statx,fstat", "readlink,readlinkat", "mmap", "personality", "getpid", "getppid,uname", "mq_open",
	"msgget,msgctl,shmget,shmctl,semget,semctl", "pipe,pipe2", "read,write", "close", "clone,wait4,exit_group", "chdir", "mount,chroot", "ioctl",
	"renameat2", "utimensat", "fallocate", "capget,umask"}

var masks32 = []string{"open", "open,openat,unlink,rename,mkdir", "unlink", "chmod", "truncate", "getpid", "all", "lchown32", "access"}

var ids = []string{"uid", "euid", "suid", "fsuid"}
var gids = []string{"gid", "egid", "sgid", "fsgid"}
var comparePairs = strings.Fields(`uid,auid uid,euid uid,suid uid,fsuid uid,obj_uid auid,euid auid,suid auid,fsuid auid,obj_uid euid,suid euid,fsuid
	euid,obj_uid suid,fsuid suid,obj_uid fsuid,obj_uid gid,egid gid,sgid gid,fsgid gid,obj_gid egid,sgid egid,fsgid egid,obj_gid sgid,fsgid sgid,obj_gid
	fsgid,obj_gid obj_uid,uid obj_gid,fsgid`)

const (
	anyOp   = "= = = != < > <= >="
	equalOp = "= = !="
	bitOp   = "= = != < > <= >= & &="
)

// rules is a random rule set without the catch-all. Values that only the machine knows are named with an @, see Facts.
func (m *maker) rules(n int) []string {
	var out []string
	for range n {
		r := m.rule()
		if !m.style.Keyless && (strings.HasPrefix(r, "-w") || strings.Contains(r, "exit -") && strings.Contains(r, " -S ")) {
			r += m.key()
		}
		out = append(out, r)
	}
	return out
}

// key is what a rule's line ends with: mostly a key that other rules have too.
func (m *maker) key() string {
	switch m.IntN(10) {
	case 0, 1:
		return ""
	case 2:
		return " -k shared -k " + pick(m, []string{"second", "third"})
	case 3:
		return " -F key=k" + strconv.Itoa(m.IntN(30))
	}
	return " -k " + pick(m, []string{"files", "access", "identity", "perm_mod", "delete", "shared"})
}

func (m *maker) rule() string {
	switch n := m.IntN(40); {
	case n < 2:
		return m.exclude()
	case n < 3:
		return "-a " + pick(m, []string{"never", "always"}) + ",user -F " + pick(m, []string{"msgtype=1005", "uid=0 -F msgtype=USER_LOGIN", "pid=@pid", "auid=71001",
			"msgtype>=1107 -F uid=0", "exe=@exe -F msgtype!=1100", "gid=33", "auid=unset", "uid=71500 -F msgtype<1112", "exe=/usr/bin/true"})
	case n < 4:
		return "-a " + pick(m, []string{"never", "never", "always"}) + ",filesystem -F fstype=" + pick(m, []string{"tracefs", "0x01021994", "0x9fa0", "0x64626720"})
	}
	if m.in(m.style.Watches) {
		if m.in(4) {
			return m.watch()
		}
		return m.exit(m.where())
	}
	return m.exit("")
}

// excludes are record types that companions of a system call have, most of them with a limit to somebody.
func (m *maker) exclude() string {
	r := "-a " + pick(m, []string{"never", "always"}) + ",exclude -F msgtype" + pick(m, []string{"=", "=", "=", "!=", ">=", "<"}) +
		pick(m, []string{"PATH", "CWD", "PROCTITLE", "SOCKADDR", "EXECVE", "SYSCALL", "MMAP", "IPC", "OBJ_PID", "FD_PAIR", "EOE", "1337", "USER_LOGIN", "1005"})
	return r + " -F " + pick(m, []string{"uid=71500", "gid=33", "auid=71001", "uid=65534", "exe=@T/bin/prog", "exe=/usr/bin/true", "pid=@pid", "uid=71501"})
}

func (m *maker) watch() string {
	name := m.spelled(pick(m, []string{m.file(), m.folder(), m.file(), m.name(), m.fresh()}))
	if name == "" {
		name = m.file()
	}
	w := "-w " + name
	if m.in(8) {
		w += " -p " + pick(m, []string{"r", "w", "x", "a", "wa", "wa", "rwxa", "rx"})
	}
	return w
}

// spelled is a name as a rule may have it: blanks escaped, seldom through a symlink, and for one file the same in all rules. Two watches of
// one file that are typed in two ways part for ever once the file is replaced: the kernel moves one of the two only, and the other stays with
// an inode that is used again (kernel/audit_watch.c: audit_update_watch).
func (m *maker) spelled(name string) string {
	if m.IntN(10) < max(1, m.style.Spellings/2) {
		name = m.detour(name)
	}
	name = path.Clean(name)
	if m.typed == nil {
		m.typed = map[string]string{}
	}
	if first, ok := m.typed[m.trueName(name)]; ok && !m.style.Odd {
		name = first
	}
	m.typed[m.trueName(name)] = name
	return strings.ReplaceAll(name, " ", `\ `)
}

// where is a path= or dir= or inode=, often with perm=.
func (m *maker) where() string {
	var f string
	switch m.IntN(10) {
	case 0, 1, 2, 3:
		f = " -F path=" + m.spelled(m.name())
	case 4, 5, 6, 7:
		f = " -F dir=" + m.spelled(m.folder()) + pick(m, []string{"", "", "/"})
	case 8:
		f = " -F inode" + pick(m, []string{"=", "=", "!="}) + "@ino:" + m.spelled(m.file())
	default:
		f = " -F dir=" + path.Join(m.dir, pick(m, treeLinks)[0]) + pick(m, []string{"", "/"})
	}
	if m.in(5) {
		f += " -F perm=" + pick(m, []string{"r", "w", "x", "a", "wa", "rwxa"})
	}
	return f
}

// exit is a rule of the exit list that only actors can match.
func (m *maker) exit(place string) string {
	r := "-a "
	if m.IntN(20) == 0 {
		r = "-A "
	}
	r += pick(m, []string{"always,exit", "always,exit", "exit,always", "never,exit", "always,exit"}) + m.mask(place)
	fields := m.IntN(3)
	if place != "" {
		fields = max(0, fields-1)
	} else if fields == 0 {
		fields = 1
	}
	r += place
	for range fields {
		r += m.field()
	}
	if !m.private(r) {
		r += pick(m, []string{" -F auid!=unset", " -F auid>=1000 -F auid!=-1", " -F auid!=4294967295"})
	}
	return r
}

// mask is -S with up to three groups of calls, and -F arch= mostly. A rule about a place is often for all calls, one about fields seldom:
// it would leave nothing to the rules behind it.
func (m *maker) mask(place string) string {
	all := 1
	if place != "" {
		all = 4
	}
	switch n := m.IntN(10); {
	case n < 1:
		return " -F arch=b32 -S " + pick(m, masks32)
	case m.in(all):
		return pick(m, []string{" -S all", " -F arch=b64 -S all"})
	case n < 3:
		return " -S " + pick(m, masks)
	}
	r := " -F arch=b64 -S " + pick(m, masks)
	for range m.IntN(3) {
		r += "," + pick(m, masks)
	}
	return r
}

// private tells a rule that no process but an actor can match.
func (m *maker) private(r string) bool {
	for _, f := range []string{"-F uid=71", "-F euid=71", "-F auid=71", "-F path=" + m.dir, "-F dir=" + m.dir + "/", "-F sessionid=@ses", "-F exe=@T", "-F exe=" + m.dir} {
		if strings.Contains(r, f) {
			return true
		}
	}
	return false
}

// field is a random -F or -C.
func (m *maker) field() string {
	f := func(name, ops string, values ...string) string {
		return " -F " + name + pick(m, strings.Fields(ops)) + pick(m, values)
	}
	uid := func() string { return strconv.Itoa(pick(m, people).uid) }
	gid := func() string { return pick(m, []string{strconv.Itoa(pick(m, people).gid), "71600", "71601", "4"}) }
	switch m.IntN(27) {
	case 0:
		return f("pid", anyOp, "@pid")
	case 1:
		return f("ppid", anyOp, "@pid", "@ppid")
	case 2, 3:
		return f(pick(m, ids), anyOp, uid(), uid(), "1000")
	case 4, 5:
		return f(pick(m, gids), anyOp, gid(), gid(), "1000")
	case 6:
		return f("auid", anyOp, "71000", "71001", "71000")
	case 7:
		return f("auid", equalOp, "unset", "-1", "4294967295")
	case 8:
		return f("sessionid", anyOp, "@ses", "@ses", "4294967295")
	case 9:
		return f("pers", bitOp, "0x40000", "0", "0x440000", "0x400000")
	case 10, 11:
		return f("exit", anyOp, "-ENOENT", "-EACCES", "-EPERM", "-EEXIST", "0", "3", "4", "EACCES", "-1", "-13", "-ENOTDIR", "-ECONNREFUSED")
	case 12:
		return f("success", equalOp, "1", "0", "1", "0")
	case 13:
		return f("a"+strconv.Itoa(m.IntN(4)), bitOp, "0", "1", "2", "3", "0x40", "0x41", "0x241", "0xffffff9c", "420", "0644", "0x200", "0xfff", "0x80000")
	case 14:
		return f("a1", bitOp, "0", "1", "2", "0x40", "0x241", "0x1b6", "0x1a4", "71500", "100")
	case 15:
		return f("devmajor", anyOp, "@major", "0", "1")
	case 16:
		return f("devminor", bitOp, "@minor", "0", "3", "5", "@tmpminor")
	case 17:
		return f("inode", equalOp, "@ino:"+m.spelled(m.file()))
	case 18:
		return f("filetype", equalOp, "file", "dir", "link", "socket", "fifo", "character", "block")
	case 19:
		return f("obj_uid", anyOp, uid(), uid())
	case 20:
		return f("obj_gid", anyOp, gid(), gid())
	case 21, 22:
		p := strings.Split(pick(m, comparePairs), ",")
		return " -C " + p[0] + pick(m, []string{"=", "!="}) + p[1]
	case 23, 24:
		return f("exe", equalOp, "@exe", "@exe", "@T/bin/prog", "@T/bin/alias", "/usr/bin/true", "/bin/true", "/usr/bin/dash", "/bin/sh", "@T/bin/none")
	case 25:
		return f("saddr_fam", anyOp, "1", "2", "10", "16")
	}
	return f("perm", "=", "r", "w", "x", "a", "wa", "rwxa")
}
