package text

import (
	"io"

	"github.com/auditprof/auditprof/analyze"
)

// ProfileOptions say how to print a profile.
type ProfileOptions struct {
	// Width of the terminal in columns; below 80 it is taken as 80.
	Width int
	// Color marks findings and alarms with terminal colours.
	Color bool
	// Top is how many lines each table has; below 1 it is 1.
	Top int
	// All shows all lines of all tables, and tables that are left out otherwise.
	All bool
	// Logs and Rules are what was read, in a word each: "audit.log", "3 profiles", "rules.d". Rules is empty where there is no rule set.
	Logs, Rules string
	// Target is what wrote the log, empty where nobody knows.
	Target string
	// Remarks are what else the reader must know, a sentence each.
	Remarks []string
	// Next are the commands that the reader may want to type, most useful first.
	Next []Step
}

// Step is a command and what it is good for.
type Step struct {
	Why     string
	Command string // ready to paste
}

// WriteProfile prints what a log holds. The error is that of w.
func WriteProfile(w io.Writer, profile *analyze.Profile, options ProfileOptions) error {
	v := newProfileView(profile, options)
	p := &page{width: max(options.Width, 80)}
	v.head(p)
	v.window(p)
	v.alarms(p)
	v.verdict(p)
	v.noisiest(p)
	v.tables(p)
	v.silent(p)
	v.unknown(p)
	v.skipped(p)
	v.remarks(p)
	v.next(p)
	return p.print(w, options.Color)
}

// profileView is a profile with what several sections need of it.
type profileView struct {
	profile *analyze.Profile
	options ProfileOptions
	rules   []ruleVolume // those that recorded something, the largest first
}

// ruleVolume is a rule with its index, and what made most of it.
type ruleVolume struct {
	analyze.RuleCount
	index int
}
