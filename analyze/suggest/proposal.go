package suggest

// Risk is how much an exclusion may hide from an attacker's point of view.
type Risk uint8

// The grades, in order. Forbidden is above all that --max-risk can allow.
const (
	Low Risk = iota
	Medium
	High
	Forbidden
)

func (r Risk) String() string { return [...]string{"low", "medium", "high", "forbidden"}[r] }

// Grade is what a Grader says of a change.
type Grade struct {
	Risk    Risk
	Reasons []string // why it is not low, the worst first
	Assumes []string // what low rests on and nobody has looked at, with how to look
	Hide    string   // what an attacker would need to hide in it, one sentence
}

// Grader says how risky a change is, which takes these behaviours away.
type Grader interface {
	Grade(c *Change, of []*Behaviour) Grade
}

// Blinded is a detection that a change would take events from.
type Blinded struct {
	Name string // of the detection, for a report
	Why  string // what of it would be lost
	Hard bool   // it must not be: a keep, or one of the built-in list
}

// Guard says which detections a change would blind.
type Guard interface {
	Blinds(c *Change) []Blinded
}

// Proposal is a change that is worth making and may be made.
type Proposal struct {
	ID     string // P1, P2, …: heaviest first
	Change Change
	Grade  Grade
	Blinds []Blinded // soft ones only

	Learnt Volume // saved in the part learnt from, beside the proposals before it
	Tested Volume // and in the rest
	Hosts  int    // on how many hosts it saves anything

	Shadows    []int      // mandated rules among those it quiets
	Collateral []RuleLoss // events of other rules that it also removes
	Behaviours uint64     // distinct exe × directory × user that it takes away
	Rarest     []Lost     // the five rarest of them
	NewTested  uint64     // of them, first seen in the tested part
	Caveats    []string   // of kernel and auditctl versions
	Price      Price
}

// RuleLoss is what a proposal takes from one rule.
type RuleLoss struct {
	Rule int
	Volume
}

// Lost is one behaviour that is given up.
type Lost struct {
	Exe    string
	Path   string
	UID    uint32
	Events uint64
}

// Price is what a change costs those calls that it is not for: an estimate from the reference measurements.
type Price struct {
	Rules        int     // rules more that each call of its syscalls passes, for one architecture
	Fields       float64 // fields more that such a call compares
	NsPerSyscall float64 // nanoseconds per call of its syscalls
	NsOther      float64 // nanoseconds per call of all other syscalls: a rule is stepped over
}

// Refusal is a change that would have saved something and is not proposed.
type Refusal struct {
	Change Change
	Saves  Volume // in the part learnt from
	Risk   Risk   // --max-risk from which it would be proposed; Forbidden: never
	Why    string
}
