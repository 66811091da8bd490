package analyze

// Schema names the version of the profile's form; a reader refuses any other.
const Schema = "auditprof/profile/1"

// Profile is what a log holds: counts of events, records and bytes by whatever made them. It is a plain value, which JSON can write and read
// back, and the same for the same events however they were read. Bytes are those of the lines in the file, newlines included; in a slot of
// bench, all but those of Origins are as the rule set itself would have had them written.
//
// In every table the rows and Other add up to Total, but for Types and Keys in the number of events: one event has several record types, and
// may have several keys. A row is exact where its table's Cut is 0; else it may be short by what Other holds.
type Profile struct {
	Schema  string   `json:"schema"`
	Shared  bool     `json:"shared"` // without sessions, numbers and names of users, and lines of the log: see Share
	Window  Window   `json:"window"`
	Log     LogFacts `json:"log"`
	Total   Count    `json:"total"`
	Origins Books    `json:"origins"`

	// Rules are all rules of the set, also those that recorded nothing. Rules of Cells, Bursts and so on are indexes into it, NoRule for none.
	Rules    []RuleCount `json:"rules"`
	RulesCut uint64      `json:"rules_cut"` // rules without a row: those that recorded nothing go first, the others are in the row (other)

	Types    Table `json:"types"`
	Keys     Table `json:"keys"`     // "" for events without a key
	Exes     Table `json:"exes"`     // "" where the log does not say
	Syscalls Table `json:"syscalls"` // "" for events without one
	Sessions Table `json:"sessions"` // "" where the log does not say, "unset" for processes of no session
	Users    Users `json:"users"`

	Paths     Paths     `json:"paths"`
	StartedBy StartedBy `json:"started_by"`
	Cells     []Cell    `json:"cells"` // heaviest first; they add up to Total

	Rate       Rate         `json:"rate"`
	Series     Series       `json:"series"`
	RuleSeries []RuleSeries `json:"rule_series"` // of the heaviest rules

	Unknown     Unknown   `json:"unknown"`
	Assumptions []Tallied `json:"assumptions"` // what decisions take for granted, and for how many events
	Conflicts   Conflicts `json:"conflicts"`
	Unexplained []string  `json:"unexplained"` // the first few events of the origin unexplained, as text
}

// LogFacts is what was read.
type LogFacts struct {
	Bytes      uint64    `json:"bytes"`   // of all lines, also of those that are no record
	Partial    uint64    `json:"partial"` // events that lack a record
	Missing    uint64    `json:"missing"` // serials that never came
	Duplicates uint64    `json:"duplicates"`
	Late       uint64    `json:"late"`
	Skipped    []Skipped `json:"skipped"` // lines that are no record, by reason
}

// Skipped counts lines of one kind that are no audit record.
type Skipped struct {
	Reason string `json:"reason"`
	Lines  uint64 `json:"lines"`
	Bytes  uint64 `json:"bytes"`
	Input  string `json:"input,omitempty"` // where the first of them is
	Line   int64  `json:"line"`            // its number, from 1
}

// RuleID names a rule: the same rule of another host has the same.
type RuleID struct {
	File string `json:"file"` // base name of the file, "loaded" for what a kernel listed
	Line int    `json:"line"` // from 1
	Text string `json:"text"`
}

// RuleCount is what one rule recorded.
type RuleCount struct {
	RuleID
	Count
	Maybe uint64 `json:"maybe"` // undecided events that it may have recorded
}

// Table is one dimension of the profile.
type Table struct {
	Rows  []Named `json:"rows"`  // heaviest first, equals by name
	Other Count   `json:"other"` // what has no row
	Cut   uint64  `json:"cut"`   // how often a row was given up for want of room
}

// Named is one row of a table.
type Named struct {
	Name string `json:"name"`
	Count
}

// Users is the volume by user: the login uid and the uid of each process.
type Users struct {
	Rows  []UserCount `json:"rows"`
	Other Count       `json:"other"`
	Cut   uint64      `json:"cut"`
}

// User is a login uid and a uid: a number, "unset", or "" where the log does not say. In a shared profile a number is one of the words root
// (0), system (1 to 999, and from 60000 on) and login.
type User struct {
	AUID string `json:"auid"`
	UID  string `json:"uid"`
}

// UserCount is a user's volume, with the names that an ENRICHED log gives.
type UserCount struct {
	User
	AUIDName string `json:"auid_name,omitempty"`
	UIDName  string `json:"uid_name,omitempty"`
	Count
}

// Cell is one combination of what made a record. Its Events are the events with such a record.
type Cell struct {
	Origin  Origin `json:"origin"`
	Rule    int    `json:"rule"`
	Type    string `json:"type"`
	Exe     string `json:"exe"` // Other where it had no room
	Syscall string `json:"syscall"`
	User
	Count
}

// Other is the name of what had no row of its own, in a Cell.
const Other = "(other)"

// Unknown is what is undecided, and why.
type Unknown struct {
	Reasons []Tallied    `json:"reasons"` // an event counts at each of its reasons
	Sets    []Candidates `json:"sets"`    // by the rules that may have recorded it; heaviest first
	Other   Count        `json:"other"`   // of sets without a row
}

// Candidates are rules of which one recorded each of these events.
type Candidates struct {
	Rules []int `json:"rules"` // NoRule for "none of them"
	Count
}

// Tallied counts events under a word.
type Tallied struct {
	Name   string `json:"name"`
	Events uint64 `json:"events"`
}

// Conflicts are events whose key contradicts the rule set: the log was written under other rules.
type Conflicts struct {
	Events   uint64    `json:"events"`
	FirstSec int64     `json:"first_sec"` // seconds since 1970 of the first in the order of the log; 0 without any
	LastSec  int64     `json:"last_sec"`
	Input    string    `json:"input,omitempty"` // where the first is
	Line     int64     `json:"line"`
	Keys     []Tallied `json:"keys"` // the keys, as logged
	KeysCut  uint64    `json:"keys_cut"`
}

// Books are all origins with what they made, in their order. They add up to the log's bytes but for lines that are no record.
type Books []OriginCount

// OriginCount is what came from one origin.
type OriginCount struct {
	Origin Origin `json:"origin"`
	Count
}

// Of is the volume of an origin.
func (b Books) Of(o Origin) Count {
	for _, row := range b {
		if row.Origin == o {
			return row.Count
		}
	}
	return Count{}
}
