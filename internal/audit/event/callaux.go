package event

import (
	"math"

	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/record"
)

// littleEndian is the bit of an arch whose numbers in memory begin with the lowest byte (include/uapi/linux/audit.h: __AUDIT_ARCH_LE).
const littleEndian = 0x40000000

func (c *Call) readCwd(rec *record.Record) {
	if c.Has&HasCwd != 0 {
		return
	}
	if b := rec.Body; is(b, 0, "cwd=") {
		v, at := text(b, len("cwd="))
		if at == len(b) {
			c.Cwd, c.Has = v, c.Has|HasCwd
			c.CwdSum = c.memo.sum(b)
			return
		}
	}
	c.Cwd = c.text(HasCwd, rec, "cwd")
}

// readSockaddr keeps the first two bytes of an address until the arch, and so their order, is known. kernel/auditsc.c:audit_log_exit
// writes a context's sockaddr in hex as it lies in memory.
func (c *Call) readSockaddr(rec *record.Record) {
	if c.saddr != nil {
		return
	}
	v, ok := rec.Value("saddr")
	if ok && len(v.Text) >= 4 {
		c.saddr = v.Text[:4]
	}
}

// family is the address family of a saddr's first four digits, of either case, -1 where they are none.
func family(digits []byte, bigEndian bool) int32 {
	n := int32(0)
	for _, d := range digits {
		v := hexValue(d)
		if v < 0 {
			return -1
		}
		n = n<<4 | v
	}
	if bigEndian {
		return n
	}
	return n>>8 | n&0xff<<8
}

func hexValue(d byte) int32 {
	switch {
	case d >= '0' && d <= '9':
		return int32(d - '0')
	case d >= 'A' && d <= 'F':
		return int32(d-'A') + 10
	case d >= 'a' && d <= 'f':
		return int32(d-'a') + 10
	}
	return -1
}

func (c *Call) readOpenat2(rec *record.Record) {
	if n, ok := rec.Oct("oflag"); ok && c.Openat2Flags < 0 {
		c.Openat2Flags = int64(n & math.MaxInt64)
	}
}

// readIPC reads kernel/auditsc.c:show_special, AUDIT_IPC.
func (c *Call) readIPC(rec *record.Record) {
	if c.Has&HasIPC != 0 {
		return
	}
	uid, ok := rec.Uint("ouid")
	gid, ok2 := rec.Uint("ogid")
	if !ok || !ok2 || uid > math.MaxUint32 || gid > math.MaxUint32 {
		return
	}
	c.IPCUID, c.IPCGID, c.Has = uint32(uid), uint32(gid), c.Has|HasIPC
	c.IPCObj, _ = rec.Value("obj")
}

// kernelMade reports whether the kernel makes a record of that type by itself, whatever the rules, and then adds the records of the
// system call it was made in: AVC, LOGIN, CONFIG_CHANGE, SECCOMP and others, but not those of programs and of auditd. A type that
// nobody knows is taken for one (include/uapi/linux/audit.h has the ranges).
func kernelMade(recordType []byte) bool {
	nr, ok := names.RecordTypeNumber(string(recordType))
	switch {
	case !ok:
		return true
	case nr < 1300:
		return nr == 1006 // LOGIN; the others are messages of programs and of auditd
	case nr >= 2100 && nr <= 2999:
		return false
	}
	return !names.PartOfCall(uint32(nr))
}
