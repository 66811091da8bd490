package suggest

import (
	"strconv"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// taker tells which behaviours a change of the kinds Exit, Exclude and User takes away. It is made of the change itself, so what is predicted
// and what is written cannot differ.
type taker struct {
	rules []match.Rule
	exit  bool
	first int             // Exit: index of the rule that the change goes above
	calls map[uint64]bool // Exit, by callKey
	msg   string
	conds []func(*Behaviour) bool
	dir   string
	path  string
}

func callKey(arch, syscall uint32) uint64 { return uint64(arch)<<32 | uint64(syscall) }

// newTaker reads a change. It reports false where it has a condition that behaviours do not tell.
func newTaker(c *Change, rules []match.Rule, machine uint32) (*taker, bool) {
	t := &taker{rules: rules, exit: c.Kind == Exit, msg: c.MsgType}
	if t.exit {
		if len(c.Quiets) == 0 {
			return nil, false
		}
		t.first, t.calls = c.Quiets[0], map[uint64]bool{}
		for _, r := range c.Quiets {
			t.first = min(t.first, r)
		}
		for _, calls := range c.Calls {
			if !t.addCalls(calls, machine) {
				return nil, false
			}
		}
	}
	for _, cond := range c.Conds {
		switch {
		case cond.Field == "dir" && cond.Op == "=":
			t.dir = cond.Value
			continue
		case cond.Field == "path" && cond.Op == "=":
			t.path = cond.Value
			continue
		}
		holds, ok := condition(cond)
		if !ok {
			return nil, false
		}
		t.conds = append(t.conds, holds)
	}
	return t, true
}

func (t *taker) addCalls(calls Calls, machine uint32) bool {
	arch, ok := names.ArchBits(machine, calls.Arch)
	if !ok {
		return false
	}
	for _, name := range calls.Names {
		nr, ok := names.SyscallNumber(arch, name)
		if !ok {
			n, err := strconv.ParseUint(name, 10, 16)
			if err != nil {
				return false
			}
			nr = int(n)
		}
		t.calls[callKey(arch, uint32(nr))] = true
	}
	return true
}

// condition is one condition other than dir= as a question to a behaviour.
func condition(c Cond) (holds func(*Behaviour) bool, ok bool) {
	for _, arg := range [...]int8{1, 2} {
		if c == plainMode(arg) {
			return func(b *Behaviour) bool { return b.Plain && classify(b.Arch, b.Syscall).mode == arg }, true
		}
	}
	if c.Op != "=" {
		return nil, false
	}
	if c.Field == "exe" {
		return func(b *Behaviour) bool { return b.Exe == c.Value }, true
	}
	n, err := strconv.ParseInt(c.Value, 10, 64)
	if err != nil {
		return nil, false
	}
	id := uint32(n)
	switch c.Field {
	case "uid":
		return func(b *Behaviour) bool { return b.UID == id && b.UID != noID }, true
	case "euid":
		return func(b *Behaviour) bool { return b.EUID == id && b.EUID != noID }, true
	case "auid":
		return func(b *Behaviour) bool { return b.AUID == id && b.UID != noID }, true
	case "saddr_fam":
		return func(b *Behaviour) bool { return b.Family == int32(n) }, true
	case "success":
		return func(b *Behaviour) bool { return n != 0 && b.Outcome == Succeeded || n == 0 && b.Outcome == Failed }, true
	case "exit":
		return func(b *Behaviour) bool { return b.Outcome == Failed && int64(b.Errno) == -n && n < 0 }, true
	}
	return nil, false
}

// plainMode is the condition that the permissions in an argument of chmod and its kind have no setuid and no setgid bit. The kernel compares the
// low 32 bits (kernel/auditsc.c: audit_filter_rules).
func plainMode(arg int8) Cond {
	return Cond{"a" + strconv.Itoa(int(arg)), "<", strconv.Itoa(specialMode)}
}

// takes tells whether the events of a behaviour go.
func (t *taker) takes(b *Behaviour) bool {
	if !t.reaches(b) {
		return false
	}
	found := b.Dir != "" && b.Outcome != Failed
	return (t.dir == "" || found && below(b.Dir, t.dir)) && (t.path == "" || found && b.File == t.path)
}

// mayTake tells whether some of the events may go: of a behaviour whose folder stands for what lies below it, nobody knows where they were;
// of an event with several names, one is known.
func (t *taker) mayTake(b *Behaviour) bool {
	if !t.reaches(b) {
		return false
	}
	unknown := b.Dir == "" && b.Names != NoName || b.Names == MoreNames
	return (t.dir == "" || unknown || below(b.Dir, t.dir) || b.Deeper && below(t.dir, b.Dir)) &&
		(t.path == "" || unknown || b.File == t.path || b.File == "" && (inFolder(t.path, b.Dir) || b.Deeper && below(t.path, b.Dir)))
}

// inFolder tells whether a file is in a folder, not deeper.
func inFolder(path, folder string) bool {
	return folder != "" && string(parentOf([]byte(path))) == folder
}

// reaches is all but the folder.
func (t *taker) reaches(b *Behaviour) bool {
	if b.Other || b.MsgType != t.msg && ruleName(b.MsgType) != t.msg {
		return false
	}
	if t.exit && (b.Rule < t.first || !onExitList(t.rules, b.Rule) || !t.calls[callKey(b.Arch, b.Syscall)]) {
		return false
	}
	if !t.exit && b.Rule >= 0 {
		return false // the record of the kernel goes, what a rule records beside it stays
	}
	for _, holds := range t.conds {
		if !holds(b) {
			return false
		}
	}
	return true
}

func onExitList(rules []match.Rule, r int) bool {
	return r >= 0 && r < len(rules) && len(rules[r].Forms) > 0 && rules[r].Forms[0].List == rule.ListExit
}

// key is what a change is told by: its lines, and where they go.
func (c *Change) key() string {
	var b strings.Builder
	for _, line := range c.Lines() {
		b.WriteString(line)
		b.WriteByte('\n')
	}
	if len(c.Quiets) > 0 {
		b.WriteString(strconv.Itoa(c.Quiets[0]))
	}
	return b.String()
}
