package match

import "github.com/auditprof/auditprof/internal/audit/rule"

// Rule is one rule as the kernel of a host may hold it. Rules are given in the kernel's priority order: list by list, within a list the
// rule that is asked first comes first (kernel/auditfilter.c: audit_add_rule).
type Rule struct {
	Pos  rule.Pos // where the text says it; the zero Pos for a rule that a kernel listed
	Text string   // the line, or the listing as auditctl would take it
	// Forms are what the kernel may hold, the likeliest first, never none. There is more than one where the text alone does not say:
	// -w watches a path or a directory by what is there when it is loaded, and in the text of auditctl -l a -w may be a never rule.
	Forms []rule.Wire
	// Unknown are the fields whose value stands for a user or a group that nobody has given a number.
	Unknown []UnknownID
	// From and Until bound the part of a log in which the rule was loaded: from the event of From on, up to before that of Until.
	// Zero is no bound. Again are later parts in which it was loaded once more.
	From, Until Moment
	Again       []Span
}

// Span is a part of a log: from the event of From on, up to before that of Until. Zero is no bound.
type Span struct{ From, Until Moment }

// loadedAt tells whether the rule was loaded at a moment.
func (r *Rule) loadedAt(m Moment) bool {
	if (Span{r.From, r.Until}).has(m) {
		return true
	}
	for _, s := range r.Again {
		if s.has(m) {
			return true
		}
	}
	return false
}

func (s Span) has(m Moment) bool {
	return (s.From.IsZero() || !m.Before(s.From)) && (s.Until.IsZero() || m.Before(s.Until))
}

// UnknownID is a field that names a user or a group whose number is not known: the same field in each form of the rule. Its value
// in the Wire is a placeholder, the same for the same name in all rules.
type UnknownID struct {
	Field int // index into the Fields of each form
	Name  string
	Group bool
}

// Moment is a place in a log: an event's time and serial. The zero Moment is none.
type Moment struct {
	Sec    int64
	Milli  int
	Serial uint64
}

// IsZero tells whether it is no moment at all.
func (m Moment) IsZero() bool { return m == Moment{} }

// sameBootSec is how far apart two moments may be for their serials to tell which was first.
const sameBootSec = 3600

// Before tells whether m is earlier than o in the log of one host. A system call is timed when it begins and decided when it ends
// (kernel/auditsc.c: __audit_syscall_entry, __audit_syscall_exit), while serials are given when it is decided: where both moments can
// be of one boot the serials tell, else the times.
func (m Moment) Before(o Moment) bool {
	if d := m.Sec - o.Sec; d > sameBootSec || d < -sameBootSec {
		return d < 0
	}
	return m.Serial < o.Serial
}
