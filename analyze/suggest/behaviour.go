package suggest

// Volume is how much of a log something is.
type Volume struct {
	Events  uint64 `json:"events"`
	Records uint64 `json:"records"`
	Bytes   uint64 `json:"bytes"` // of the lines in the log, newlines included
}

// Add adds o to v.
func (v *Volume) Add(o Volume) {
	v.Events, v.Records, v.Bytes = v.Events+o.Events, v.Records+o.Records, v.Bytes+o.Bytes
}

// Outcome is whether a syscall succeeded.
type Outcome uint8

// The outcomes. NoOutcome is that of calls that never return, and of events without a call.
const (
	NoOutcome Outcome = iota
	Succeeded
	Failed
)

// Names is which names an event has, as far as an exclusion by directory must know.
type Names uint8

// The kinds of names.
const (
	NoName      Names = iota // the event names no file
	OneName                  // all names are one file, with its folder or without
	MoreNames                // two files and more: a rename, a link, a program with its interpreter. A dir= that holds one of them takes the whole event
	Unlocatable              // a name relative to a directory that the log does not name
)

// Behaviour is what many events have in common, as far as a rule can ask for it: the unit of search. All its events are equal in every field
// here, but for Dir, which may stand for all that lies below it.
type Behaviour struct {
	Rule    int    // that recorded it: index into the rule set; analyze.NoRule for messages
	MsgType string // type of the first record that is no part of a syscall, where there is one, or URINGOP; "" for plain syscalls
	Arch    uint32 // AUDIT_ARCH_*; 0 for messages
	Syscall uint32
	Exe     string // as the log has it, decoded
	UID     uint32 // 4294967295 for messages that do not say
	EUID    uint32
	AUID    uint32 // 4294967295 is unset
	Outcome Outcome
	Names   Names
	Dir     string // folder of the file that the event names, absolute, cleaned, no / at the end; "" where there is none
	File    string // the file itself, in Dir, where enough events are about this one; "" where they are about any
	Family  int32  // of the socket address, -1 where there is none (include/linux/socket.h: AF_*)
	Errno   int32  // of a call that failed, positive; 0 where it did not, or the log does not say
	Access  Access // what perm= sees in it
	Plain   bool   // of chmod and its kind: sets no setuid and no setgid bit
	Deeper  bool   // Dir stands for folders below it too, which had no room of their own
	Other   bool   // the rest of its rule that had no room of its own, or lacks fields: only Rule and MsgType say anything, and nothing can be aimed at it

	// What the log says of who may write what it names. Seen is set where it says anything.
	// FileOwner is of the files themselves, DirOwner of Dir and the folders above it (and below it, where Deeper), ExeOwner of the program and the
	// folders above it.
	ExeOwner, DirOwner, FileOwner Ownership

	Learnt Volume // in the part of the log that is learnt from
	Tested Volume // in the rest
	Thin   [len(ThinTypes)]Parts
	Hosts  int // on how many hosts, by node=
	hosts  hostSet
	Wanted bool // at least one of its events is one that must still be seen
}

// Ownership is what PATH records say of a file or folder: the worst that was seen.
type Ownership struct {
	Seen     bool
	UID      uint32 // an owner other than root, 0 where all that was seen is root's
	Mixed    bool   // two owners other than root were seen: UID is the greater one
	Writable bool   // by its group other than root's or by all
	SetID    bool   // a file with the setuid or the setgid bit
}

// Worst is what is worse of both, in each way.
func (o Ownership) Worst(p Ownership) Ownership {
	return Ownership{
		Seen:     o.Seen || p.Seen,
		UID:      max(o.UID, p.UID),
		Mixed:    o.Mixed || p.Mixed || o.UID != 0 && p.UID != 0 && o.UID != p.UID,
		Writable: o.Writable || p.Writable,
		SetID:    o.SetID || p.SetID,
	}
}

// Access is what a syscall does to a file as perm= sees it (kernel/auditsc.c: audit_match_perm), as far as a narrower -p must know.
type Access uint8

// The kinds of access.
const (
	OtherAccess Access = iota // writing, changing attributes, reading and writing; also calls that perm= does not know
	ReadAccess                // reading and nothing else
	ExecAccess
)

// ThinTypes are the record types that a rule set may go without while their events stay: what the other records say too, or nobody reads.
var ThinTypes = [2]string{"PROCTITLE", "CWD"}

// Parts is a volume in the two parts of a log. Events are those that have such a record.
type Parts struct{ Learnt, Tested Volume }
