package event

import "github.com/auditprof/auditprof/internal/audit/record"

// Has says which fields a record had, in a form that is sound and within range. What is not there is zero in the Call.
type Has uint32

// The fields of the SYSCALL or URINGOP record (kernel/auditsc.c:audit_log_exit, audit_log_uring, kernel/audit.c:audit_log_task_info),
// then those of records that are told by one field.
const (
	HasArch Has = 1 << iota
	HasSyscall
	HasPer // written only where it is not 0
	HasSuccess
	HasExit
	HasA0
	HasA1
	HasA2
	HasA3
	HasItems
	HasPPID
	HasPID
	HasAUID
	HasUID
	HasGID
	HasEUID
	HasSUID
	HasFSUID
	HasEGID
	HasSGID
	HasFSGID
	HasTTY
	HasSes
	HasComm
	HasExe
	HasSubj // written where a security module has one
	HasKey  // also for key=(null)
	HasCwd  // cwd= of a CWD record
	HasIPC  // ouid= and ogid= of an IPC record
)

// Call is a system call, or an io_uring operation, in numbers. A Call is meant to be used again: Read fills it anew and allocates only
// where an event has more names than any before. Its byte slices point into the records of its event and are valid as long as that is.
type Call struct {
	Event *Event
	Uring bool // read from a URINGOP record: Syscall is the operation, Arch is 0
	Has   Has

	Arch, Syscall, Per uint32 // Syscall of a number that does not exist, -1, is 1<<32-1
	Success            bool
	Exit               int64
	A                  [4]uint64
	Items              int // names that the kernel collected, hidden ones included; 0 to 1<<31-1

	PPID, PID                      uint32
	AUID                           uint32 // 1<<32-1: no login
	UID, GID, EUID, SUID, FSUID    uint32
	EGID, SGID, FSGID              uint32
	Ses                            uint32 // 1<<32-1: no session
	TTY, Comm, Exe, Subj, Key, Cwd record.Value

	Names []Name // of the PATH records, by item

	Family         int32  // address family of the first SOCKADDR record, -1 where there is none; little-endian where there is no arch=
	Openat2Flags   int64  // oflag= of the OPENAT2 record without its topmost bit, -1 where there is none
	IPCUID, IPCGID uint32 // owner of the IPC record's object
	IPCObj         record.Value
	Kernel         bool // a record that the kernel makes by itself is in the event too, so the call's may be there without any rule

	// WhoSum and CwdSum stand for the text of the main record from auid= to its end and for that of the CWD record: two calls with the same
	// number, which is never 0, have the same text there. They are 0 where the call was read without a Memo, or the text is not as the kernel
	// writes it. What they are lasts for one run of the program.
	WhoSum, CwdSum uint64

	saddr []byte // the first four digits of the first SOCKADDR record
	memo  *Memo
}

// Read makes c the call of ev: of its first SYSCALL record, else of its first URINGOP record. It reports false where there is neither.
// Of a line that is cut (Event.Partial with Missing "newline") the last field may be, too.
func (c *Call) Read(ev *Event) bool { return c.read(ev, nil) }

func (c *Call) read(ev *Event, memo *Memo) bool {
	names := c.Names[:0]
	*c = Call{}
	c.Event, c.Names, c.Family, c.Openat2Flags, c.memo = ev, names, -1, -1, memo
	var sys, uring *record.Record
	for n := range ev.Records {
		rec := &ev.Records[n]
		switch kindOf(rec.Type) {
		case syscall:
			if sys == nil {
				sys = rec
			}
		case uringop:
			if uring == nil {
				uring = rec
			}
		case path:
			c.readPath(rec)
		case cwd:
			c.readCwd(rec)
		case sockaddr:
			c.readSockaddr(rec)
		case openat2:
			c.readOpenat2(rec)
		case ipc:
			c.readIPC(rec)
		case other:
			c.Kernel = c.Kernel || kernelMade(rec.Type)
		}
	}
	switch {
	case sys != nil:
		c.readMain(sys)
	case uring != nil:
		c.Uring = true
		c.readMain(uring)
	default:
		return false
	}
	if c.saddr != nil {
		c.Family = family(c.saddr, c.Has&HasArch != 0 && c.Arch&littleEndian == 0)
	}
	c.sortNames()
	return true
}
