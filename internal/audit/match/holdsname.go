package match

import "github.com/auditprof/auditprof/internal/audit/event"

// anyName is a field that is true where any name has it, or the one name that is asked about.
func (j *Judge) anyName(t *test, name int) bool {
	if name >= 0 && name < len(j.call.Names) && t.field != fieldFileType {
		n := j.seen(name)
		return n != nil && j.oneName(t, n)
	}
	if name == anyName || t.field == fieldFileType { // filetype which looks at all names in any case (audit_match_filetype)
		for i := range j.call.Names {
			if n := j.seen(i); n != nil && j.oneName(t, n) {
				return j.negated(t, true)
			}
		}
	}
	if j.missing && j.slot.queue {
		return j.negated(t, j.queueRoot(t))
	}
	return j.negated(t, j.missing && j.unsaid(t, WhyNoPath))
}

// negated is what a != makes of filetype, the only field here that the kernel turns round after it has looked at all names.
func (j *Judge) negated(t *test, found bool) bool {
	return found != (t.field == fieldFileType && t.op == opNotEqual)
}

// oneName is a field of one name. A name that was looked up in vain has zeros, and no inode.
func (j *Judge) oneName(t *test, n *event.Name) bool {
	switch t.field {
	case fieldDevMajor:
		return compare(n.DevMajor, t.op, t.value) || compare(n.RdevMajor, t.op, t.value)
	case fieldDevMinor:
		return compare(n.DevMinor, t.op, t.value) || compare(n.RdevMinor, t.op, t.value)
	case fieldInode:
		inode := unset
		if n.HasInode {
			inode = uint32(n.Inode)
		}
		return compare(inode, t.op, t.value)
	case fieldObjUID:
		return j.compareID(t, n.OUID)
	case fieldObjGID:
		return j.compareID(t, n.OGID)
	case fieldFileType:
		return n.HasInode && n.Mode&modeType == t.value
	}
	return false
}
