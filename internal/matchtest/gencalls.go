package matchtest

import (
	"encoding/binary"
	"path"
)

// Flags of open(2) on x86.
const (
	oRdonly, oWronly, oRdwr = 0, 1, 2
	oCreat                  = 0o100
	oExcl                   = 0o200
	oTrunc                  = 0o1000
	oAppend                 = 0o2000
	oDirectory              = 0o200000
	oNofollow               = 0o400000
	oPath                   = 0o10000000
)

// Flags of renameat2(2). After an exchange the kernel has lost a watch on either name: fs/namei.c: vfs_rename tells first that the new name
// came, then that it went.
const (
	renameNoreplace = 1
	renameExchange  = 2
)

var openFlags = []int{oRdonly, oRdonly, oWronly, oRdwr, 3, oRdonly | oCreat, oWronly | oCreat, oWronly | oCreat | oTrunc, oRdwr | oCreat | oExcl,
	oWronly | oAppend, oRdonly | oDirectory, oPath, oRdonly | oNofollow}

// kinds are the steps that a script is made of, each with a weight.
var kinds = []struct {
	weight int
	make   func(*maker) Step
}{
	{10, (*maker).open}, {4, (*maker).openat2}, {4, (*maker).create}, {12, (*maker).onDescriptor}, {5, (*maker).remove}, {6, (*maker).move},
	{5, (*maker).link}, {4, (*maker).mode}, {4, (*maker).owner}, {3, (*maker).extend}, {4, (*maker).attribute}, {4, (*maker).look},
	{4, (*maker).exec}, {5, (*maker).socket}, {2, (*maker).signal}, {2, (*maker).ipc}, {3, (*maker).plain}, {2, (*maker).memory},
	{1, (*maker).walk}, {3, (*maker).compat}, {2, (*maker).message},
}

// step is one random step.
func (m *maker) step() Step {
	sum := 0
	for _, k := range kinds {
		sum += k.weight
	}
	n := m.IntN(sum)
	for _, k := range kinds {
		if n -= k.weight; n < 0 {
			return k.make(m)
		}
	}
	return nil
}

// opening is a call that gives a descriptor, as the last of the calls returned.
func (m *maker) opening(name string, flags int) []Call {
	if m.in(3) {
		return []Call{call("open", str(m.spell(name)), num(flags), num(0o644))}
	}
	before, dirfd, typed := m.at(name, 0)
	return append(before, call("openat", dirfd, typed, num(flags), num(0o640)))
}

// closed ends a step: the descriptors that its calls gave are closed.
func closed(s []Call) Step {
	for i, c := range s {
		switch c.Name {
		case "open", "openat", "openat2", "creat", "socket", "mq_open", "memfd_create":
			s = append(s, call("close", res(i)))
		}
	}
	return s
}

func (m *maker) open() Step {
	if m.in(3) {
		return closed(m.opening(m.seen(), oRdonly))
	}
	return closed(m.opening(m.name(), pick(m, openFlags)))
}

func (m *maker) openat2() Step {
	before, dirfd, typed := m.at(m.name(), 0)
	how := make([]byte, 24)
	flags := pick(m, openFlags)
	binary.LittleEndian.PutUint64(how, uint64(flags))
	if flags&oCreat != 0 {
		binary.LittleEndian.PutUint64(how[8:], 0o600)
	}
	if m.in(2) {
		binary.LittleEndian.PutUint64(how[16:], 0x04) // RESOLVE_NO_SYMLINKS
	}
	return closed(append(before, call("openat2", dirfd, typed, data(how), num(24))))
}

func (m *maker) create() Step {
	name := m.fresh()
	before, dirfd, typed := m.at(name, 0)
	switch m.IntN(6) {
	case 0:
		return closed([]Call{call("creat", str(m.spell(name)), num(0o644))})
	case 1:
		return Step{call("mkdir", str(m.spell(name)), num(0o755))}
	case 2:
		return closed(append(before, call("mkdirat", dirfd, typed, num(0o755))))
	case 3:
		typed := str(m.spell(name)) // a fifo goes at once: opening one waits for the other end
		return Step{call("mknod", typed, num(0o010644), num(0)), call("chmod", typed, num(0o600)), call("unlink", typed)}
	case 4:
		return closed(append(before, call("mknodat", dirfd, typed, num(0o100644), num(0))))
	}
	return closed(append(before, call("openat", dirfd, typed, num(oWronly|oCreat), num(0o644))))
}

// onDescriptor opens something and works on the descriptor, whose name no record then has.
func (m *maker) onDescriptor() Step {
	s := m.opening(m.name(), pick(m, []int{oRdonly, oRdwr, oWronly, oPath, oRdwr | oCreat}))
	fd := res(len(s) - 1)
	for range 1 + m.IntN(2) {
		s = append(s, m.fdCall(fd))
	}
	return closed(s)
}

func (m *maker) fdCall(fd Arg) Call {
	switch m.IntN(12) {
	case 0:
		return call("fchmod", fd, num(pick(m, []int{0o644, 0o600, 0o666})))
	case 1, 2:
		p := pick(m, people)
		return call("fchown", fd, num(p.uid), num(p.gid))
	case 3:
		return call("ftruncate", fd, num(m.IntN(100)))
	case 4:
		return call("fsetxattr", fd, str("user.one"), str("x"), num(1), num(0))
	case 5:
		return call("fgetxattr", fd, str("user.one"), space(64), num(64))
	case 6:
		return call("fstat", fd, space(256))
	case 7:
		return call("read", fd, space(64), num(64))
	case 8:
		return call("write", fd, str("text"), num(4))
	case 9:
		return call("ioctl", fd, num(0x5401), space(64))
	case 10:
		return call("fremovexattr", fd, str("user.one"))
	}
	return call("fallocate", fd, num(0), num(0), num(10))
}

func (m *maker) remove() Step {
	name := m.name()
	before, dirfd, typed := m.at(name, 0)
	switch m.IntN(4) {
	case 0:
		return Step{call("unlink", str(m.spell(name)))}
	case 1:
		return Step{call("rmdir", str(m.spell(m.fresh())))}
	case 2:
		return closed(append(before, call("unlinkat", dirfd, typed, num(0x200)))) // AT_REMOVEDIR
	}
	return closed(append(before, call("unlinkat", dirfd, typed, num(0))))
}

// two is two pairs of arguments.
func (m *maker) two(from, to string) (before []Call, a, b, c, d Arg) {
	before, a, b = m.at(from, 0)
	more, c, d := m.at(to, len(before))
	return append(before, more...), a, b, c, d
}

func (m *maker) move() Step {
	from, to := m.file(), m.name()
	if m.IntN(20) == 0 {
		from = m.name() // a folder too: rules about what is below may go with it
	}
	if m.in(6) {
		to = m.fresh()
	}
	if m.in(3) {
		from = m.fresh()
	}
	before, a, b, c, d := m.two(from, to)
	switch m.IntN(3) {
	case 0:
		return Step{call("rename", str(m.spell(from)), str(m.spell(to)))}
	case 1:
		return closed(append(before, call("renameat", a, b, c, d)))
	}
	flags := pick(m, []int{0, 0, renameNoreplace})
	if m.style.Odd && m.in(3) {
		flags = renameExchange
	}
	return closed(append(before, call("renameat2", a, b, c, d, num(flags))))
}

func (m *maker) link() Step {
	from, to := m.name(), m.fresh()
	before, a, b, c, d := m.two(from, to)
	switch m.IntN(4) {
	case 0:
		return Step{call("link", str(m.spell(from)), str(m.spell(to)))}
	case 1:
		return closed(append(before, call("linkat", a, b, c, d, num(0))))
	case 2:
		return Step{call("symlink", str(m.spell(from)), str(m.spell(to)))}
	}
	before, c, d = m.at(to, 0)
	return closed(append(before, call("symlinkat", str(from), c, d)))
}

func (m *maker) mode() Step {
	before, dirfd, typed := m.at(m.name(), 0)
	mode := num(pick(m, []int{0o644, 0o666, 0o755, 0o600}))
	switch m.IntN(3) {
	case 0:
		return Step{call("chmod", str(m.spell(m.file())), mode)}
	case 1:
		return closed(append(before, call("fchmodat2", dirfd, typed, mode, num(0))))
	}
	return closed(append(before, call("fchmodat", dirfd, typed, mode)))
}

func (m *maker) owner() Step {
	p := pick(m, people)
	before, dirfd, typed := m.at(m.name(), 0)
	switch m.IntN(3) {
	case 0:
		return Step{call("chown", str(m.spell(m.file())), num(p.uid), num(p.gid))}
	case 1:
		return Step{call("lchown", str(m.spell(m.name())), num(p.uid), num(-1))}
	}
	return closed(append(before, call("fchownat", dirfd, typed, num(p.uid), num(p.gid), num(pick(m, []int{0, 0x100})))))
}

func (m *maker) extend() Step {
	if m.in(7) {
		return Step{call("truncate", str(m.spell(m.name())), num(m.IntN(50)))}
	}
	before, dirfd, typed := m.at(m.name(), 0)
	return closed(append(before, call("utimensat", dirfd, typed, num(0), num(0))))
}

func (m *maker) attribute() Step {
	name := m.spell(m.name())
	switch m.IntN(6) {
	case 0:
		return Step{call("setxattr", str(name), str("user.one"), str("x"), num(1), num(0))}
	case 1:
		return Step{call("lsetxattr", str(name), str("user.one"), str("x"), num(1), num(0))}
	case 2:
		return Step{call("getxattr", str(name), str("user.one"), space(64), num(64))}
	case 3:
		return Step{call("listxattr", str(name), space(64), num(64))}
	case 4:
		return Step{call("removexattr", str(name), str("user.one"))}
	}
	return Step{call("lgetxattr", str(name), str("user.one"), space(64), num(64))}
}

func (m *maker) look() Step {
	name := m.seen()
	before, dirfd, typed := m.at(name, 0)
	switch m.IntN(8) {
	case 0:
		return Step{call("access", str(m.spell(name)), num(4))}
	case 1:
		return Step{call("stat", str(m.spell(name)), space(256))}
	case 2:
		return Step{call("lstat", str(m.spell(name)), space(256))}
	case 3:
		return closed(append(before, call("newfstatat", dirfd, typed, space(256), num(0))))
	case 4:
		return closed(append(before, call("statx", dirfd, typed, num(0), num(0x7ff), space(256))))
	case 5:
		return Step{call("readlink", str(m.spell(path.Join(m.dir, pick(m, treeLinks)[0]))), space(256), num(256))}
	case 6:
		return closed(append(before, call("readlinkat", dirfd, typed, space(256), num(256))))
	}
	return closed(append(before, call("faccessat", dirfd, typed, num(2))))
}

// walk changes the working folder.
func (m *maker) walk() Step {
	to := path.Join(m.dir, pick(m, []string{"", "a", "a/b", "w", "lnk", "tm"}))
	m.cwd = to
	switch to {
	case path.Join(m.dir, "lnk"):
		m.cwd = path.Join(m.dir, "a")
	}
	return Step{call("chdir", str(to))}
}
