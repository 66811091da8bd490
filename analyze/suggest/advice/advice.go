package advice

import (
	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/analyze/suggest"
)

// Schema names the version of the form.
const Schema = "auditprof/suggestion/1"

// Advice is all that suggest-exclusions has to say of a log and its rules. Bytes are those of the lines in the log, newlines included.
type Advice struct {
	Schema string         `json:"schema"`
	Logs   string         `json:"logs"`  // what was read, in a word
	Rules  string         `json:"rules"` // the names of the rule set
	Target string         `json:"target"`
	Window analyze.Window `json:"window"`
	Split  Split          `json:"split"`
	Fit    Fit            `json:"fit"`

	Before Parts `json:"before"` // all of the log
	Saved  Parts `json:"saved"`  // by all proposals together, as the replay counts it
	// Removable is what all changes together would remove that may be proposed at this --max-risk, as the search counts it.
	Removable Parts `json:"removable"`
	// DayBytes is the mean of one host and day before, over the hosts of which at least 24 hours are there; 0 where there is none.
	DayBytes float64  `json:"day_bytes"`
	DayHosts int      `json:"day_hosts"`
	Doubts   []string `json:"doubts"` // why confidence is low; empty where it is not

	Nothing   string     `json:"nothing,omitempty"` // why nothing is proposed
	Proposals []Proposal `json:"proposals"`
	Refused   []Refused  `json:"refused"`
	Guarded   Guarded    `json:"guarded"`
	Proof     Proof      `json:"proof"`

	Wrote   []string `json:"wrote"` // files
	Remarks []string `json:"remarks"`
}

// Parts is a volume in the part of the log that was learnt from, and in the rest.
type Parts struct {
	Learnt suggest.Volume `json:"learnt"`
	Tested suggest.Volume `json:"tested"`
}

// PartsOf gives parts their form.
func PartsOf(p suggest.Parts) Parts { return Parts(p) }

// All is both parts together.
func (p Parts) All() suggest.Volume {
	v := p.Learnt
	v.Add(p.Tested)
	return v
}

// Split is what was not learnt from: the last third of the time of each host, and some hosts as a whole.
type Split struct {
	Hosts   int      `json:"hosts"`
	HeldOut []string `json:"held_out"`
}

// Fit is how well log and rules belong together.
type Fit struct {
	Undecided   analyze.Count `json:"undecided"`   // recorded by a rule, and the log does not say which
	Unexplained analyze.Count `json:"unexplained"` // that no rule of the set can have recorded
	Conflicts   uint64        `json:"conflicts"`   // events whose key is that of no rule, or of another
}

// Rule is a rule of the set that was read, by its place.
type Rule struct {
	Index int    `json:"index"` // in the order of loading, from 0
	File  string `json:"file"`  // base name
	Line  int    `json:"line"`
	Text  string `json:"text"`
}

// RuleLoss is what a proposal takes from a rule that it is not meant for. Index -1 is no single rule.
type RuleLoss struct {
	Rule
	suggest.Volume
}

// Proposal is a change that is worth making and may be made.
type Proposal struct {
	ID     string   `json:"id"`
	Kind   string   `json:"kind"`
	Lines  []string `json:"lines"`  // as auditctl takes them
	Before string   `json:"before"` // file:line that they go above; of a narrower rule the line that they replace
	Quiets []Rule   `json:"quiets"`

	Saved     Parts          `json:"saved"`     // as the replay counts it
	Predicted Parts          `json:"predicted"` // as the search did
	Unknown   suggest.Volume `json:"unknown"`   // events that it takes or does not: the log leaves it open, and they are not counted as saved
	Share     float64        `json:"share"`     // of all bytes, 0 to 1
	DayBytes  float64        `json:"day_bytes"` // saved of one host and day; 0 where no host has 24 hours
	Hosts     int            `json:"hosts"`

	Risk    string    `json:"risk"`
	Reasons []string  `json:"reasons"`
	Assumes []string  `json:"assumes"`
	BlindTo string    `json:"blind_to"`
	Seen    []string  `json:"still_seen"`
	Hide    string    `json:"to_hide_here"`
	Costs   []Blinded `json:"costs"` // detections that lose something, none of those that must not

	Collateral []RuleLoss `json:"collateral"`
	Shadows    []Rule     `json:"shadows"` // mandated lines among those it quiets
	Behaviours uint64     `json:"behaviours"`
	AtLeast    bool       `json:"behaviours_at_least"`
	Rarest     []Lost     `json:"rarest"`
	NewTested  uint64     `json:"new_in_tested"`
	Caveats    []string   `json:"caveats"`
	Price      Price      `json:"price"`
}

// Lost is one behaviour that is given up.
type Lost struct {
	Exe    string `json:"exe"`
	Path   string `json:"path"`
	UID    uint32 `json:"uid"`
	Events uint64 `json:"events"`
}

// Blinded is a detection that loses something.
type Blinded struct {
	Name string `json:"name"`
	Why  string `json:"why"`
	// Loose is set where only a file could be lost whose name is one of the detection's, wherever it lies, and that need not be there.
	Loose bool `json:"loose"`
}

// Price is what a proposal costs those calls that it is not for, estimated from reference measurements.
type Price struct {
	Rules        int     `json:"rules"`
	Fields       float64 `json:"fields"`
	NsPerSyscall float64 `json:"ns_per_syscall"`
	NsOther      float64 `json:"ns_other"`
}

// Refused is what would have saved something and is not proposed.
type Refused struct {
	Kind  string         `json:"kind"`
	Lines []string       `json:"lines"`
	Saves suggest.Volume `json:"saves"` // in the part learnt from
	Risk  string         `json:"risk"`  // --max-risk from which it would be proposed; forbidden: never
	Why   string         `json:"why"`
}

// Guarded is what must still be seen, and how the proposals leave it.
type Guarded struct {
	Builtin   Watch     `json:"builtin"`
	Sigma     Watch     `json:"sigma"`
	Keeps     Watch     `json:"keeps"`
	KeepLogs  Watch     `json:"keep_events"` // events of --keep, foretold under both rule sets
	Mandated  Watch     `json:"mandated"`
	LosesSome []Blinded `json:"loses"` // Sigma rules that lose something
}

// Watch is a list of things that must still be seen.
type Watch struct {
	Total   int `json:"total"`
	Lost    int `json:"lost"`
	Loose   int `json:"loose"`   // that lose something only if a file of a name of theirs lies where a proposal does not look
	Unclear int `json:"unclear"` // Sigma rules that are not understood in full; events of --keep that the old rules did not record; mandated lines that are not in the set
}

// Proof is what the replay has found.
type Proof struct {
	Events  uint64         `json:"events"` // replayed
	Passes  int            `json:"passes"`
	Unknown suggest.Volume `json:"unknown"`
	Unnamed suggest.Volume `json:"unnamed"` // gone though no proposal names it, after the proposals at fault were dropped: must be 0
	Dropped []Dropped      `json:"dropped"`
}

// Dropped is a proposal that the replay did not bear out.
type Dropped struct {
	Lines []string `json:"lines"`
	Why   string   `json:"why"`
}
