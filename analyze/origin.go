package analyze

import (
	"fmt"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/record"
)

// Origin is where an event comes from. Each is recognised by what the event says, none is what remains.
type Origin uint8

// The origins. Unexplained is an error of the analysis, or of a rule set that is not the one of the log: to be shown.
const (
	Unexplained    Origin = iota
	Rules                 // recorded by a rule, in a slot of bench for the workload
	OtherProcesses        // in a slot of bench: recorded by a rule, for anybody else
	Harness               // in a slot of bench: made by auditprof itself
	Auditd                // made by auditd: DAEMON_*
	UserMessages          // sent by programs: USER_*, CRED_*, …
	KernelMade            // made by the kernel without a rule: AVC, LOGIN, CONFIG_CHANGE, …
	SlotEdge              // in a slot of bench: begun before the first mark or after the last, parts of events that belong to no slot
	Undecided             // recorded by a rule, and the log does not say which
	ByKey                 // recorded by a rule of which only the key is known: there is no rule set
	originCount
)

var originNames = [originCount]string{"unexplained", "rules", "other processes", "harness", "auditd", "user messages", "kernel", "edge of the slot",
	"undecided", "by key"}

// String is the origin in the words of a report.
func (o Origin) String() string {
	if o >= originCount {
		return fmt.Sprintf("origin %d", uint8(o))
	}
	return originNames[o]
}

// MarshalText writes the origin as String does.
func (o Origin) MarshalText() ([]byte, error) {
	if o >= originCount {
		return nil, fmt.Errorf("%s does not exist: give one of 0 to %d", o, originCount-1)
	}
	return []byte(originNames[o]), nil
}

// UnmarshalText reads what MarshalText writes.
func (o *Origin) UnmarshalText(text []byte) error {
	for i, name := range originNames {
		if name == string(text) {
			*o = Origin(i)
			return nil
		}
	}
	return fmt.Errorf("%.40q is no origin: it was written by another version of auditprof", text)
}

// SlotOrigins are those of a slot of bench, all but Unexplained.
func SlotOrigins() []Origin {
	return []Origin{Rules, OtherProcesses, Harness, Auditd, UserMessages, KernelMade, SlotEdge}
}

// Decision says where an event comes from, and for Rules which rule it was, as an index into the rule set.
type Decision struct {
	Origin Origin
	Rule   int
}

// NoRule is the rule of events that no rule recorded, or nobody knows which.
const NoRule = -1

// Decider answers for one event.
type Decider interface {
	Decide(*event.Event) Decision
	// Bytes is the length of a record's line, newline included, as the rule set itself would have it written.
	Bytes(*record.Record) int64
}
