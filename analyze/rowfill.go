package analyze

import (
	"math"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/record"
)

// Fill makes r the row of an event, all but the decision, which it clears. c is the event's call, nil where it has none; both must stay as
// long as the row is used.
func (r *Row) Fill(ev *event.Event, c *event.Call) {
	records, path, candidates := r.Records[:0], r.path[:0], r.Candidates[:0]
	*r = Row{}
	r.Decision, r.Records, r.path, r.Candidates = Decision{Unexplained, NoRule}, records, path, candidates
	r.Event, r.Call, r.Node, r.Sec, r.Milli, r.Serial = ev, c, ev.Node, ev.Sec, ev.Milli, ev.Serial
	r.LogBytes, r.Partial = uint64(max(ev.LogBytes, 0)), ev.Partial
	for i := range ev.Records {
		rec := &ev.Records[i]
		r.Records = append(r.Records, RecordSize{typeNumber(rec.Type), uint32(min(max(rec.Length, 0), math.MaxUint32))})
	}
	r.First = &ev.Records[0]
	r.Line = r.First.Line
	r.Daemon = class(r.First.Type) == daemonMade
	if c == nil {
		r.fillMessage(r.First)
		return
	}
	r.Who = ev.Syscall()
	if r.Who == nil {
		r.Who = uringOp(ev)
	}
	r.fillCall(c)
	r.setPath(c)
}

func (r *Row) fillCall(c *event.Call) {
	r.Arch, r.Syscall, r.Uring = c.Arch, c.Syscall, c.Uring
	r.PID, r.PPID, r.UID, r.AUID, r.Ses = c.PID, c.PPID, c.UID, c.AUID, c.Ses
	r.Exe, r.Comm, r.Key = c.Exe, c.Comm, c.Key
	if c.Has&event.HasPID != 0 {
		r.Has |= HasPID
	}
	if c.Has&event.HasPPID != 0 {
		r.Has |= HasPPID
	}
	if c.Has&event.HasUID != 0 {
		r.Has |= HasUID
	}
	if c.Has&event.HasAUID != 0 {
		r.Has |= HasAUID
	}
	if c.Has&event.HasSes != 0 {
		r.Has |= HasSes
	}
	if c.Has&event.HasSyscall != 0 && (c.Uring || c.Has&event.HasArch != 0) {
		r.Has |= HasSyscall
	}
	if c.Has&event.HasExe != 0 && !c.Exe.Null() {
		r.Has |= HasExe
	}
	if c.Has&event.HasKey != 0 && !c.Key.Null() {
		r.Has |= HasKey
	}
	if c.WhoSum != 0 && !c.Uring {
		r.who = fold(c.WhoSum^(uint64(c.Arch)<<32|uint64(c.Syscall))) ^ uint64(r.Has)
	}
}

// fillMessage takes who made a record without a call: a user message (kernel/audit.c:audit_log_user_recv_msg puts pid, uid, auid and ses in
// front), a LOGIN, an AVC, …
func (r *Row) fillMessage(rec *record.Record) {
	r.Who = rec
	for _, f := range [...]struct {
		name string
		has  Has
		to   *uint32
	}{{"pid", HasPID, &r.PID}, {"uid", HasUID, &r.UID}, {"auid", HasAUID, &r.AUID}, {"ses", HasSes, &r.Ses}} {
		if n, ok := rec.Uint(f.name); ok && n <= math.MaxUint32 {
			*f.to = uint32(n)
			r.Has |= f.has
		}
	}
	if v, ok := rec.Value("exe"); ok && !v.Null() && string(v.Text) != "?" {
		r.Exe = v
		r.Has |= HasExe
	}
}

// typeNumber is the number of a record type, 0 for a word that is none.
func typeNumber(recordType []byte) uint16 {
	switch string(recordType) {
	case "SYSCALL":
		return 1300
	case "PATH":
		return 1302
	case "SOCKADDR":
		return 1306
	case "CWD":
		return 1307
	case "EXECVE":
		return 1309
	case "PROCTITLE":
		return 1327
	}
	nr, ok := names.RecordTypeNumber(string(recordType))
	if !ok || nr < 0 || nr > names.MaxRecordType {
		return 0
	}
	return uint16(nr)
}
