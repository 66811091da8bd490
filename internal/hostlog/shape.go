package hostlog

import (
	"hash/fnv"
	"net/netip"
	"path"
)

// Modes of files as PATH records have them.
const (
	ModeFile   = 0o100644
	ModeData   = 0o100600
	ModeExe    = 0o100755
	ModeDir    = 0o040755
	ModeMine   = 0o040700
	ModeSticky = 0o041777
	ModeSocket = 0o140777
)

// Flags of openat (include/uapi/asm-generic/fcntl.h).
const (
	ReadOnly  = 0
	WriteOnly = 1
	ReadWrite = 2
	Create    = 0o100
	Truncate  = 0o1000
	CloseExec = 0o2000000
)

// atCwd is AT_FDCWD as the register has it.
const atCwd = 0xffffff9c

// Inode is the number that a file has on every host, by its whole name.
func Inode(name string) uint64 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(name)) // never fails
	return uint64(h.Sum32())>>8 + 100
}

// At is the PATH record of a file there is.
func At(name string, mode, uid uint32) Path {
	return Path{Name: name, Inode: Inode(name), Mode: mode, OUID: uid, OGID: uid}
}

func (p Path) as(nametype string) Path {
	p.Type = nametype
	return p
}

// whole is a name as the kernel finds it.
func (a *Actor) whole(name string) string {
	if path.IsAbs(name) {
		return name
	}
	return path.Join(a.Cwd, name)
}

// Open is an openat of a file there is, named as the program does. The key is file_accesses: one that writes to a watched file has another.
func (a Actor) Open(name string, flags uint64, mode, owner uint32) Event {
	p := At(a.whole(name), mode, owner)
	p.Name = name
	return Event{Actor: a, Syscall: "openat", Exit: 7, A: [4]uint64{atCwd, 0x7ffd3a10, flags, 0}, Key: "file_accesses", Paths: []Path{p}}
}

// OpenNew is an openat that makes a file.
func (a Actor) OpenNew(name string, mode uint32) Event {
	e := a.Open(name, ReadWrite|Create|Truncate, mode, a.EUID)
	e.Paths = []Path{a.folder(name, a.EUID), e.Paths[0].as("CREATE")}
	e.A[3] = uint64(mode & 0o777)
	return e
}

// OpenMissing is an openat of what is not there: ENOENT.
func (a Actor) OpenMissing(name string) Event {
	e := a.Open(name, ReadOnly, 0, 0)
	e.Exit, e.Paths[0] = -2, Path{Name: name}
	return e
}

// OpenRefused is an openat that is not allowed: EACCES.
func (a Actor) OpenRefused(name string, mode, owner uint32) Event {
	e := a.Open(name, ReadOnly, mode, owner)
	e.Exit = -13
	return e
}

// folder is the PARENT record of a name.
func (a *Actor) folder(name string, owner uint32) Path {
	p := At(path.Dir(a.whole(name)), ModeMine, owner)
	p.Name = path.Dir(name) + "/"
	if p.Name == "./" {
		p.Name = a.Cwd
	}
	return p.as("PARENT")
}

// Unlink removes a file.
func (a Actor) Unlink(name string, mode, owner uint32) Event {
	p := At(a.whole(name), mode, owner)
	p.Name = name
	return Event{Actor: a, Syscall: "unlink", A: [4]uint64{0x55d1c0, 0, 0, 0}, Key: "delete", Paths: []Path{a.folder(name, owner), p.as("DELETE")}}
}

// Rename moves a file over another, or to where there is none.
func (a Actor) Rename(from, to string, mode, owner uint32) Event {
	was, is := At(a.whole(from), mode, owner), At(a.whole(from), mode, owner)
	was.Name, is.Name = from, to
	return Event{Actor: a, Syscall: "rename", A: [4]uint64{0x55d1c0, 0x55d1f0, 0, 0}, Key: "delete",
		Paths: []Path{a.folder(from, owner), a.folder(to, owner), was.as("DELETE"), is.as("CREATE")}}
}

// ConnectUnix connects to a socket of the file system.
func (a Actor) ConnectUnix(name string, owner uint32) Event {
	addr := append([]byte{1, 0}, name...)
	return Event{Actor: a, Syscall: "connect", A: [4]uint64{9, 0x7ffd3a10, 110, 0}, Key: "network", Sockaddr: append(addr, 0),
		Paths: []Path{At(name, ModeSocket, owner)}}
}

// Connect connects to an address of IPv4 or IPv6.
func (a Actor) Connect(to netip.AddrPort) Event {
	port := to.Port()
	addr := []byte{2, 0, byte(port >> 8), byte(port)}
	if to.Addr().Is6() {
		addr = append([]byte{10, 0, byte(port >> 8), byte(port)}, 0, 0, 0, 0)
		addr = append(append(addr, to.Addr().AsSlice()...), 0, 0, 0, 0)
	} else {
		addr = append(append(addr, to.Addr().AsSlice()...), 0, 0, 0, 0, 0, 0, 0, 0)
	}
	return Event{Actor: a, Syscall: "connect", A: [4]uint64{9, 0x7ffd3a10, uint64(len(addr)), 0}, Key: "network", Sockaddr: addr}
}

// Exec is a program that starts, which a belongs to already: its Exe, Comm and ids are those after it. owner is the file's, its mode is that of
// a program with the bits in addition.
func (a Actor) Exec(owner, bits uint32, argv ...string) Event {
	prog := At(a.Exe, ModeExe|bits, owner)
	return Event{Actor: a, Syscall: "execve", A: [4]uint64{0x55d1c0, 0x55d1f0, 0x55d200, 8}, Key: "user_commands", Argv: argv,
		Paths: []Path{prog, At("/lib64/ld-linux-x86-64.so.2", ModeExe, 0)}}
}

// Says is a message that the program sends, by its record type and the part of it in quotes.
func (a Actor) Says(recordType, text string) Event {
	return Event{Actor: a, Message: sprint("%s pid=%d uid=%d auid=%d ses=%d msg='%s'", recordType, a.PID, a.UID, a.AUID, a.Ses, text)}
}
