package suggest

import (
	"math"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/names"
)

// key is a behaviour in numbers. It has no padding, so that it is hashed as one piece.
type key struct {
	rule             int32
	msg              uint32 // number of MsgType, 0 for a plain syscall
	exe, dir         uint32
	arch, syscall    uint32
	uid, euid, auid  uint32
	family, errno    int32
	outcome, names   uint8
	access, keyFlags uint8
}

// Flags of a key.
const (
	keyWanted = 1 << iota
	keyDeeper
	keyOther
	keyPlain
)

const (
	unset       = math.MaxUint32 // auid and ses of a process that nobody logged in for
	noID        = math.MaxUint32 // uid of a message that does not say: no process can have it
	typeSyscall = 1300
	typeUringop = 1336
)

// needed are the fields without which nothing can be aimed at a syscall.
const needed = event.HasUID | event.HasEUID | event.HasAUID | event.HasExe | event.HasArch | event.HasSyscall

// keyOf is the behaviour that an event belongs to.
func (l *Learner) keyOf(r *analyze.Row) key {
	k := key{rule: int32(r.Rule), family: -1}
	if l.o.Wanted != nil && l.o.Wanted(r) {
		k.keyFlags |= keyWanted
	}
	c := r.Call
	switch {
	case c == nil:
		k.message(l, r, mainType(r))
	case c.Uring:
		k.message(l, r, typeUringop)
	case c.Kernel:
		k.message(l, r, mainType(r))
	case c.Has&needed != needed || c.Exe.Null():
		k.keyFlags |= keyOther
	default:
		l.call(&k, r, c)
	}
	return k
}

// call sets what a syscall is told by.
func (l *Learner) call(k *key, r *analyze.Row, c *event.Call) {
	class := l.classes.of(c.Arch, c.Syscall)
	k.arch, k.syscall = c.Arch, c.Syscall
	k.uid, k.euid, k.auid = c.UID, c.EUID, c.AUID
	k.family = c.Family
	k.outcome, k.errno = outcomeOf(c)
	k.access = uint8(accessOf(c, class))
	if class.mode > 0 && uint32(c.A[class.mode]) < specialMode {
		k.keyFlags |= keyPlain
	}
	dir, names := l.locate(k, r, class)
	k.dir, k.names = dir, uint8(names)
	l.text, _ = c.Exe.AppendUntrusted(l.text[:0])
	k.exe = l.exe(l.text)
}

// message sets what a message, or a record that the kernel made by itself, is told by. Its user is what the lists user and exclude may ask for.
func (k *key) message(l *Learner, r *analyze.Row, typ uint32) {
	k.msg, k.uid, k.euid, k.auid = typ, noID, noID, unset
	if typ == 0 {
		k.keyFlags |= keyOther
		return
	}
	if r.Has&analyze.HasUID != 0 {
		k.uid = r.UID
	}
	if r.Has&analyze.HasAUID != 0 {
		k.auid = r.AUID
	}
	if r.Has&analyze.HasExe != 0 {
		l.text, _ = r.Exe.AppendUntrusted(l.text[:0])
		k.exe = l.exe(l.text)
	}
}

// mainType is the type of the first record that is not a part of a syscall, 0 where its number is not known.
func mainType(r *analyze.Row) uint32 {
	for i := range r.Records {
		if typ := uint32(r.Records[i].Type); !names.PartOfCall(typ) {
			return typ
		}
	}
	return 0
}

func outcomeOf(c *event.Call) (outcome uint8, errno int32) {
	switch {
	case c.Has&event.HasSuccess == 0:
		return uint8(NoOutcome), 0
	case c.Success:
		return uint8(Succeeded), 0
	case c.Has&event.HasExit != 0 && c.Exit < 0 && c.Exit >= -maxErrno:
		return uint8(Failed), int32(-c.Exit)
	}
	return uint8(Failed), 0
}

// maxErrno is the greatest error number (include/linux/err.h).
const maxErrno = 4095

func accessOf(c *event.Call, class *callClass) Access {
	switch {
	case class.execs:
		return ExecAccess
	case class.reads, class.flags >= 0 && c.A[class.flags]&3 == 0:
		return ReadAccess
	}
	return OtherAccess
}
