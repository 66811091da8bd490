//go:build linux && amd64

package matchtest

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/names"
)

// operations are the events of a log by the operation of the script that they are of: each is executed once at most. Events that do not
// tell (what an executed program did, calls with four numbers) are left out.
func (l *Log) operations() (map[int]*event.Event, error) {
	events, err := readEvents(l.Text)
	if err != nil {
		return nil, err
	}
	of := map[int]*event.Event{}
	var c event.Call
	for _, ev := range events {
		if !c.Read(ev) {
			continue
		}
		if n := l.operation(&c); n >= 0 && !l.layout.ops[n].races {
			of[n] = ev
		}
	}
	return of, nil
}

// operation is the operation of the script that a call was, -1 where it does not tell, or where a process from before the script did it.
func (l *Log) operation(c *event.Call) int {
	if c.Uring || int(c.PID) < l.pid {
		return -1
	}
	return l.layout.operation(c.Arch == names.ArchI386, c.Syscall, c.A)
}

// sameDeed tells whether two runs of one operation did the same, as far as rules can tell: the call, its result but for descriptors,
// processes and other handles, and what its names led to. The kernel's caches may make a difference, and then no run foretells another; and a
// file that is made has the number of one of the tree that is gone in one run, in the other that of another.
func sameDeed(la *Log, a *event.Event, lb *Log, b *event.Event) bool { return la.deed(a) == lb.deed(b) }

func (l *Log) deed(ev *event.Event) string {
	var c event.Call
	if !c.Read(ev) {
		return ""
	}
	var b strings.Builder
	result := c.Exit
	if c.Success {
		result = 0
	}
	fmt.Fprint(&b, c.Arch, c.Syscall, c.Per, c.Success, result, c.AUID, c.UID, c.GID, c.EUID, c.EGID, c.SUID, c.FSUID, c.SGID, c.FSGID, string(c.Exe.Text), c.Family)
	for i := range c.Names {
		n := &c.Names[i]
		fmt.Fprint(&b, n.Item, string(n.Name.Text), n.HasName, n.HasInode, n.Mode, n.OUID, n.OGID, n.DevMajor, n.DevMinor, n.Type, l.inodeRules(n))
	}
	return b.String()
}

// inodeRules are the indexes of the rules with the inode of a name.
func (l *Log) inodeRules(n *event.Name) (of []int) {
	for i, r := range l.Rules {
		for _, f := range r.Wire.Fields {
			if f.Type == fieldInode && f.Value == uint32(n.Inode) {
				of = append(of, i)
			}
		}
	}
	return of
}

// fieldInode is AUDIT_INODE (include/uapi/linux/audit.h).
const fieldInode = 102

// errNotAlike: the kernel took another number of rules, or removed another number by itself, which it does in its own time for dir=
// (kernel/audit_tree.c: audit_schedule_prune).
var errNotAlike = errors.New("two runs of one plan are not alike: run it again")

// CaseOwnKeys is the case of a run with the rules' own keys, which the kernel then logged itself: also the key of an earlier match that a
// rule without a key leaves behind. The truth is that of keyed, a run of the same plan with unique keys, where both did the same. errNotAlike.
func (l *Log) CaseOwnKeys(keyed *Log) (*Case, error) {
	then, now := keyed.removals(), l.removals()
	if len(l.Rules) != len(keyed.Rules) || len(then) != len(now) {
		return nil, errNotAlike
	}
	ours, err := l.operations()
	if err != nil {
		return nil, err
	}
	theirs, err := keyed.operations()
	if err != nil {
		return nil, err
	}
	known := keyed.Case(OwnKeys)
	c := &Case{Log: l.Text, Truth: map[string]int{}, Removed: map[int]string{}, Kernel: known.Kernel, Rules: linesOfRules(l.Rules)}
	for i, at := range known.Removed {
		c.Removed[i] = now[slices.Index(then, at)]
	}
	for n, ev := range ours {
		if other := theirs[n]; other != nil && sameDeed(l, ev, keyed, other) {
			c.Truth[stampOf(ev)] = known.Truth[stampOf(other)]
		}
	}
	return c, nil
}

// removals are the moments at which the kernel removed rules by itself, one for each rule.
func (l *Log) removals() []string {
	var at []string
	for line := range bytes.Lines(l.Text) {
		if isRemoval(line) {
			at = append(at, stamp(line))
		}
	}
	return at
}

// isRemoval tells a record that says so (kernel/audit_watch.c: audit_watch_log_rule_change, kernel/audit_tree.c: audit_tree_log_remove_rule).
func isRemoval(line []byte) bool {
	return bytes.HasPrefix(line, []byte("type=CONFIG_CHANGE ")) && bytes.Contains(line, []byte("remove_rule"))
}

func linesOfRules(rules []Loaded) []string {
	var lines []string
	for _, r := range rules {
		lines = append(lines, r.Line)
	}
	return lines
}
