package match

import "github.com/auditprof/auditprof/internal/audit/event"

// pairFields are the two fields of -C by its number (include/uapi/linux/audit.h: AUDIT_COMPARE_*).
var pairFields = [...][2]uint32{
	1: {fieldUID, fieldObjUID}, {fieldGID, fieldObjGID}, {fieldEUID, fieldObjUID}, {fieldEGID, fieldObjGID}, {fieldAUID, fieldObjUID},
	{fieldSUID, fieldObjUID}, {fieldSGID, fieldObjGID}, {fieldFSUID, fieldObjUID}, {fieldFSGID, fieldObjGID},
	{fieldUID, fieldAUID}, {fieldUID, fieldEUID}, {fieldUID, fieldFSUID}, {fieldUID, fieldSUID}, {fieldAUID, fieldFSUID},
	{fieldAUID, fieldSUID}, {fieldAUID, fieldEUID}, {fieldEUID, fieldSUID}, {fieldEUID, fieldFSUID}, {fieldSUID, fieldFSUID},
	{fieldGID, fieldEGID}, {fieldGID, fieldFSGID}, {fieldGID, fieldSGID}, {fieldEGID, fieldFSGID}, {fieldEGID, fieldSGID}, {fieldSGID, fieldFSGID},
}

// pair is AUDIT_FIELD_COMPARE (kernel/auditsc.c: audit_field_compare). Supplementary groups do not count; a name that was looked up in
// vain belongs to user and group 0.
func (j *Judge) pair(t *test) bool {
	if t.value == 0 || t.value >= uint32(len(pairFields)) {
		return false
	}
	fields := pairFields[t.value]
	left, has := id(j.call, fields[0])
	if j.call.Has&has == 0 {
		return j.unsaid(t, WhyField)
	}
	switch fields[1] {
	case fieldObjUID:
		return j.anyOwner(t, left, func(n *event.Name) uint32 { return n.OUID })
	case fieldObjGID:
		return j.anyOwner(t, left, func(n *event.Name) uint32 { return n.OGID })
	}
	right, has := id(j.call, fields[1])
	if j.call.Has&has == 0 {
		return j.unsaid(t, WhyField)
	}
	return compareID(left, t.op, right)
}

// anyOwner is audit_compare_uid and audit_compare_gid: true for any name, also where one name is asked about.
func (j *Judge) anyOwner(t *test, left uint32, owner func(*event.Name) uint32) bool {
	for i := range j.call.Names {
		if n := j.seen(i); n != nil && compareID(left, t.op, owner(n)) {
			return true
		}
	}
	if j.missing && j.slot.queue {
		return compareID(left, t.op, 0)
	}
	return j.missing && j.unsaid(t, WhyNoPath)
}
