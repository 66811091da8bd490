package match

import "github.com/auditprof/auditprof/internal/audit/event"

// anyName asks a field of all names of the event, as the exit list does; a number of 0 or more asks it of that name, as the inode hash does.
const anyName = -1

// holdsAll tells whether all of the fields are true.
func (j *Judge) holdsAll(tests []test, name int) bool {
	for i := range tests {
		if !j.holds(&tests[i], name) {
			return false
		}
	}
	return true
}

// holds is one field of kernel/auditsc.c: audit_filter_rules.
func (j *Judge) holds(t *test, name int) bool {
	c := j.call
	switch t.field {
	case fieldPerm:
		return j.holdsPerm(t)
	case fieldExit:
		return c.Has&event.HasExit != 0 && j.returned() && compare(uint32(c.Exit), t.op, t.value)
	case fieldSuccess:
		return c.Has&event.HasSuccess != 0 && j.returned() && j.success(t)
	case fieldPID:
		return j.number(t, c.PID, event.HasPID)
	case fieldPPID:
		return j.number(t, c.PPID, event.HasPPID)
	case fieldPers: // written where it is not 0
		return compare(c.Per, t.op, t.value)
	case fieldSession:
		return j.number(t, c.Ses, event.HasSes)
	case fieldAUIDSet:
		return j.number(t, uint32(boolInt(c.AUID != unset)), event.HasAUID)
	case fieldUID, fieldEUID, fieldSUID, fieldFSUID, fieldAUID, fieldSGID, fieldFSGID:
		value, has := id(c, t.field)
		return j.id(t, value, has)
	case fieldGID, fieldEGID:
		return j.group(t)
	case fieldArg0, fieldArg0 + 1, fieldArg0 + 2, fieldArg3:
		return j.argument(t)
	case fieldDir:
		return j.below(t.dir)
	case fieldExe:
		return j.exe(t)
	case fieldCompare:
		return j.pair(t)
	case fieldDevMajor, fieldDevMinor, fieldInode, fieldObjUID, fieldObjGID, fieldFileType:
		return j.anyName(t, name)
	case fieldSocketFam:
		return j.socket(t)
	case fieldSubjUser, fieldSubjRole, fieldSubjType, fieldSubjSen, fieldSubjClr:
		return j.subject(t)
	case fieldObjUser, fieldObjRole, fieldObjType, fieldObjLevLow, fieldObjLevHigh:
		return j.object(t, name)
	}
	return false // fields of other lists: msgtype, fstype
}

// number compares a number of the record, or leaves it open where the record does not have it.
func (j *Judge) number(t *test, value uint32, has event.Has) bool {
	if j.call.Has&has == 0 {
		return j.unsaid(t, WhyField)
	}
	return compare(value, t.op, t.value)
}

// unsaid is a field about which the records say nothing.
func (j *Judge) unsaid(t *test, why Why) bool {
	return j.worlds.ask(atom{kind: atomField, of: t.id}, reading{open: true, why: why})
}

// returned tells whether exit= and success= see the result that the record has. A call without one never returned.
func (j *Judge) returned() bool {
	if j.removal {
		return false
	}
	switch j.m.quirks.noReturn {
	case yes:
		return false
	case maybe:
		return j.worlds.ask(atom{kind: atomReturn}, reading{value: true, open: true, why: WhyKernel})
	}
	return true
}

// success is AUDIT_SUCCESS: the kind of the result compared with what the rule's value stands for.
func (j *Judge) success(t *test) bool {
	return compare(j.regs[regResult], t.op, resultOf(t.value))
}

func (j *Judge) holdsPerm(t *test) bool {
	want := uint8(t.value)
	is := j.perm&want != 0
	if open := want & j.maybe; !is && open != 0 {
		is = j.worlds.ask(atom{kind: atomPerm, of: int32(open)}, reading{open: true, why: WhyPerm})
	}
	return is != (t.op == opNotEqual)
}

// argument compares the low 32 bits of a register.
func (j *Judge) argument(t *test) bool {
	n := t.field - fieldArg0
	if j.call.Uring {
		return compare(0, t.op, t.value) // no system call: the registers are empty (kernel/auditsc.c: audit_reset_context)
	}
	return j.number(t, uint32(j.call.A[n]), event.HasA0<<n)
}

// exe asks for the file of the process. A rule that the kernel has made anew with its watch asks in vain: no program is that of its exe= any
// more (kernel/audit_watch.c: audit_update_watch, kernel/auditfilter.c: audit_dupe_rule; seen on 6.18).
func (j *Judge) exe(t *test) bool {
	if f := j.asked; f != nil && f.watch != nil && f.watch.kind == pathWatch {
		a := atom{kind: atomRemade, of: int32(f.watch.id)}
		if r := j.places.remade(f.watch, j.removal); (r.value || r.open) && j.worlds.ask(a, r) {
			return t.op == opNotEqual
		}
	}
	is := j.worlds.ask(atom{kind: atomExe, of: int32(t.exe.id)}, j.places.exe(t.exe))
	return is != (t.op == opNotEqual)
}

// below tells whether any name is in the directory of a dir= rule (kernel/auditsc.c: match_tree_refs). What is not open is asked first:
// where it decides, no question remains.
func (j *Judge) below(d *dirRef) bool {
	open := false
	for i := range j.names() {
		r := j.readBelow(i, d)
		switch {
		case r.open:
			open = true
		case j.place(atomBelow, i, d, r):
			return true
		}
	}
	if !open {
		return false
	}
	for i := range j.names() {
		if r := j.readBelow(i, d); r.open && j.place(atomBelow, i, d, r) {
			return true
		}
	}
	return false
}

// readBelow is below of one name; the one behind the last stands for all that are missing.
func (j *Judge) readBelow(i int, d *dirRef) reading {
	switch {
	case i == len(j.call.Names) && j.slot.queue:
		return j.queueBelow(d)
	case i == len(j.call.Names):
		return reading{open: true, why: WhyNoPath}
	case j.blind(i):
		return reading{}
	}
	return j.places.below(i, d)
}

// names is how many names the call has, all that are missing counted as one.
func (j *Judge) names() int { return len(j.call.Names) + boolInt(j.missing) }

// socket is AUDIT_SADDR_FAM: the family of an address that the call took or gave.
func (j *Judge) socket(t *test) bool {
	switch {
	case j.call.Family >= 0:
		return compare(uint32(j.call.Family), t.op, t.value)
	case j.m.quirks.staleSocket != no, j.m.socket && j.slot.socket && j.written(recordSockaddr) != Yes:
		return j.unsaid(t, WhyNoSockaddr)
	}
	return false
}
