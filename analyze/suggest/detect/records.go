package detect

import (
	"fmt"
	"slices"

	"github.com/auditprof/auditprof/internal/audit/names"
)

// loss is what a condition loses to a change.
type loss struct {
	why   string
	soft  bool // it is weaker, and still there
	loose bool // see Loss
}

// needs are the record types without which the condition cannot be asked of a system call, by how much is lost.
func (c *Condition) needs() (hard, soft []uint32) {
	hard = []uint32{typeSyscall}
	for i := range c.tests {
		switch t := &c.tests[i]; t.field {
		case ofPath, ofNameType:
			hard = append(hard, typePath)
			soft = append(soft, typeCwd)
		case ofCwd:
			hard = append(hard, typeCwd)
		case ofFamily, ofPort, ofAddress:
			hard = append(hard, typeSockaddr)
		case ofArgument, ofAnyArg, ofCommand:
			hard = append(hard, typeExecve)
		case ofType:
			for _, x := range t.nums {
				for nr := uint64(x.lo); nr <= min(uint64(x.hi), names.MaxRecordType); nr++ {
					hard = append(hard, uint32(nr))
				}
			}
		}
	}
	return hard, soft
}

// excluded is what a condition loses to a rule of the list exclude, which drops records by their type and by who the process is
// (kernel/auditfilter.c: audit_filter).
func (c *Condition) excluded(s *tables, r *region) (loss, bool) {
	if !c.mayBeBy(s, r) {
		return loss{}, false
	}
	if !c.aboutCalls() {
		return c.messages(r)
	}
	if c.anyRecord() {
		return loss{why: "what it looks for may be in the records of the type"}, true
	}
	hard, soft := c.needs()
	for _, nr := range hard {
		if r.types.has(nr) {
			return loss{why: "loses its " + names.RecordType(int(nr)) + " records"}, true
		}
	}
	for _, nr := range soft {
		if r.types.has(nr) {
			return loss{why: "a relative name in it has no directory any more without " + names.RecordType(int(nr)) + " records", soft: true}, true
		}
	}
	return loss{}, false
}

// anyRecord tells whether what the condition looks for may be in a record of any type.
func (c *Condition) anyRecord() bool {
	return slices.ContainsFunc(c.tests, func(t test) bool { return t.field == ofText || t.field == ofField })
}

// messages is what a condition loses that messages of programs and of the kernel can pass too: those that are alone in their event.
func (c *Condition) messages(r *region) (loss, bool) {
	wanted := everyNumber()
	for i := range c.tests {
		if t := &c.tests[i]; t.field == ofType {
			wanted = wanted.intersect(t.wanted())
		}
	}
	if r.types.has(typeSyscall) && hasCallRecord(wanted) { // without it no record of a system call is written
		return loss{why: "loses its SYSCALL records, and all that are written with them"}, true
	}
	for _, x := range r.types.intersect(wanted) {
		for nr := uint64(x.lo); nr <= min(uint64(x.hi), names.MaxRecordType); nr++ {
			if n := uint32(nr); !names.PartOfCall(n) || c.asks(n) || c.anyRecord() {
				return loss{why: fmt.Sprintf("loses its %s records", names.RecordType(int(n)))}, true
			}
		}
	}
	return loss{}, false
}

func hasCallRecord(types spans) bool {
	for nr := uint32(typeSyscall); nr <= typeOpenat2; nr++ {
		if names.PartOfCall(nr) && types.has(nr) {
			return true
		}
	}
	return false
}

// asks tells whether a condition is about records of this type by name.
func (c *Condition) asks(nr uint32) bool {
	return slices.ContainsFunc(c.tests, func(t test) bool { return t.field == ofType && !t.not && t.nums.has(nr) })
}

// mayBeBy tells whether a process that the rule is about could be one of the condition's.
func (c *Condition) mayBeBy(s *tables, r *region) bool {
	sc := s.among(r)
	for i := range c.tests {
		switch t := &c.tests[i]; t.field {
		case ofExe, ofUID, ofAUID, ofUser:
			if !t.may(sc, &sc.calls) {
				return false
			}
		}
	}
	return true
}

// silenced is what a condition loses to a rule of the list user: messages that programs send (kernel/audit.c: audit_receive_msg).
func (c *Condition) silenced(s *tables, r *region) (loss, bool) {
	if c.aboutCalls() || !c.mayBeBy(s, r) {
		return loss{}, false
	}
	users := *r
	users.types = nil
	for nr := uint32(1000); nr < 3000; nr++ {
		if userRecord(nr) && r.types.has(nr) {
			users.types = append(users.types, span{nr, nr})
		}
	}
	return c.messages(&users)
}

// mounts is where file systems are by convention, by their magic (include/uapi/linux/magic.h).
var mounts = map[uint32]string{
	0x74726163: "/sys/kernel/tracing", 0x64626720: "/sys/kernel/debug", 0x27e0eb: "/sys/fs/cgroup", 0x63677270: "/sys/fs/cgroup", 0x62656572: "/sys", 0x9fa0: "/proc",
}

// unnamed is what a condition loses to a rule of the list filesystem: names there have no inode any more, and rules with path= or dir= do not see
// them (kernel/auditsc.c: __audit_inode).
func (c *Condition) unnamed(r *region) (loss, bool) {
	for i := range c.tests {
		t := &c.tests[i]
		if t.field != ofPath || t.not {
			continue
		}
		for _, magic := range r.fs {
			dir, known := mounts[magic]
			if !known || t.mayBelow(dir, false) {
				return loss{why: "names on that file system are no longer seen by rules with path= or dir="}, true
			}
		}
		return loss{}, false
	}
	return loss{}, false
}
