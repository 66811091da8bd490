package match

import (
	"slices"

	"github.com/auditprof/auditprof/internal/audit/rule"
)

// form is one form of a rule, ready to be asked.
type form struct {
	rule  int32 // index into Matcher.rules: its priority, the lower the higher
	nr    int32 // index into Rule.Forms
	forms int32 // how many forms the rule has
	list  rule.List
	never bool
	key   string
	mask  *[64]uint32

	// A rule is a conjunction without side effects, so the order of its fields is free (kernel/auditsc.c: audit_filter_rules): archs are
	// answered by the index, plain ones by the numbers of the record, sure ones by all of its records; asked are those that may stay open.
	archs       []test
	plain       []plainTest
	sure, asked []test
	named       []test // of a rule with a watch: the fields that look at the one name that is asked about
	ordered     []test // of the lists user, exclude and filesystem: the fields in their order, key= among them
	// watch is set for rules of the inode hash: path= and inode=. They are asked once for every name (audit_filter_inodes).
	watch *watchRef
	// kind is set for a -w that may watch a file or a directory; dir says which this form takes it for.
	kind *formRef
	dir  bool

	bounded bool // the rule was loaded in a part of the log only
}

// test is one field of a form.
type test struct {
	field uint32
	op    uint32
	value uint32
	text  string
	id    int32 // the same for the same field, operator and value in all rules
	name  int32 // index into Matcher.names of the user or group that value stands for, else -1
	dir   *dirRef
	exe   *exeRef
	label *label // of subj_* and obj_*
}

// hasBit tells whether the mask of a rule has the bit of a system call or an operation (kernel/auditsc.c: audit_in_mask).
func (f *form) hasBit(nr uint32) bool {
	word := nr / 32
	return word < uint32(len(f.mask)) && f.mask[word]&(1<<(nr%32)) != 0
}

// question is what makes two fields the same.
type question struct {
	field, op, value uint32
	text             string
	name             int32
}

// compiler makes forms of rules.
type compiler struct {
	m         *Matcher
	questions map[question]int32
	names     map[nameID]int32
}

// add compiles form n of rule i into its list.
func (c *compiler) add(i, n int) error {
	r := &c.m.rules[i]
	w := &r.Forms[n]
	f := form{rule: int32(i), nr: int32(n), forms: int32(len(r.Forms)), list: w.List, never: w.Action == rule.ActionNever, key: w.Key(), mask: &w.Mask}
	f.bounded = !r.From.IsZero() || !r.Until.IsZero()
	fields := c.fields
	if w.List == rule.ListUser || w.List == rule.ListExclude || w.List == rule.ListFilesystem {
		fields = c.ordered
	}
	if err := fields(&f, r, w); err != nil {
		return err
	}
	c.kind(&f, r)
	if f.watch != nil && slices.ContainsFunc(f.asked, func(t test) bool { return t.field == fieldExe }) {
		f.watch.exe = true
	}
	switch w.List {
	case rule.ListExit, rule.ListIOUring:
		c.m.forms = append(c.m.forms, f)
		c.m.keys[f.key] = true
		if !f.never {
			c.m.always[f.key] = true
		}
	case rule.ListTask:
		c.m.keys[f.key] = true
		c.m.tasks = append(c.m.tasks, f)
		c.m.taskRules = c.m.taskRules || !f.never && f.onTasks()
	default:
		c.m.before[w.List] = append(c.m.before[w.List], f)
	}
	return nil
}

// kind finds the forms of a rule that differ in whether they watch a directory.
func (c *compiler) kind(f *form, r *Rule) {
	dir, path := "", ""
	for i := range r.Forms {
		for _, field := range r.Forms[i].Fields {
			switch field.Type {
			case fieldDir:
				dir = field.Str
			case fieldWatch:
				path = field.Str
			}
		}
	}
	if dir != "" && path != "" {
		f.kind = c.m.paths.form(path)
		f.dir = f.watch == nil
	}
}
