package event

import (
	"math"

	"github.com/auditprof/auditprof/internal/audit/record"
)

// lookUp reads a SYSCALL or URINGOP record field by field, wherever each stands. It sets all that readOrdered sets.
func (c *Call) lookUp(rec *record.Record) {
	if c.Uring {
		c.Syscall = c.signed32(HasSyscall, rec, "uring_op")
	} else {
		c.Arch = c.hex32(HasArch, rec, "arch")
		c.Syscall = c.signed32(HasSyscall, rec, "syscall")
		c.Per = c.hex32(HasPer, rec, "per")
		for n, name := range [...]string{"a0", "a1", "a2", "a3"} {
			c.A[n] = c.hex64(HasA0<<n, rec, name)
		}
	}
	c.Success = false
	switch text, _ := rec.Field("success"); string(text) {
	case "yes":
		c.Success, c.Has = true, c.Has|HasSuccess
	case "no":
		c.Has |= HasSuccess
	}
	exit, ok := rec.Int("exit")
	if c.Exit = exit; ok {
		c.Has |= HasExit
	}
	c.Items = 0
	if n, ok := rec.Uint("items"); ok && n <= math.MaxInt32 {
		c.Items, c.Has = int(n), c.Has|HasItems
	}
	c.lookUpIDs(rec)
	c.TTY = c.text(HasTTY, rec, "tty")
	c.Comm = c.text(HasComm, rec, "comm")
	c.Exe = c.text(HasExe, rec, "exe")
	c.Subj = c.text(HasSubj, rec, "subj")
	c.Key = c.text(HasKey, rec, "key")
}

func (c *Call) lookUpIDs(rec *record.Record) {
	c.PPID = c.uint32(HasPPID, rec, "ppid")
	c.PID = c.uint32(HasPID, rec, "pid")
	c.AUID = c.uint32(HasAUID, rec, "auid")
	c.UID = c.uint32(HasUID, rec, "uid")
	c.GID = c.uint32(HasGID, rec, "gid")
	c.EUID = c.uint32(HasEUID, rec, "euid")
	c.SUID = c.uint32(HasSUID, rec, "suid")
	c.FSUID = c.uint32(HasFSUID, rec, "fsuid")
	c.EGID = c.uint32(HasEGID, rec, "egid")
	c.SGID = c.uint32(HasSGID, rec, "sgid")
	c.FSGID = c.uint32(HasFSGID, rec, "fsgid")
	c.Ses = c.uint32(HasSes, rec, "ses")
}

func (c *Call) uint32(bit Has, rec *record.Record, name string) uint32 {
	n, ok := rec.Uint(name)
	if !ok || n > math.MaxUint32 {
		return 0
	}
	c.Has |= bit
	return uint32(n)
}

// signed32 reads a number that the kernel keeps unsigned and prints as an int: -1 is 1<<32-1.
func (c *Call) signed32(bit Has, rec *record.Record, name string) uint32 {
	n, ok := rec.Int(name)
	if !ok || n < math.MinInt32 || n > math.MaxUint32 {
		return 0
	}
	c.Has |= bit
	return uint32(n)
}

func (c *Call) hex32(bit Has, rec *record.Record, name string) uint32 {
	n, ok := rec.Hex(name)
	if !ok || n > math.MaxUint32 {
		return 0
	}
	c.Has |= bit
	return uint32(n)
}

func (c *Call) hex64(bit Has, rec *record.Record, name string) uint64 {
	n, ok := rec.Hex(name)
	if ok {
		c.Has |= bit
	}
	return n
}

func (c *Call) text(bit Has, rec *record.Record, name string) record.Value {
	v, ok := rec.Value(name)
	if ok {
		c.Has |= bit
	}
	return v
}
