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
func (c *Call) readOrdered(body []byte) bool {
	o := ordered{b: body}
	if c.Uring {
		if o.is("uring_op=") {
			c.Syscall, c.Has = o.uint32(), c.Has|HasSyscall
		}
	} else {
		c.readNumber(&o)
	}
	if o.is("success=") {
		c.readSuccess(&o)
	}
	if o.is("exit=") {
		c.Exit, c.Has = o.int64(), c.Has|HasExit
	}
	if !c.Uring {
		c.readArguments(&o)
	}
	if o.is("items=") {
		n := o.uint32()
		o.odd = o.odd || n > math.MaxInt32
		c.Items, c.Has = int(n), c.Has|HasItems
	}
	c.readIDs(&o)
	c.readTexts(&o)
	return o.done()
}

func (c *Call) readNumber(o *ordered) {
	if o.is("arch=") {
		c.Arch, c.Has = o.hex32(), c.Has|HasArch
	}
	if o.is("syscall=") {
		c.Syscall, c.Has = o.uint32(), c.Has|HasSyscall
	}
	if o.is("per=") {
		c.Per, c.Has = o.hex32(), c.Has|HasPer
	}
}

func (c *Call) readSuccess(o *ordered) {
	switch {
	case o.is("yes "):
		c.Success = true
	case o.is("no "):
	default:
		o.odd = true
	}
	c.Has |= HasSuccess
}

func (c *Call) readArguments(o *ordered) {
	if o.is("a0=") {
		c.A[0], c.Has = o.hex(), c.Has|HasA0
	}
	if o.is("a1=") {
		c.A[1], c.Has = o.hex(), c.Has|HasA1
	}
	if o.is("a2=") {
		c.A[2], c.Has = o.hex(), c.Has|HasA2
	}
	if o.is("a3=") {
		c.A[3], c.Has = o.hex(), c.Has|HasA3
	}
}

func (c *Call) readIDs(o *ordered) {
	if o.is("ppid=") {
		c.PPID, c.Has = o.uint32(), c.Has|HasPPID
	}
	if o.is("pid=") {
		c.PID, c.Has = o.uint32(), c.Has|HasPID
	}
	if o.is("auid=") {
		c.AUID, c.Has = o.uint32(), c.Has|HasAUID
	}
	if o.is("uid=") {
		c.UID, c.Has = o.uint32(), c.Has|HasUID
	}
	if o.is("gid=") {
		c.GID, c.Has = o.uint32(), c.Has|HasGID
	}
	if o.is("euid=") {
		c.EUID, c.Has = o.uint32(), c.Has|HasEUID
	}
	if o.is("suid=") {
		c.SUID, c.Has = o.uint32(), c.Has|HasSUID
	}
	if o.is("fsuid=") {
		c.FSUID, c.Has = o.uint32(), c.Has|HasFSUID
	}
	if o.is("egid=") {
		c.EGID, c.Has = o.uint32(), c.Has|HasEGID
	}
	if o.is("sgid=") {
		c.SGID, c.Has = o.uint32(), c.Has|HasSGID
	}
	if o.is("fsgid=") {
		c.FSGID, c.Has = o.uint32(), c.Has|HasFSGID
	}
}

func (c *Call) readTexts(o *ordered) {
	if o.is("tty=") {
		c.TTY, c.Has = o.value(), c.Has|HasTTY
	}
	if o.is("ses=") {
		c.Ses, c.Has = o.uint32(), c.Has|HasSes
	}
	if o.is("comm=") {
		c.Comm, c.Has = o.value(), c.Has|HasComm
	}
	if o.is("exe=") {
		c.Exe, c.Has = o.value(), c.Has|HasExe
	}
	if o.is("subj=") {
		c.Subj, c.Has = o.value(), c.Has|HasSubj
	}
	if o.is("key=") {
		c.Key, c.Has = o.value(), c.Has|HasKey
	}
}
