package suggest

import (
	"github.com/auditprof/auditprof/internal/audit/match"
)

// Noise is what a log holds, as far as a rule set can ask for it.
type Noise struct {
	Rules      []match.Rule
	Split      Split
	Behaviours []Behaviour // disjoint; with Undecided and Beyond they are all of the log
	Folded     uint64      // how many behaviours had no room and are in a folder above theirs, or in the Other of their rule

	Undecided []Maybe // events that the log gives to no single rule: nothing is aimed at them
	Beyond    Parts   // what no rule can keep out: auditd's own messages, and events that the rule set does not explain
	Total     Parts
	// Filesystems are the PATH records that loading modules leaves of files that the kernel itself made, where it is known on which file system
	// these were. They are among the bytes of Behaviours.
	Filesystems []Mounted
}

// Maybe is undecided events with the same rules that may have recorded them.
type Maybe struct {
	Rules []int // analyze.NoRule for none of them; nil for the rest that had no room
	Parts
}

// Mounted is PATH records of one file system.
type Mounted struct {
	Type string // as -F fstype= has it: tracefs or debugfs
	Parts
}
