package hostlog

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/record"
)

// Unset is the auid and the session of whatever no login began.
const Unset = 1<<32 - 1

// Actor is the process that does something. Text may hold any byte: it is written as the kernel writes what a program chose.
type Actor struct {
	PPID, PID      uint32
	AUID, Ses      uint32
	UID, EUID, GID uint32
	TTY            string // "" is (none)
	Comm, Exe, Cwd string
	Title          string // the command line, arguments with NUL between them; "" is Comm
}

// Event is what one system call leaves, or one message.
type Event struct {
	Actor
	Arch    uint32 // AUDIT_ARCH_*; 0 is x86_64
	Syscall string
	Exit    int64 // below 0 it has failed
	A       [4]uint64
	Key     string // "" is (null)
	// Extra are whole records between SYSCALL and CWD, without their stamp: "TIME_ADJNTPVAL op=freq old=0 new=1".
	Extra    []string
	Argv     []string // of an execve
	Sockaddr []byte
	Paths    []Path
	// Message is a record without a system call, "USER_LOGIN pid=1 …". Where it is set nothing above is looked at.
	Message string
}

// Path is one PATH record.
type Path struct {
	Name       string
	Type       string // nametype; "" is NORMAL
	Inode      uint64 // 0: the name led nowhere
	Mode       uint32 // st_mode
	OUID, OGID uint32
}

// stamp is which event of which host it is.
type stamp struct {
	node   string
	milli  int64 // since 1970
	serial uint64
}

func (s *stamp) begin(dst []byte, recordType string) []byte {
	if s.node != "" {
		dst = append(append(append(dst, "node="...), s.node...), ' ')
	}
	dst = append(append(append(dst, "type="...), recordType...), " msg=audit("...)
	dst = strconv.AppendInt(dst, s.milli/1000, 10)
	ms := s.milli % 1000
	dst = append(dst, '.', byte('0'+ms/100), byte('0'+ms/10%10), byte('0'+ms%10), ':')
	dst = strconv.AppendUint(dst, s.serial, 10)
	return append(dst, "): "...)
}

// appendTo appends all records of the event.
func (e *Event) appendTo(dst []byte, s stamp) []byte {
	if e.Message != "" {
		return e.appendExtra(dst, s, e.Message)
	}
	dst = e.appendSyscall(s.begin(dst, "SYSCALL"))
	for _, x := range e.Extra {
		dst = e.appendExtra(dst, s, x)
	}
	if e.Argv != nil {
		dst = e.appendArgv(s.begin(dst, "EXECVE"))
	}
	if e.Sockaddr != nil {
		dst = append(s.begin(dst, "SOCKADDR"), "saddr="...)
		dst = append(append(dst, strings.ToUpper(hex.EncodeToString(e.Sockaddr))...), '\n')
	}
	if len(e.Paths) > 0 {
		dst = append(s.begin(dst, "CWD"), "cwd="...)
		dst = append(append(dst, record.EncodeUntrusted(e.Cwd)...), '\n')
	}
	for i := range e.Paths {
		dst = e.Paths[i].appendTo(s.begin(dst, "PATH"), i)
	}
	title := e.Title
	if title == "" {
		title = e.Comm
	}
	dst = append(s.begin(dst, "PROCTITLE"), "proctitle="...)
	return append(append(dst, record.EncodeUntrusted(title[:min(len(title), 128)])...), '\n')
}

func (e *Event) appendExtra(dst []byte, s stamp, text string) []byte {
	recordType, body, _ := strings.Cut(text, " ")
	return append(append(s.begin(dst, recordType), body...), '\n')
}

func (e *Event) appendSyscall(dst []byte) []byte {
	arch := e.Arch
	if arch == 0 {
		arch = names.ArchX86_64
	}
	nr, ok := names.SyscallNumber(arch, e.Syscall)
	if !ok {
		panic("hostlog: there is no system call " + e.Syscall)
	}
	success := "yes"
	if e.Exit < 0 {
		success = "no"
	}
	tty := e.TTY
	if tty == "" {
		tty = "(none)"
	}
	dst = fmt.Appendf(dst, "arch=%x syscall=%d success=%s exit=%d a0=%x a1=%x a2=%x a3=%x items=%d ppid=%d pid=%d auid=%d uid=%d gid=%d euid=%d suid=%d fsuid=%d",
		arch, nr, success, e.Exit, e.A[0], e.A[1], e.A[2], e.A[3], len(e.Paths), e.PPID, e.PID, e.AUID, e.UID, e.GID, e.EUID, e.EUID, e.EUID)
	dst = fmt.Appendf(dst, " egid=%d sgid=%d fsgid=%d tty=%s ses=%d comm=", e.GID, e.GID, e.GID, tty, e.Ses)
	dst = append(dst, record.EncodeUntrusted(e.Comm[:min(len(e.Comm), 15)])...)
	dst = append(append(dst, " exe="...), record.EncodeUntrusted(e.Exe)...)
	dst = append(dst, " key="...)
	if e.Key == "" {
		return append(dst, "(null)\n"...)
	}
	return append(append(dst, record.EncodeUntrusted(e.Key)...), '\n')
}

func (e *Event) appendArgv(dst []byte) []byte {
	dst = append(dst, "argc="...)
	dst = strconv.AppendInt(dst, int64(len(e.Argv)), 10)
	for i, a := range e.Argv {
		dst = append(strconv.AppendInt(append(dst, " a"...), int64(i), 10), '=')
		dst = append(dst, record.EncodeUntrusted(a)...)
	}
	return append(dst, '\n')
}

func (p *Path) appendTo(dst []byte, item int) []byte {
	dst = append(strconv.AppendInt(append(dst, "item="...), int64(item), 10), " name="...)
	dst = append(dst, record.EncodeUntrusted(p.Name)...)
	typ := p.Type
	if typ == "" {
		typ = "NORMAL"
	}
	if p.Inode == 0 {
		typ = "UNKNOWN"
	} else {
		dst = fmt.Appendf(dst, " inode=%d dev=fe:01 mode=0%o ouid=%d ogid=%d rdev=00:00", p.Inode, p.Mode, p.OUID, p.OGID)
	}
	dst = append(append(dst, " nametype="...), typ...)
	return append(dst, " cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0\n"...)
}
