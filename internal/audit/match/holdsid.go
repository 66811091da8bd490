package match

import "github.com/auditprof/auditprof/internal/audit/event"

// id is the user or group of the record that a field is about, and whether the record has it.
func id(c *event.Call, field uint32) (uint32, event.Has) {
	switch field {
	case fieldUID:
		return c.UID, event.HasUID
	case fieldEUID:
		return c.EUID, event.HasEUID
	case fieldSUID:
		return c.SUID, event.HasSUID
	case fieldFSUID:
		return c.FSUID, event.HasFSUID
	case fieldAUID:
		return c.AUID, event.HasAUID
	case fieldGID:
		return c.GID, event.HasGID
	case fieldEGID:
		return c.EGID, event.HasEGID
	case fieldSGID:
		return c.SGID, event.HasSGID
	}
	return c.FSGID, event.HasFSGID
}

// id compares a user or group of the record.
func (j *Judge) id(t *test, value uint32, has event.Has) bool {
	if j.call.Has&has == 0 {
		return j.unsaid(t, WhyField)
	}
	return j.compareID(t, value)
}

// compareID compares a number with that of a rule, which may be known by its name only.
func (j *Judge) compareID(t *test, value uint32) bool {
	if t.name < 0 {
		return compareID(value, t.op, t.value)
	}
	n := j.m.names[t.name]
	if number, ok := j.places.userID(n.name, n.group); ok {
		return compareID(value, t.op, number)
	}
	switch t.op {
	case opBitMask, opBitTest:
		return false
	case opEqual:
		return j.isName(t.name, value)
	case opNotEqual:
		return !j.isName(t.name, value)
	}
	a := atom{kind: atomID, name: int32(t.op >> 24), of: t.name, with: value}
	return j.worlds.ask(a, reading{open: true, why: WhyID})
}

// isName tells whether a user or group without a known number has that one.
func (j *Judge) isName(name int32, value uint32) bool {
	return j.worlds.ask(atom{kind: atomID, of: name, with: value}, reading{open: true, why: WhyID})
}

// group is AUDIT_GID and AUDIT_EGID, for which the supplementary groups count too where the operator is = or != (kernel/auditsc.c:
// audit_filter_rules, kernel/groups.c: groups_search).
func (j *Judge) group(t *test) bool {
	value, has := id(j.call, t.field)
	if t.op != opEqual && t.op != opNotEqual {
		return j.id(t, value, has)
	}
	want := t.value
	if t.name >= 0 {
		n := j.m.names[t.name]
		number, ok := j.places.userID(n.name, n.group)
		if !ok {
			return j.unsaid(t, WhyID)
		}
		want = number
	}
	is := j.call.Has&has != 0 && value == want ||
		j.worlds.ask(atom{kind: atomGroup, with: want}, j.places.inGroup(want))
	return is == (t.op == opEqual)
}
