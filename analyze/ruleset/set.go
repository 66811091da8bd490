package ruleset

import (
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Set is the rules that a kernel may hold, and what is to be said of how they were read.
type Set struct {
	Rules   []match.Rule // as loaded, list by list in the kernel's priority order; see match.Rule
	Refused []Remark     // lines that are not loaded, and why
	Remarks []Remark     // what a reader of the result should know, once each
	Live    bool         // the rules are those of a live kernel
	// Others are the same lines with the files of a rules.d in other orders in which hosts load them. Rules has them as augenrules
	// does. ApplyConfigChanges leaves those that the log does not rule out: then an event that another rule wins there is not decided.
	Others []*Set

	attempts []attempt // the lines of rule text that add a rule, in their order
	loaded   bool      // the log holds a load of this set in this order
}

// Remark is something about a line, or about the whole where Pos is zero.
type Remark struct {
	Pos  rule.Pos
	Text string
}

// String is file:line:col: text, or the text alone.
func (r Remark) String() string {
	if r.Pos == (rule.Pos{}) {
		return r.Text
	}
	return r.Pos.String() + ": " + r.Text
}

// Options say how text becomes rules.
type Options struct {
	// Target is the host that wrote the log. What it does not say is filled in: see Target.Complete.
	Target Target
	// Strict is auditctl -R without -c: behind the first line that fails nothing is loaded. A -c or -i in the text ends that.
	Strict bool
	// User and Group are what is known of that host's users and groups besides root; nil for nothing.
	User, Group func(name string) (uint32, bool)
	// IsDir is what is known of that host's paths; nil for nothing.
	IsDir func(path string) (dir, known bool)
}

// remark adds a remark that is not there yet.
func (s *Set) remark(pos rule.Pos, text string) {
	r := Remark{pos, text}
	for _, have := range s.Remarks {
		if have == r {
			return
		}
	}
	if len(s.Remarks) < maxRemarks {
		s.Remarks = append(s.Remarks, r)
	}
}

// maxRemarks bounds what is kept of each kind.
const maxRemarks = rule.MaxErrors

func (s *Set) refuse(pos rule.Pos, text string) {
	if len(s.Refused) < maxRemarks {
		s.Refused = append(s.Refused, Remark{pos, text})
	}
}
