package match

// POSIX message queues are files of a file system of their own (ipc/mqueue.c). The kernel enters its root as a name of mq_open and
// mq_unlink, and never logs it (audit_inode_parent_hidden).
const queueCalls = "mq_open mq_unlink"

// queueDir is where that file system is mounted, if anywhere.
const queueDir = "/dev/mqueue"

// queueAt is at for the root.
func (j *Judge) queueAt(w *watchRef) reading {
	return reading{open: w.path == queueDir, why: WhyNoPath, rests: AssumeNames}
}

// queueBelow is below for the root: it may be mounted there, and may have been when the rule was loaded.
func (j *Judge) queueBelow(d *dirRef) reading {
	return reading{open: isUnder(queueDir, d.path), why: WhyNoPath, rests: AssumeNames}
}

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
