package gate

import (
	"fmt"
	"time"
)

// Severity says what a limit that is not kept does to the verdict.
type Severity string

// The severities.
const (
	SeverityError Severity = "error" // it fails
	SeverityWarn  Severity = "warn"  // it is told, and fails nothing
	SeverityOff   Severity = "off"   // of what is still seen only: nobody asks
)

// Place is where something is written in a file. Line and Col count from 1; Line 0 is the file as a whole.
type Place struct {
	File      string
	Line, Col int
}

// String is file:line:col.
func (p Place) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Col == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

// Limit is one limit of a budget.
type Limit struct {
	Expression
	Severity Severity
	// Rule names the rule that it is of: its file:line, its text, key=NAME, or any for each rule by itself. "" is all together.
	Rule  string
	Place Place
}

// Section is the limits of one workload; the name * is every workload.
type Section struct {
	Name   string
	Limits []Limit
	Place  Place
}

// AllScenarios is the name of the section that is of every workload.
const AllScenarios = "*"

// AnyRule is the rule of a limit that is of each rule by itself.
const AnyRule = "any"

// Accepted is a blindness that somebody answers for, until a day.
type Accepted struct {
	// What names it: the text of the rule that takes the events, or of the one that no longer records them; canary NAME; detection NAME;
	// keep FILE:LINE.
	What string
	// Exe and Type narrow it, where they are not empty: to a program's events, to records of one type.
	Exe, Type     string
	Reason, Owner string
	Expires       time.Time // the last day on which it holds, UTC
	Place         Place
}

// Expired tells whether the day is over.
func (a *Accepted) Expired(today time.Time) bool {
	return !today.UTC().Before(a.Expires.AddDate(0, 0, 1))
}

// Budget is what must hold.
type Budget struct {
	File      string
	Scenarios []Section
	Log       []Limit // of the recorded logs, replayed under the changed rules
	Rules     []Limit // of the rule set itself
	Seen      Severity
	Unseen    []Accepted
}

// Sections of a budget, as --only names them.
const (
	SectionScenarios = "scenarios"
	SectionLog       = "log"
	SectionRules     = "rules"
)

// Sections are all of them.
func Sections() []string { return []string{SectionScenarios, SectionLog, SectionRules} }
