package kernel

// CompanionPIDs are the guard and the watchdog of a lease: what they do is the harness's doing.
func (l *Lease) CompanionPIDs() []int {
	var pids []int
	for _, c := range []*companion{l.guard, l.watchdog} {
		if c != nil && c.cmd != nil && c.cmd.Process != nil {
			pids = append(pids, c.cmd.Process.Pid)
		}
	}
	return pids
}
