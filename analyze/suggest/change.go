package suggest

import (
	"strings"
)

// Kind is what a change does to a rule set.
type Kind uint8

// The kinds of changes. All but Narrow add a never rule.
const (
	Exit       Kind = iota // never,exit: events of syscall rules
	Exclude                // never,exclude: records of one type
	User                   // never,user: messages of programs, of one type
	Filesystem             // never,filesystem: names on one file system
	Narrow                 // the noisy rule itself in a narrower form
)

func (k Kind) String() string {
	return [...]string{"exit", "exclude", "user", "filesystem", "narrower"}[k]
}

// Calls are the syscalls of one architecture that an exclusion is for.
type Calls struct {
	Arch  string   // b64 or b32, as -F arch= has it
	Names []string // as -S has them, in the order of their numbers; a number where not every auditctl has a name
}

// Cond is one condition of an exclusion: -F Field Op Value. Values are as the kernel compares them: paths whole, users and groups as numbers,
// auid 4294967295 as unset.
type Cond struct {
	Field, Op, Value string
}

func (c Cond) String() string { return c.Field + c.Op + c.Value }

// Change is one change of a rule set.
type Change struct {
	Kind    Kind
	Calls   []Calls // Exit: one rule for each architecture; never empty there
	MsgType string  // Exclude and User: the record type, as -F msgtype= has it
	Conds   []Cond  // all must hold; in the order in which they are written
	// Quiets are the rules whose noise it is for, as indexes into the rule set: it goes above the first of them. For Narrow the one rule
	// that is rewritten. Empty for Exclude, User and Filesystem.
	Quiets []int
	Text   []string // Narrow: the lines that take the rule's place
}

// Cond returns the value of the condition on a field with =, "" where there is none.
func (c *Change) Cond(field string) string {
	for _, x := range c.Conds {
		if x.Field == field && x.Op == "=" {
			return x.Value
		}
	}
	return ""
}

// Lines are the rules as auditctl takes them, one for each architecture. They carry no key: a never rule is never logged, and on the lists user
// and exclude a key ends the whole list (kernel/auditfilter.c: audit_filter).
func (c *Change) Lines() []string {
	switch c.Kind {
	case Narrow:
		return c.Text
	case Exit:
		lines := make([]string, 0, len(c.Calls))
		for _, calls := range c.Calls {
			lines = append(lines, "-a never,exit -F arch="+calls.Arch+" -S "+strings.Join(calls.Names, ",")+fields(c.Conds))
		}
		return lines
	case Filesystem:
		return []string{"-a never,filesystem" + fields(c.Conds)}
	}
	return []string{"-a never," + c.Kind.String() + " -F msgtype=" + c.MsgType + fields(c.Conds)}
}

func fields(conds []Cond) string {
	var b strings.Builder
	for _, c := range conds {
		b.WriteString(" -F ")
		b.WriteString(escaper.Replace(c.String()))
	}
	return b.String()
}

// escaper writes a space in a value as auditctl -R reads it (src/auditctl.c: fileopt). Values with control bytes are refused before.
var escaper = strings.NewReplacer(`\`, `\\`, ` `, `\ `)
