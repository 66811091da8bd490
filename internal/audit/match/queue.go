package match

import (
	"strings"
)

// POSIX message queues are files of a file system of their own (ipc/mqueue.c). A name that mq_open or mq_unlink is given is no path: it
// is looked up in the root of that file system, which the kernel enters as a name too and never logs (audit_inode_parent_hidden).
const queueCalls = "mq_open mq_unlink"

// queueDir is where that file system is mounted, if anywhere.
const queueDir = "/dev/mqueue"

// queueAt is at for a name of a queue call: i is a name of the call, or behind the last for the root.
func (j *Judge) queueAt(i int, w *watchRef) reading {
	if w.kind != pathWatch || !strings.HasPrefix(w.path, queueDir) {
		return reading{rests: AssumeNames}
	}
	return reading{open: j.isResolved(i), why: WhyNoPath}
}

// queueBelow is below for such a name.
func (j *Judge) queueBelow(i int, d *dirRef) reading {
	if !strings.HasPrefix(queueDir+"/", strings.TrimSuffix(d.path, "/")+"/") && !strings.HasPrefix(d.path, queueDir) {
		return reading{rests: AssumeNames}
	}
	return reading{open: j.isResolved(i), why: WhyNoPath}
}

// isResolved tells whether a name led to an inode; the root of the file system always does.
func (j *Judge) isResolved(i int) bool { return i >= len(j.call.Names) || j.call.Names[i].HasInode }

// queueRoot is a field of the root: a directory of root's own, on no block device.
func (j *Judge) queueRoot(t *test) bool {
	switch t.field {
	case fieldFileType:
		return t.value == modeDir
	case fieldObjUID, fieldObjGID:
		return j.compareID(t, 0)
	case fieldDevMajor:
		return compare(0, t.op, t.value)
	case fieldDevMinor:
		for i := range j.call.Names {
			if n := &j.call.Names[i]; n.HasInode {
				return compare(n.DevMinor, t.op, t.value) || compare(0, t.op, t.value)
			}
		}
		return compare(0, t.op, t.value) || j.unsaid(t, WhyNoPath)
	case fieldInode:
		if t.op == opNotEqual {
			return true // of all inodes it can be but one
		}
	}
	return j.unsaid(t, WhyNoPath)
}
