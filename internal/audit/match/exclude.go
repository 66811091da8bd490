package match

import (
	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// The lists user and exclude are asked by kernel/auditfilter.c: audit_filter, with a record type and the process that is running. It
// knows few fields, and one that it does not know ends the whole list with the record written: rules behind are never asked.

// mayExclude tells whether a rule of the exclude list may keep records of a type out of the log.
func (m *Matcher) mayExclude(recordType uint32) bool {
	for i := range m.before[rule.ListExclude] {
		may := true
		for _, t := range m.before[rule.ListExclude][i].ordered {
			may = may && (t.field != fieldMsgType || compare(recordType, t.op, t.value))
		}
		if may {
			return true
		}
	}
	return false
}

// written tells whether a record of a type, made for the process of the event, passes the exclude list.
func (j *Judge) written(recordType uint32) Answer {
	return j.filter(rule.ListExclude, recordType)
}

// filter is audit_filter. What the log does not say leaves the answer Unknown where it matters.
func (j *Judge) filter(list rule.List, recordType uint32) Answer {
	write, drop := false, false // what may happen, by the rules so far of which nobody knows whether they match
	forms := j.m.before[list]
	for i := range forms {
		f := &forms[i]
		if f.bounded && !j.loadedThen(&j.m.rules[f.rule]) {
			continue
		}
		says := j.passes(f, recordType)
		if says.matches == no {
			continue
		}
		drops := !says.ends && (list == rule.ListExclude || f.never)
		write, drop = write || !drops, drop || drops
		if says.matches == yes {
			return answerOf(write, drop)
		}
	}
	return answerOf(true, drop)
}

func answerOf(write, drop bool) Answer {
	switch {
	case write && drop:
		return Unknown
	case write:
		return Yes
	}
	return None
}

// passed is what one rule says: whether it matches, or, where ends is set, comes to a field that ends the list.
type passed struct {
	matches ternary
	ends    bool
}

func (j *Judge) passes(f *form, recordType uint32) passed {
	p := passed{matches: no}
	for i := range f.ordered {
		is, known := j.passesField(&f.ordered[i], recordType)
		if !known {
			return passed{matches: max(p.matches, yes), ends: true}
		}
		if is == no {
			return passed{matches: no}
		}
		p.matches = max(p.matches, is) // yes, or maybe as soon as one field is
	}
	return p
}

// passesField is one field of audit_filter; known is false for a field that it does not know.
func (j *Judge) passesField(t *test, recordType uint32) (is ternary, known bool) {
	c := j.call
	switch t.field {
	case fieldPID:
		return ternaryHas(c, event.HasPID, compare(c.PID, t.op, t.value)), true
	case fieldUID, fieldGID, fieldAUID: // supplementary groups do not count here
		value, has := id(c, t.field)
		return j.passesID(t, value, has), true
	case fieldAUIDSet:
		return ternaryHas(c, event.HasAUID, compare(uint32(boolInt(c.AUID != unset)), t.op, t.value)), true
	case fieldMsgType:
		return ternaryOf(compare(recordType, t.op, t.value)), true
	case fieldSubjUser, fieldSubjRole, fieldSubjType, fieldSubjSen, fieldSubjClr:
		return t.label.holds(labelText(c.Subj)), true
	case fieldExe:
		return j.passesExe(t), true
	}
	return no, false
}

func (j *Judge) passesID(t *test, value uint32, has event.Has) ternary {
	want := t.value
	if t.name >= 0 {
		n := j.m.names[t.name]
		number, ok := j.places.userID(n.name, n.group)
		if !ok {
			return maybe
		}
		want = number
	}
	return ternaryHas(j.call, has, compareID(value, t.op, want))
}

func (j *Judge) passesExe(t *test) ternary {
	if j.call.Has&event.HasExe == 0 {
		return maybe
	}
	r := j.places.exe(t.exe)
	if r.open {
		return maybe
	}
	return ternaryOf(r.value != (t.op == opNotEqual))
}

// ternaryHas is b where the record has the field that it was made of.
func ternaryHas(c *event.Call, has event.Has, b bool) ternary {
	if c.Has&has == 0 {
		return maybe
	}
	return ternaryOf(b)
}
