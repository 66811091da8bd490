package match

import (
	"slices"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// readKey decodes the key of the record.
func (j *Judge) readKey() {
	j.key = j.key[:0]
	if j.call.Has&event.HasKey != 0 && !j.call.Key.Null() {
		j.key, _ = j.call.Key.AppendUntrusted(j.key)
	}
}

// explains tells whether an outcome is that of the event that is in the log.
func (j *Judge) explains(o outcome) bool { return j.excludes(o) == 0 }

// excludes says why an outcome cannot be that of the event in the log, 0 where it can.
func (j *Judge) excludes(o outcome) Assumption {
	if o.form == noForm && !j.call.Kernel || o.form >= 0 && j.m.forms[o.form].never {
		return AssumeRecorded
	}
	if j.call.Has&event.HasKey == 0 {
		return 0 // a line that was cut
	}
	if j.keyOf(o.key) != string(j.key) && j.keyOf(o.form) != string(j.key) {
		return AssumeKey
	}
	return 0
}

// keyOf is the key of a form, "" of none. The kernel writes that of outcome.key. In a log whose rules had one more key each, which was taken
// out of it again, it is that of outcome.form: so either explains an event.
func (j *Judge) keyOf(form int32) string {
	if form < 0 {
		return ""
	}
	return j.m.forms[form].key
}

// taskForm is the outcome of rule n of the task list: the number that stands for it in outcome.form.
func taskForm(n int) int32 { return noForm - 1 - int32(n) }

// ruleOf is the index of the rule that wins, -1 for none.
func (j *Judge) ruleOf(o outcome) int {
	switch {
	case o.form >= 0:
		return int(j.m.forms[o.form].rule)
	case o.form == noForm:
		return -1
	}
	return int(j.m.tasks[noForm-1-o.form].rule)
}

// addTasks adds the rules of the task list that may have recorded the event. What they asked of a process when it was made, no later
// record tells, and no rule of another list can take it back (kernel/auditsc.c: audit_alloc).
func (j *Judge) addTasks() {
	for n := range j.m.tasks {
		f := &j.m.tasks[n]
		if !f.never && f.key == string(j.key) && f.onTasks() {
			j.worlds.why |= WhyTask
			j.note(outcome{form: taskForm(n), key: noForm})
		}
	}
}

// onTasks tells whether a rule of the task list can match at all: there is no system call when it is asked.
func (f *form) onTasks() bool {
	for i := range f.plain {
		switch f.plain[i].left {
		case regPPID, regExit, regResult, regA0, regA0 + 1, regA0 + 2, regA3:
			return false
		}
	}
	for _, tests := range [...][]test{f.archs, f.sure, f.asked} {
		for i := range tests {
			switch t := &tests[i]; t.field {
			case fieldPPID, fieldArch, fieldExit, fieldSuccess, fieldDevMajor, fieldDevMinor, fieldInode, fieldObjUID, fieldObjGID,
				fieldDir, fieldPerm, fieldFileType, fieldSocketFam, fieldArg0, fieldArg0 + 1, fieldArg0 + 2, fieldArg3, fieldMsgType:
				return false
			case fieldExe:
				if t.op == opEqual {
					return false
				}
			}
		}
	}
	return f.watch == nil
}

// formed tells whether the rule has this of its forms, and was loaded when the event happened.
func (j *Judge) formed(f *form) bool {
	if f.bounded && !j.loadedThen(&j.m.rules[f.rule]) {
		return false
	}
	if f.forms == 1 {
		return true
	}
	if f.kind != nil {
		return j.kindForm(f)
	}
	return j.oneOf(f)
}

// loadedThen tells whether a rule that came or went within the log was there at the time of the event.
func (j *Judge) loadedThen(r *Rule) bool {
	ev := j.call.Event
	return r.loadedAt(Moment{Sec: ev.Sec, Milli: ev.Milli, Serial: ev.Serial})
}

// kindForm asks whether a -w watches a directory, and then which of the forms that take it for that it is.
func (j *Judge) kindForm(f *form) bool {
	r := j.places.isDir(f.kind)
	if j.worlds.ask(atom{kind: atomDir, of: int32(f.kind.id)}, r) != f.dir {
		return false
	}
	if f.forms == 2 {
		return true
	}
	return j.oneOf(f)
}

// oneOf asks for each form before this one of the same kind whether it is that; what is left is the last.
func (j *Judge) oneOf(f *form) bool {
	r := &j.m.rules[f.rule]
	last := f.nr
	for n := f.nr + 1; n < f.forms; n++ {
		if watches(&r.Forms[n]) == watches(&r.Forms[f.nr]) || f.kind == nil {
			last = n
		}
	}
	for n := range f.nr {
		if f.kind != nil && watches(&r.Forms[n]) != watches(&r.Forms[f.nr]) {
			continue
		}
		if j.isForm(f.rule, n) {
			return false
		}
	}
	return last == f.nr || j.isForm(f.rule, f.nr)
}

// isForm asks whether a rule has form n; the earlier it stands, the likelier.
func (j *Judge) isForm(rule, n int32) bool {
	return j.worlds.ask(atom{kind: atomForm, of: rule, with: uint32(n)}, reading{value: true, open: true, why: WhyForm})
}

// watches tells whether a form is a rule of the inode hash.
func watches(w *rule.Wire) bool {
	return slices.ContainsFunc(w.Fields, func(f rule.WireField) bool { return f.Type == fieldWatch })
}

// candidates are the rules of j.found in the order of the rules.
func (j *Judge) candidates() []int {
	j.rules = j.rules[:0]
	for _, o := range j.found {
		j.rules = append(j.rules, j.ruleOf(o))
	}
	slices.Sort(j.rules)
	return slices.Compact(j.rules)
}
