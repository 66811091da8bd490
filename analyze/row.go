package analyze

import (
	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/record"
)

// Row is one event as a Tally counts it: who made it, and what it holds. All slices point into the event's records or into the row's own
// memory, so a row is used anew for the next event and must not outlive its event. Fill sets what the event says; the decision is set by
// whoever decided.
type Row struct {
	Decision                    // where the event comes from; Rule is an index into the Tally's rules, or NoRule
	Candidates []int            // Undecided: the rules that may have recorded it, NoRule for "none of them"
	Why        match.Why        // Undecided: what the log leaves open
	Rests      match.Assumption // what the decision takes for granted
	Conflict   bool             // the logged key contradicts the rule set

	Input  string // name of the file that the log is in, as a report shows it
	Node   string // empty where the log has no node=
	Sec    int64  // seconds since 1970 on the writer's clock
	Milli  int    // 0 to 999
	Serial uint64
	Line   int64 // of the event's first record in its input, from 1
	Daemon bool  // auditd's own: its serial is none of the kernel's

	Has     Has
	Arch    uint32 // AUDIT_ARCH_*, 0 for io_uring
	Syscall uint32 // its number, or the io_uring operation's
	Uring   bool
	PID     uint32
	PPID    uint32
	UID     uint32
	AUID    uint32
	Ses     uint32
	Exe     record.Value // as written: AppendUntrusted decodes it
	Comm    record.Value
	Key     record.Value // of the rule that recorded it, several joined by 0x01

	// Path is the first file that the event names, decoded, empty where it names none. It begins with / where the log says the whole
	// name, else it is relative to a directory that the log does not name.
	Path []byte

	LogBytes uint64       // bytes of the event's lines in the file, newlines included
	Records  []RecordSize // in the order of the log
	Partial  bool         // records are missing that must have been there

	First *record.Record // the event's first record: what a report quotes
	Who   *record.Record // the record that says who made it, nil where none does: user names are looked up there (ENRICHED)
	Event *event.Event   // all of it
	Call  *event.Call    // its system call in numbers, nil where it has none

	path []byte // memory of Path
	who  uint64 // stands for Has, Arch, Syscall, Uring, UID, AUID, Ses, Exe and Key together, 0 where nothing does
}

// RecordSize is one record of an event.
type RecordSize struct {
	Type  uint16 // include/uapi/linux/audit.h; 0 for a type whose name nobody knows
	Bytes uint32 // of its line with the newline, as the rule set itself would have it written
}

// Has says which fields of a Row the event holds.
type Has uint8

// The fields that may be missing.
const (
	HasSyscall Has = 1 << iota // Arch and Syscall, or Uring and Syscall
	HasPID
	HasPPID
	HasUID
	HasAUID
	HasSes
	HasExe
	HasKey // a key that is not (null)
)
