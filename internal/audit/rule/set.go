package rule

import "strings"

// Set is one or more rule files, in the order in which auditctl would read them.
type Set struct {
	Files []*File
	// Order are the lines that auditctl would execute, rules and control lines, in that order. In a rules.d directory it is not
	// the order of the files: see ParseDir.
	Order []*Line
}

// File is one rule file: its lines in order, nothing left out.
type File struct {
	Name  string
	Lines []*Line
}

// Kind is what a line is.
type Kind uint8

// The kinds of lines. A rule line may carry control options too; a bad line is one of those that the Errors name.
const (
	KindBlank Kind = iota
	KindComment
	KindRule
	KindControl
	KindBad
)

// String is the kind in a word.
func (k Kind) String() string { return [...]string{"blank", "comment", "rule", "control", "bad"}[k] }

// Line is one line of a rule file. Text is as typed; End is how it ends: "\n" or "\r\n", "" or "\r" at the end of the
// file.
// Rule is set on rule lines, Controls on control lines and on a rule line that also says -b, -e, -f, -r or --backlog_wait_time.
type Line struct {
	Pos      Pos
	Kind     Kind
	Text     string
	End      string
	Rule     *Rule
	Controls []Control
}

// String is the file exactly as it was read.
func (f *File) String() string {
	var b strings.Builder
	for _, l := range f.Lines {
		b.WriteString(l.Text)
		b.WriteString(l.End)
	}
	return b.String()
}

// Rules are all rules in the order in which auditctl would load them.
func (s *Set) Rules() []*Rule {
	var out []*Rule
	for _, l := range s.Order {
		if l.Rule != nil {
			out = append(out, l.Rule)
		}
	}
	return out
}

// Controls are all control options in the order in which auditctl would execute them.
func (s *Set) Controls() []Control {
	var out []Control
	for _, l := range s.Order {
		out = append(out, l.Controls...)
	}
	return out
}

// Join is one set of several, read one after the other.
func Join(sets ...*Set) *Set {
	out := &Set{}
	for _, s := range sets {
		out.Files = append(out.Files, s.Files...)
		out.Order = append(out.Order, s.Order...)
	}
	return out
}
