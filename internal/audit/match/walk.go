package match

import (
	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Walk follows the kernel through the rules of a set, step by step, where a Judge only says where it arrives: which rules have the system
// call in their mask, and how many fields of each are asked before one is false (kernel/auditsc.c: __audit_filter_op, audit_filter_rules).
// What a record leaves open has its likelier answer. A Walk is for one goroutine.
type Walk struct {
	j     *Judge
	rules []walkRule
	exit  []int   // rules of the exit list, in order
	inode [][]int // rules of the inode hash by bucket, in order of loading
}

// walkRule is a rule with its fields as they were loaded, which is the order in which the kernel asks.
type walkRule struct {
	form   *form
	fields []test
}

// InodeBuckets is the size of the kernel's hash of path= and inode= rules (kernel/audit.h: AUDIT_INODE_BUCKETS).
const InodeBuckets = 32

// Step is one rule that the kernel comes to.
type Step struct {
	Rule    int // index into the rules
	Name    int // of the call's names that is asked about, -1 on the exit list
	Hit     bool
	Asked   int  // fields asked, the false one among them; 0 without Hit, and where a rule of higher priority has decided already
	Matches bool // all fields were true: this list, or this name, is done
}

// Walk makes a walk through the first form of each rule. bucket says in which bucket of the hash a rule with path= lies, by the inode of its
// file on the host; 31 is that of a file which is not there. Rules of other lists than exit are never come to.
func (m *Matcher) Walk(bucket func(rule int) int) *Walk {
	w := &Walk{j: m.Judge(nil), rules: make([]walkRule, len(m.rules)), inode: make([][]int, InodeBuckets)}
	c := compiler{m: m, questions: map[question]int32{}, names: map[nameID]int32{}}
	for i, id := range m.names {
		c.names[id] = int32(i) // none is new
	}
	for i := range m.forms {
		f := &m.forms[i]
		if f.list != rule.ListExit || f.nr != 0 {
			continue
		}
		w.rules[f.rule] = walkRule{form: f, fields: c.walked(&m.rules[f.rule])}
		if f.watch == nil {
			w.exit = append(w.exit, int(f.rule))
			continue
		}
		b := bucket(int(f.rule)) & (InodeBuckets - 1)
		w.inode[b] = append(w.inode[b], int(f.rule))
	}
	return w
}

// walked are the fields of a rule's first form in their order. New has compiled them before without an error.
func (c *compiler) walked(r *Rule) []test {
	var fields []test
	for n, field := range r.Forms[0].Fields {
		if t, err := c.test(n, field, r); err == nil {
			fields = append(fields, t)
		}
	}
	return fields
}

// Of goes through the rules for one system call and hands each rule that the kernel comes to to see, in its order. Operations of io_uring
// are not followed.
func (w *Walk) Of(c *event.Call, see func(Step)) {
	if c.Uring {
		return
	}
	w.j.start(c)
	w.j.worlds.begin(0)
	limit := len(w.rules)
	if won := w.list(w.exit, anyName, limit, see); won >= 0 {
		limit = won
	}
	for i := range c.Names {
		ino := uint64(InodeBuckets - 1) // a name without an inode has the number that is all ones
		if c.Names[i].HasInode {
			ino = c.Names[i].Inode
		}
		if w.list(w.inode[ino%InodeBuckets], i, limit, see) >= 0 {
			return // the first name that any rule matches decides
		}
	}
}

// list is __audit_filter_op: the rules of one list until one matches, which it returns, else -1.
func (w *Walk) list(rules []int, name, limit int, see func(Step)) int {
	for _, i := range rules {
		s := Step{Rule: i, Name: name, Hit: w.rules[i].form.hasBit(w.j.call.Syscall)}
		if s.Hit && i < limit {
			s.Asked, s.Matches = w.ask(&w.rules[i], name)
		}
		see(s)
		if s.Matches {
			return i
		}
	}
	return -1
}

// ask is audit_filter_rules: the fields in their order until one is false.
func (w *Walk) ask(r *walkRule, name int) (asked int, matches bool) {
	j := w.j
	j.asks(r.form)
	defer j.asks(nil)
	for i := range r.fields {
		t := &r.fields[i]
		is := false
		switch {
		case t.field == rule.FieldFilterKey:
			is = true
		case t.field == fieldArch:
			is = compare(j.call.Arch, t.op, t.value)
		case t.field == fieldWatch, t.field == fieldInode && t.op == opEqual:
			is = name >= 0 && j.at(name, r.form.watch)
		default:
			is = j.holds(t, name)
		}
		if !is {
			return i + 1, false
		}
	}
	return len(r.fields), true
}
