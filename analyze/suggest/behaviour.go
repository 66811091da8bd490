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
	MsgType string // of events without a syscall, the type of their first record
	Arch    uint32 // AUDIT_ARCH_*; 0 for messages
	Syscall uint32
	Exe     string // as the log has it, decoded
	UID     uint32
	EUID    uint32
	AUID    uint32 // 4294967295 is unset
	Outcome Outcome
	Names   Names
	Dir     string // folder of the file that the event names, absolute, cleaned, no / at the end; "" where there is none
	Family  int32  // of the socket address, -1 where there is none (include/linux/socket.h: AF_*)

	// What the log says of who may write what it names. Seen is set where it says anything.
	ExeOwner, DirOwner Ownership

	Learnt Volume // in the part of the log that is learnt from
	Tested Volume // in the rest
	Hosts  int    // on how many hosts, by node=
	Wanted bool   // at least one of its events is one that must still be seen
}

// Ownership is what PATH records say of a file or folder: the worst that was seen.
type Ownership struct {
	Seen     bool
	UID      uint32 // an owner other than root, 0 where all that was seen is root's
	Writable bool   // by its group other than root's or by all
}
