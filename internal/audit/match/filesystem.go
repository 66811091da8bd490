package match

import (
	"slices"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// A never rule of the list filesystem keeps the kernel from looking at what a name led to: to the rules it is as a name that was looked
// up in vain (kernel/auditsc.c: __audit_inode, __audit_inode_child). In a log that is seen; only what other rules would have done
// must be guessed.

// deviceless are the file systems, by s_magic (include/uapi/linux/magic.h), that are on no block device: their device's major number is 0.
var deviceless = []uint32{
	0x74726163, // tracefs
	0x64626720, // debugfs
	0x27e0eb,   // cgroup
	0x63677270, // cgroup2
	0x9fa0,     // proc
	0x62656572, // sysfs
	0x01021994, // tmpfs
	0x19800202, // mqueue
	0x1cd1,     // devpts
	0x73636673, // securityfs
	0x50495045, // pipefs
	0x794c7630, // overlayfs
}

// blind tells whether the rules would keep the kernel from seeing what name i led to.
func (j *Judge) blind(i int) bool {
	if !j.foretelling {
		return false
	}
	forms := j.m.before[rule.ListFilesystem]
	n := &j.call.Names[i]
	for k := range forms {
		f := &forms[k]
		if !f.never || !n.HasInode {
			continue
		}
		if j.onFilesystem(f, n) {
			return true
		}
	}
	return false
}

func (j *Judge) onFilesystem(f *form, n *event.Name) bool {
	for k := range f.ordered {
		t := &f.ordered[k]
		if t.field != fieldFSType {
			continue // key=: no other field is legal here (kernel/auditfilter.c: audit_field_valid)
		}
		r := reading{open: true, why: WhyFilesystem}
		if n.DevMajor != 0 && slices.Contains(deviceless, t.value) {
			r = reading{}
		}
		is := j.worlds.ask(atom{kind: atomFilesystem, name: int32(n.DevMajor), of: int32(n.DevMinor), with: t.value}, r)
		if is != (t.op == opEqual) {
			return false
		}
	}
	return true
}

// mayMerge tells whether the kernel may not have seen what a name led to. Then it does not tell a directory from what is made in it either,
// and enters one name for both.
func (j *Judge) mayMerge(item int) bool {
	forms := j.m.before[rule.ListFilesystem]
	for i := range j.call.Names {
		n := &j.call.Names[i]
		if n.Item != item || !n.HasInode {
			continue
		}
		for k := range forms {
			if forms[k].never && forms[k].mayHold(n) {
				return true
			}
		}
	}
	return false
}

// mayHold tells whether a rule of the list filesystem may be about the file system of a name.
func (f *form) mayHold(n *event.Name) bool {
	for k := range f.ordered {
		t := &f.ordered[k]
		if t.field == fieldFSType && t.op == opEqual && n.DevMajor != 0 && slices.Contains(deviceless, t.value) {
			return false
		}
	}
	return true
}

// seen is name i as the rules see it, nil where they do not: what a program has open is no name of the call at all then
// (kernel/auditsc.c: __audit_inode returns before it makes one).
func (j *Judge) seen(i int) *event.Name {
	switch n := &j.call.Names[i]; {
	case !j.blind(i):
		return n
	case n.HasName:
		return &unseenName
	}
	return nil
}

// mayBeBare tells whether the call may have no name at all, and with it no working directory, which the kernel notes with the first
// (kernel/auditsc.c: audit_alloc_name).
func (j *Judge) mayBeBare() bool {
	for i := range j.call.Names {
		if n := &j.call.Names[i]; n.HasName || !j.mayMerge(n.Item) {
			return false
		}
	}
	return len(j.call.Names) > 0
}

var unseenName event.Name
