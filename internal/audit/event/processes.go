package event

// maxProcesses bounds the memory of Processes: more than a slot can fork.
const maxProcesses = 1 << 18

// Processes tells the events of some processes and of all that descend from them, as far as a log shows who forked whom: by pid= and ppid= of
// its records, in the order of the log. One whose parent left no event before it is not known.
type Processes struct{ known map[uint64]bool }

// NewProcesses begins with these.
func NewProcesses(pids []int) *Processes {
	p := &Processes{known: map[uint64]bool{}}
	for _, pid := range pids {
		if pid > 0 {
			p.known[uint64(pid)] = true
		}
	}
	return p
}

// Has tells whether an event is theirs, and remembers its process if so: a parent that ends leaves its children to another.
func (p *Processes) Has(pid, ppid uint64) bool {
	if p.known[pid] {
		return true
	}
	if pid == 0 || !p.known[ppid] {
		return false
	}
	if len(p.known) < maxProcesses {
		p.known[pid] = true
	}
	return true
}
