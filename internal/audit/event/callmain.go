package event

import (
	"math"

	"github.com/auditprof/auditprof/internal/audit/record"
)

// readMain reads a SYSCALL or URINGOP record.
func (c *Call) readMain(rec *record.Record) {
	others := c.Has
	if c.readOrdered(rec.Body) {
		return
	}
	c.Has = others
	c.lookUp(rec)
}

// readOrdered reads fields in the order of kernel/auditsc.c:audit_log_exit, each of which may be missing. It reports false where the
// body is not made that way.
func (c *Call) readOrdered(b []byte) bool {
	at := 0
	if c.Uring {
		if is(b, at, "uring_op=") {
			c.Syscall, at = decimal32(b, at+9)
			c.Has |= HasSyscall
		}
	} else {
		at = c.readNumber(b, at)
	}
	at = c.readResult(b, at)
	if !c.Uring {
		at = c.readArguments(b, at)
	}
	if is(b, at, "items=") {
		n, next := decimal32(b, at+6)
		if n > math.MaxInt32 {
			return false
		}
		c.Items, at = int(n), next
		c.Has |= HasItems
	}
	at = c.readProcess(b, at)
	if c.memo != nil && at < len(b) {
		return c.memo.who(c, b[at:])
	}
	return c.readWho(b, at) == len(b)
}

// readWho reads the second half of the fields, which is the same for most calls of a process.
func (c *Call) readWho(b []byte, at int) int {
	if is(b, at, "auid=") {
		c.AUID, at = decimal32(b, at+5)
		c.Has |= HasAUID
	}
	at = c.readIDs(b, at)
	return c.readTexts(b, at)
}

func (c *Call) readNumber(b []byte, at int) int {
	switch {
	case is(b, at, "arch=c000003e "): // nearly all
		c.Arch, at = 0xc000003e, at+len("arch=c000003e ")
		c.Has |= HasArch
	case is(b, at, "arch="):
		c.Arch, at = hex32(b, at+5)
		c.Has |= HasArch
	}
	if is(b, at, "syscall=") {
		c.Syscall, at = decimal32(b, at+8)
		c.Has |= HasSyscall
	}
	if is(b, at, "per=") {
		c.Per, at = hex32(b, at+4)
		c.Has |= HasPer
	}
	return at
}

func (c *Call) readResult(b []byte, at int) int {
	switch {
	case is(b, at, "success=yes "):
		c.Success, at = true, at+12
		c.Has |= HasSuccess
	case is(b, at, "success=no "):
		at += 11
		c.Has |= HasSuccess
	}
	if is(b, at, "exit=") {
		c.Exit, at = signed(b, at+5)
		c.Has |= HasExit
	}
	return at
}

func (c *Call) readArguments(b []byte, at int) int {
	if is(b, at, "a0=") {
		c.A[0], at = hex64(b, at+3)
		c.Has |= HasA0
	}
	if is(b, at, "a1=") {
		c.A[1], at = hex64(b, at+3)
		c.Has |= HasA1
	}
	if is(b, at, "a2=") {
		c.A[2], at = hex64(b, at+3)
		c.Has |= HasA2
	}
	if is(b, at, "a3=") {
		c.A[3], at = hex64(b, at+3)
		c.Has |= HasA3
	}
	return at
}

func (c *Call) readProcess(b []byte, at int) int {
	if is(b, at, "ppid=") {
		c.PPID, at = decimal32(b, at+5)
		c.Has |= HasPPID
	}
	if is(b, at, "pid=") {
		c.PID, at = decimal32(b, at+4)
		c.Has |= HasPID
	}
	return at
}

// rootIDs is what the ids of half of all processes look like.
const rootIDs = "uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 "

func (c *Call) readIDs(b []byte, at int) int {
	if is(b, at, rootIDs) {
		c.Has |= HasUID | HasGID | HasEUID | HasSUID | HasFSUID | HasEGID | HasSGID | HasFSGID
		return at + len(rootIDs)
	}
	if is(b, at, "uid=") {
		c.UID, at = decimal32(b, at+4)
		c.Has |= HasUID
	}
	if is(b, at, "gid=") {
		c.GID, at = decimal32(b, at+4)
		c.Has |= HasGID
	}
	if is(b, at, "euid=") {
		c.EUID, at = decimal32(b, at+5)
		c.Has |= HasEUID
	}
	if is(b, at, "suid=") {
		c.SUID, at = decimal32(b, at+5)
		c.Has |= HasSUID
	}
	if is(b, at, "fsuid=") {
		c.FSUID, at = decimal32(b, at+6)
		c.Has |= HasFSUID
	}
	if is(b, at, "egid=") {
		c.EGID, at = decimal32(b, at+5)
		c.Has |= HasEGID
	}
	if is(b, at, "sgid=") {
		c.SGID, at = decimal32(b, at+5)
		c.Has |= HasSGID
	}
	if is(b, at, "fsgid=") {
		c.FSGID, at = decimal32(b, at+6)
		c.Has |= HasFSGID
	}
	return at
}

func (c *Call) readTexts(b []byte, at int) int {
	if is(b, at, "tty=") {
		c.TTY, at = text(b, at+4)
		c.Has |= HasTTY
	}
	if is(b, at, "ses=") {
		c.Ses, at = decimal32(b, at+4)
		c.Has |= HasSes
	}
	if is(b, at, "comm=") {
		c.Comm, at = text(b, at+5)
		c.Has |= HasComm
	}
	if is(b, at, "exe=") {
		c.Exe, at = text(b, at+4)
		c.Has |= HasExe
	}
	if is(b, at, "subj=") {
		c.Subj, at = text(b, at+5)
		c.Has |= HasSubj
	}
	if is(b, at, "key=") {
		c.Key, at = text(b, at+4)
		c.Has |= HasKey
	}
	return at
}
