package replay

import (
	"fmt"
	"slices"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// NoRule is the rule of what none recorded or takes, or nobody knows which.
const NoRule = -1

// Options are what a replay is about.
type Options struct {
	Base, New *match.Matcher
	// Wrote: the log was written under the base rules, so what is in it was recorded by them, though the log alone would leave that open.
	Wrote bool
	// Stays is told of every event that the base rules record, and whether the new ones leave all of it; nil: nobody asks. Rows are valid during
	// the call only.
	Stays func(row *analyze.Row, stays bool)
	// Would is told of every event that the new rules surely record, and by which rule; nil: nobody asks.
	Would func(row *analyze.Row, by int)
}

// Loss is what the new rules do not record of what the base rules did.
type Loss struct {
	Rule int    // of the base, that recorded it; NoRule for a message, or where the log does not say
	By   int    // of the new rules, that takes it; NoRule: no rule takes it, one is gone or narrower
	Exe  string // as the log has it, decoded: hostile
	Type string // of the record that goes, where the event stays; "" where the event goes
	Sure bool
	analyze.Count
	Input string // where the first of them is
	Line  int64
}

// Side is what one rule set records of the log.
type Side struct {
	Sure  analyze.Count
	Maybe analyze.Count // that the log leaves open
	Rules []RuleSide    // by rule
}

// RuleSide is that of one rule: Sure are the events that it surely records. Of the new set Maybe holds too what this rule or another records.
type RuleSide struct {
	Sure, Maybe analyze.Count
}

// Result is what a replay has found.
type Result struct {
	Events    uint64 // of the log
	Base, New Side
	Losses    []Loss // the heaviest first, what is sure before what is not
	Cut       uint64 // events lost that had no row
}

// sameText tells which rules of one set are in another: by what the kernel holds, the key aside. The keys of a rule do not decide.
func sameRules(of, in []match.Rule) []int {
	index := map[string]int{}
	for i := range in {
		if id := identity(&in[i]); id != "" {
			if _, had := index[id]; !had {
				index[id] = i
			}
		}
	}
	out := make([]int, len(of))
	for i := range of {
		out[i] = NoRule
		if at, ok := index[identity(&of[i])]; ok {
			out[i] = at
		}
	}
	return out
}

// identity is a rule as the kernel holds it without its key, and with the names whose numbers are not known.
func identity(r *match.Rule) string {
	id := ""
	for _, w := range r.Forms {
		w.Fields = slices.Clone(w.Fields)
		for _, u := range r.Unknown {
			w.Fields[u.Field].Value = 0 // a placeholder, another in each set
		}
		id += string(withoutKey(w).Encode()) + "\x00"
	}
	for _, u := range r.Unknown {
		id += fmt.Sprintf("%d %q %v\x00", u.Field, u.Name, u.Group)
	}
	return id
}

// Same tells whether two sets are the same rules in the same order, their keys aside. What one set knows of names (a user's number, whether a watch is on a
// folder) and the other does not is no difference.
func Same(a, b []match.Rule) bool {
	return slices.EqualFunc(a, b, func(x, y match.Rule) bool {
		return slices.ContainsFunc(x.Forms, func(f rule.Wire) bool {
			return slices.ContainsFunc(y.Forms, func(g rule.Wire) bool { return bare(f, &x, &y) == bare(g, &x, &y) })
		})
	})
}

// bare is a form without its key and without the numbers that one of two rules does not know.
func bare(w rule.Wire, rules ...*match.Rule) string {
	w.Fields = slices.Clone(w.Fields)
	for _, r := range rules {
		for _, u := range r.Unknown {
			if u.Field < len(w.Fields) {
				w.Fields[u.Field].Value = 0
			}
		}
	}
	return string(withoutKey(w).Encode())
}

func withoutKey(w rule.Wire) rule.Wire {
	w.Fields = slices.DeleteFunc(slices.Clone(w.Fields), func(f rule.WireField) bool { return f.Type == rule.FieldFilterKey })
	return w
}

// onFilters tells whether a rule is asked for single records: of the lists user, exclude and filesystem.
func onFilters(r *match.Rule) bool {
	l := r.Forms[0].List
	return l == rule.ListUser || l == rule.ListExclude || l == rule.ListFilesystem
}

// Outside are the rules of which a log that was written under others cannot tell what they record: always rules that record more than those did,
// by index; and, in gone, never rules of those others that rules has not: what they hid is not in the log.
func Outside(rules, wrote []match.Rule) (more, gone []int) {
	for i := range rules {
		if r := &rules[i]; r.Forms[0].Action == rule.ActionAlways && !onFilters(r) && !slices.ContainsFunc(wrote, func(w match.Rule) bool { return covers(&w, r) }) {
			more = append(more, i)
		}
	}
	have := sameRules(wrote, rules)
	for i := range wrote {
		if wrote[i].Forms[0].Action == rule.ActionNever && have[i] == NoRule {
			gone = append(gone, i)
		}
	}
	return more, gone
}

// Stays tells of each rule whether the other set has the same one, whatever its key.
func Stays(rules, in []match.Rule) []bool {
	out := make([]bool, len(rules))
	for i, at := range sameRules(rules, in) {
		out[i] = at != NoRule
	}
	return out
}

// covers tells whether every event of a rule is one of wide too: the same list, each of its system calls, and no condition that the rule has not.
func covers(wide, r *match.Rule) bool {
	if identity(wide) == identity(r) {
		return true
	}
	if len(wide.Unknown) > 0 || len(wide.Forms) > 1 || len(r.Forms) > 1 {
		return false
	}
	w, n := withoutKey(wide.Forms[0]), withoutKey(r.Forms[0])
	if w.List != n.List || w.Action != n.Action {
		return false
	}
	for i := range n.Mask {
		if n.Mask[i]&^w.Mask[i] != 0 {
			return false
		}
	}
	for _, f := range w.Fields {
		if !slices.Contains(n.Fields, f) {
			return false
		}
	}
	return true
}

// Calls are system calls that most programs make all the time, by name: what each passes every call pays.
func Calls() []string {
	return []string{"read", "write", "openat", "close", "newfstatat", "lseek", "mmap", "futex", "epoll_wait", "recvfrom", "sendto", "connect", "accept4",
		"clone", "execve", "exit_group", "unlink", "rename", "fchmod", "chown", "kill", "setuid"}
}

// Passed counts, for each of Calls that the machine has, the rules of the exit list that it has to pass: those whose mask has the call. Rules on a
// file or an inode lie in tables of their own and are not among them (kernel/auditfilter.c: audit_find_rule, audit_add_rule; kernel/auditsc.c:
// audit_in_mask). machine is AUDIT_ARCH_*.
func Passed(rules []match.Rule, machine uint32) map[string]int {
	out := map[string]int{}
	for _, name := range Calls() {
		nr, known := names.SyscallNumber(machine, name)
		if !known || nr < 0 {
			continue
		}
		n := 0
		for i := range rules {
			if w := &rules[i].Forms[0]; w.List == rule.ListExit && !byInode(w) && nr/32 < len(w.Mask) && w.Mask[nr/32]&(1<<(nr%32)) != 0 {
				n++
			}
		}
		out[name] = n
	}
	return out
}

// fieldInode is AUDIT_INODE (include/uapi/linux/audit.h).
const fieldInode = 102

// byInode tells whether a rule lies in the table of inodes.
func byInode(w *rule.Wire) bool {
	return slices.ContainsFunc(w.Fields, func(f rule.WireField) bool {
		return f.Op == rule.OpEqual && (f.Type == rule.FieldWatch || f.Type == fieldInode)
	})
}
