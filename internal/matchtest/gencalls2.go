package matchtest

import (
	"encoding/binary"
	"fmt"
	"path"
)

// programs are what an exec may name: a program by its name, by a symlink, by a symlinked folder, a script, junk, nothing.
func (m *maker) program() string {
	in := func(s string) string { return path.Join(m.dir, s) }
	return pick(m, []string{"/usr/bin/true", "/bin/true", in("bin/prog"), in("bin/alias"), in("bin/script"), in("bin/junk"), in("bin/none"),
		in("d/s1"), in("bin/suid"), in("a/f1")})
}

func (m *maker) exec() Step {
	name := m.program()
	do := call("execve", str(m.spell(name)), vector(path.Base(name), "one", "two words"), vector("A=b"))
	steps := Script{}
	if m.in(3) {
		before, dirfd, typed := m.at(name, 0)
		steps = append(steps, append(before, call("execveat", dirfd, typed, vector("x"), vector(), num(0))))
	}
	if m.in(2) {
		steps = append(steps, m.identity())
	}
	return Step{{Name: "clone", Child: append(steps, Step{do})}}
}

// identity changes who the process is, in one of the ways that make its ids differ from each other.
func (m *maker) identity() Step {
	a, b, c := pick(m, people), pick(m, people), pick(m, people)
	switch m.IntN(5) {
	case 0:
		return Step{call("setresuid", num(a.uid), num(b.uid), num(c.uid))}
	case 1:
		return Step{call("setresgid", num(a.gid), num(b.gid), num(c.gid))}
	case 2:
		return Step{call("setreuid", num(a.uid), num(b.uid))}
	case 3:
		return Step{call("setfsuid", num(a.uid)), call("setfsgid", num(b.gid))}
	}
	return Step{call("setregid", num(-1), num(b.gid))}
}

func unixAddress(name string) []byte {
	b := binary.LittleEndian.AppendUint16(nil, 1)
	return append(append(b, name...), 0)
}

func inetAddress() []byte { return append([]byte{2, 0, 0, 9, 127, 0, 0, 1}, make([]byte, 8)...) }

func inet6Address() []byte {
	b := append([]byte{10, 0, 0, 9}, make([]byte, 24)...)
	b[23] = 1
	return b
}

func (m *maker) socket() Step {
	family, address := 1, unixAddress(m.spell(m.name()))
	switch m.IntN(6) {
	case 0:
		family, address = 2, inetAddress()
	case 1:
		family, address = 10, inet6Address()
	case 2:
		return Step{call("socketpair", num(1), num(1), num(0), space(8)), call("pipe", space(8)), call("pipe2", space(8), num(0o2000000))}
	case 3:
		family, address = 16, []byte{16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
	}
	kind := pick(m, []int{1, 2})
	if family == 16 {
		kind = 3
	}
	s := Step{call("socket", num(family), num(kind|0o4000), num(0))}
	switch m.IntN(4) {
	case 0:
		s = append(s, call("bind", res(0), data(address), num(len(address))))
	case 1:
		s = append(s, call("sendto", res(0), str("x"), num(1), num(0x4000), data(address), num(len(address)))) // MSG_NOSIGNAL
	case 2:
		s = append(s, call("connect", res(0), data(address), num(len(address))), call("getsockname", res(0), space(128), data([]byte{128, 0, 0, 0})))
	default:
		s = append(s, call("connect", res(0), data(address), num(len(address))))
	}
	return closed(s)
}

// signal sends one to a child that waits, or none to a process that is not there.
func (m *maker) signal() Step {
	child := Call{Name: "clone", NoWait: true, Child: Script{{call("pause")}}}
	switch m.IntN(3) {
	case 0:
		return Step{child, call("kill", res(0), num(0)), call("kill", res(0), num(9)), call("wait4", res(0), space(8), num(0), num(0))}
	case 1:
		return Step{child, call("tkill", res(0), num(9)), call("wait4", res(0), space(8), num(0), num(0))}
	}
	return Step{call("kill", num(noProcess), num(0))}
}

func (m *maker) ipc() Step {
	switch m.IntN(4) {
	case 0:
		return closed([]Call{call("mq_open", str(pick(m, []string{"mt1", "mt2"})), num(oRdwr|oCreat), num(0o600), num(0)), call("mq_unlink", str("mt1"))})
	case 1:
		ds := make([]byte, 120) // struct msqid_ds: key, uid, gid, cuid, cgid, mode
		p := pick(m, people)
		binary.LittleEndian.PutUint32(ds[4:], uint32(p.uid))
		binary.LittleEndian.PutUint32(ds[8:], uint32(p.gid))
		binary.LittleEndian.PutUint32(ds[20:], 0o600)
		return Step{call("msgget", num(0), num(0o1600)), call("msgctl", res(0), num(1), data(ds)), call("msgctl", res(0), num(0), num(0))}
	case 2:
		return Step{call("shmget", num(0), num(4096), num(0o1600)), call("shmctl", res(0), num(2), space(256)), call("shmctl", res(0), num(0), num(0))}
	}
	return Step{call("semget", num(0), num(1), num(0o1600)), call("semctl", res(0), num(0), num(16), num(1)), call("semctl", res(0), num(0), num(0))}
}

func (m *maker) plain() Step {
	switch m.IntN(8) {
	case 0:
		return Step{call("getpid")}
	case 1:
		return Step{call("getppid")}
	case 2:
		return Step{call("uname", space(512))}
	case 3:
		return Step{call("umask", num(0o022))}
	case 4:
		return Step{call("personality", num(pick(m, []int{0x40000, 0x0400000, 0, 0xffffffff})))}
	case 5:
		return Step{call("capget", space(16), space(32))}
	case 6:
		return Step{call("mount", str("none"), str(m.folder()), str("nofs"), num(0), num(0))}
	}
	return Step{call("chroot", str(path.Join(m.dir, "none")))}
}

// userTypes are record types that programs send (include/uapi/linux/audit.h: AUDIT_USER, AUDIT_FIRST_USER_MSG and on).
var userTypes = []uint16{1005, 1100, 1104, 1106, 1107, 1112, 1116, 1130, 2100}

// message sends the kernel a user message, as PAM and sshd do. Its number tells it from all others.
func (m *maker) message() Step {
	text := fmt.Sprintf("op=matchtest n=%d res=success", m.Uint32())
	b := binary.LittleEndian.AppendUint32(nil, uint32(16+len(text)+1))
	b = binary.LittleEndian.AppendUint16(b, pick(m, userTypes))
	b = binary.LittleEndian.AppendUint16(b, 1) // NLM_F_REQUEST
	b = append(append(b, make([]byte, 8)...), text+"\x00"...)
	kernel := append([]byte{16, 0}, make([]byte, 10)...) // struct sockaddr_nl
	return closed([]Call{call("socket", num(16), num(3), num(netlinkAudit)), call("sendto", res(0), data(b), num(len(b)), num(0), data(kernel), num(len(kernel)))})
}

// netlinkAudit is NETLINK_AUDIT.
const netlinkAudit = 9

func (m *maker) memory() Step {
	s := m.opening(m.file(), oRdonly)
	return closed(append(s, call("mmap", num(0), num(4096), num(1), num(2), res(len(s)-1), num(0))))
}

// compat is a call by the i386 table.
func (m *maker) compat() Step {
	name := m.name()
	c := func(n string, a ...Arg) Call { return Call{Name: n, Compat: true, Args: a} }
	switch m.IntN(10) {
	case 0:
		s := Step{c("open", str(m.spell(name)), num(pick(m, openFlags)), num(0o644))}
		return append(s, call("close", res(0)))
	case 1:
		return Step{c("unlink", str(m.spell(name)))}
	case 2:
		return Step{c("chmod", str(m.spell(name)), num(0o644))}
	case 3:
		return Step{c("rename", str(m.spell(name)), str(m.spell(m.fresh())))}
	case 4:
		return Step{c("getpid")}
	case 5:
		return Step{c("mkdir", str(m.spell(m.fresh())), num(0o755))}
	case 6:
		p := pick(m, people)
		return Step{c("lchown32", str(m.spell(name)), num(p.uid), num(p.gid))}
	case 7:
		s := Step{c("openat", num(atFDCWD), str(m.spell(name)), num(pick(m, openFlags)), num(0o644))}
		return append(s, call("close", res(0)))
	case 8:
		return Step{c("truncate", str(m.spell(name)), num(3))}
	}
	return Step{c("access", str(m.spell(name)), num(4))}
}
