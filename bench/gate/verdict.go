package gate

import (
	"encoding/json"
	"io"
	"strings"
)

// VerdictSchema names the version of a Verdict's JSON (docs/verdict.schema.json).
const VerdictSchema = "auditprof/verdict/1"

// Status is how one check ended, or all together.
type Status string

// The statuses. Warn is a check of severity warn that is not kept, or that cannot be told.
const (
	Pass         Status = "pass"
	Fail         Status = "fail"
	Inconclusive Status = "inconclusive"
	Warn         Status = "warn"
)

// Check is one limit on one subject, and how it ended. Numbers are in base units and absent where there is none.
type Check struct {
	Subject   string   `json:"subject"`             // the workload; "log", "rules" or "seen"
	Metric    string   `json:"metric"`              // as a budget would name it
	Rule      string   `json:"rule,omitempty"`      // file:line of the rule that it is of
	RuleText  string   `json:"rule_text,omitempty"` // the rule itself
	Limit     string   `json:"limit"`               // as written; the words of a built-in one
	Place     string   `json:"place,omitempty"`     // file:line:col in the budget, absent for a built-in one
	Severity  Severity `json:"severity"`
	Status    Status   `json:"status"`
	Dimension string   `json:"unit"` // ns, bytes, ratio or count
	Value     *float64 `json:"value,omitempty"`
	Low       *float64 `json:"low,omitempty"`
	High      *float64 `json:"high,omitempty"` // absent beside Low: it may be anything above
	Bound     *float64 `json:"bound,omitempty"`
	Baseline  *float64 `json:"baseline,omitempty"` // what a relative limit is of
	Exact     bool     `json:"exact"`              // judged on the number itself: it has no interval
	Reason    string   `json:"reason,omitempty"`
	Cure      string   `json:"cure,omitempty"`
}

// cannotTell begins the reason of a warning that is no broken limit.
const cannotTell = "cannot tell: "

// CannotTell tells whether nobody knows if the limit is kept, be it of severity warn.
func (c *Check) CannotTell() bool {
	return c.Status == Inconclusive || c.Status == Warn && strings.HasPrefix(c.Reason, cannotTell)
}

// Problem is something about a line of a rule file.
type Problem struct {
	ID    string `json:"id"` // "not-loaded", "unseen", "disables-audit", "volume"
	File  string `json:"file"`
	Line  int    `json:"line"` // from 1; 0 is the file as a whole
	Col   int    `json:"col"`  // from 1, in bytes; 0 is not known
	Level string `json:"level"`
	Text  string `json:"text"`
}

// Proposal is an exclusion that would take what made a check fail. It is not proven: suggest-exclusions does that.
type Proposal struct {
	Lines  []string `json:"lines"`
	Before string   `json:"before"` // file:line that they go above, or in place of
	Saves  float64  `json:"saves"`  // share of the bytes, 0 to 1
	Blind  string   `json:"blind_to"`
	Risk   string   `json:"risk"`
}

// Verdict is the answer of the gate.
type Verdict struct {
	Schema  string `json:"schema"`
	Outcome Status `json:"outcome"` // pass, fail or inconclusive
	// LetThrough: inconclusive, and --on-inconclusive says that this stops nobody.
	LetThrough bool       `json:"let_through"`
	Budget     string     `json:"budget"`
	Of         string     `json:"of"`       // what was judged, in a word
	Against    string     `json:"against"`  // what it was compared with, "" for nothing
	Sections   []string   `json:"sections"` // of the budget that were judged
	Checks     []Check    `json:"checks"`
	Losses     []Loss     `json:"losses"`
	Problems   []Problem  `json:"problems"`
	Proposals  []Proposal `json:"proposals"`
	Outside    []string   `json:"outside"` // rules of which the log cannot tell what they record, as file:line text
	Remarks    []string   `json:"remarks"`
}

// Write writes the verdict as JSON.
func (v *Verdict) Write(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", " ")
	return e.Encode(v)
}

// Count is the number of checks with a status.
func (v *Verdict) Count(s Status) (n int) {
	for i := range v.Checks {
		if v.Checks[i].Status == s {
			n++
		}
	}
	return n
}
