package match

// bend looks for the one thing, or the two, that were taken for granted and cannot be so, where no reading of the event explains
// that it is in the log with its key. What is found is certain only where no other rule explains it as well.
func (j *Judge) bend(d Decision) Decision {
	if j.m.always[string(j.key)] || j.call.Kernel {
		for bends := 1; bends <= 2; bends++ {
			j.worlds.begin(bends)
			if e := j.explore(j.walk()); len(j.found) > 0 {
				d.Why = j.worlds.why
				d.Rests = e.kept | AssumeFlipped
				return j.conclude(d)
			}
			if j.worlds.full {
				break
			}
		}
	}
	j.places.undecided()
	return Decision{Answer: None, Rule: -1, Conflict: !j.registers(), Open: true}
}

// registers tells whether the call is auditd's own that makes it the reader of records: the CONFIG_CHANGE that it carries was written
// before there was a reader, and no rule ever records auditd (kernel/auditsc.c: audit_filter_syscall, auditd_test_task).
func (j *Judge) registers() bool {
	return len(j.key) == 0 && string(j.call.Comm.Text) == "auditd" && len(j.call.Names) == 0
}
