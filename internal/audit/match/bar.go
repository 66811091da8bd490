package match

import "github.com/auditprof/auditprof/internal/audit/event"

// The record says which key the rule that recorded the event has. A rule with another key did not record it, so an open question that only
// such a rule asks needs no world of its own: in one in which the rule would win the event would not be in the log as it is.

// isForeign tells whether the record has a key that no rule has: whatever the answers, none of them recorded the event. Under a large set that
// is not the one of the log all rules would be asked to find that out.
func (j *Judge) isForeign(c *event.Call) bool {
	j.call = c
	j.readKey()
	return c.Has&event.HasKey != 0 && !c.Kernel && !j.m.keys[string(j.key)]
}

// foreign is the decision on such an event. No fact can change it.
func (j *Judge) foreign() Decision {
	return Decision{Answer: None, Rule: -1, Conflict: !j.registers()}
}

// asks says which rule is being asked, nil for none.
func (j *Judge) asks(f *form) { j.asked, j.worlds.barred = f, false }

// bars tells whether the rule that is being asked can neither have recorded the event nor have given it its key: a rule without a key takes
// over that of a rule that matched before (kernel/auditsc.c: audit_filter_rules). A never rule is asked, since what keeps it from winning may
// keep others from it too.
func (j *Judge) bars() bool {
	f := j.asked
	if f == nil || f.never || j.foretelling || j.call.Has&event.HasKey == 0 {
		return false
	}
	return f.key != "" && f.key != string(j.key)
}

// collect adds all rules that may have recorded the event to what was found, where there were too many worlds to walk them all.
func (j *Judge) collect() {
	j.worlds.begin(0)
	bars := j.worlds.bars
	j.worlds.bars = func() bool { return true }
	defer func() { j.worlds.bars = bars }()
	for _, e := range j.slot.exit {
		f := &j.m.forms[e.form]
		if !j.passesPlain(&e, j.is, j.unsure) || j.excluded(f) {
			continue
		}
		j.asks(f)
		if j.holdsAll(f.sure, anyName) && j.holdsAll(f.asked, anyName) && j.formed(f) || j.worlds.barred {
			j.note(j.win(outcome{noForm, noForm}, e.form))
		}
	}
	for _, e := range j.slot.inode {
		f := &j.m.forms[e.form]
		if !j.passesPlain(&e, j.is, j.unsure) || j.excluded(f) {
			continue
		}
		for i := range j.names() {
			j.asks(f)
			if j.at(i, f.watch) && j.holdsAll(f.named, i) && j.holdsAll(f.asked, i) && j.formed(f) || j.worlds.barred {
				j.note(j.win(outcome{noForm, noForm}, e.form))
			}
		}
	}
	j.asks(nil)
	j.worlds.full = true
}

// excluded tells whether the log rules a rule out as the one that recorded the event.
func (j *Judge) excluded(f *form) bool {
	j.asks(f)
	defer j.asks(nil)
	return f.never || j.bars()
}
