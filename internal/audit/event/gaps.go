package event

const (
	// windowSerials is how far behind the newest serial one may come and still be told from a second copy. Events wait up to
	// Options.TimeoutSec for their records, the busiest kernel gives some 100,000 serials a second.
	windowSerials = 1 << 20
	maxHoles      = 8192 // ranges remembered; the oldest are counted as missing beyond that

	// bootSec is the least time between two boots. Stamps of one boot may run backwards by milliseconds only between events that
	// began together, but an event that waited may be far behind the others.
	bootSec = 2

	serialSpan = 1 << 32 // kernel/audit.c:audit_serial counts in 32 bits
)

// Count is what the serials of a log tell. The kernel gives every event the next serial, so one that is missing between two others
// was lost on its way, or cut out of the log. Records that the kernel itself dropped (backlog limit, exclude rules) never had one
// (kernel/audit.c:audit_log_start).
type Count struct {
	Events     uint64 // events with a kernel serial
	Daemon     uint64 // events of auditd itself, which have serials of their own and are not looked at
	Missing    uint64 // serials between the first and the last of each boot that never came
	Duplicates uint64 // events whose serial had come before: a part of an event that came late, or the log is there twice
	Late       uint64 // events too far behind the others to tell whether they had come before
	Boots      uint64 // series of serials, one for each boot and node
	Untracked  uint64 // events of nodes beyond the first 1024, whose serials are not followed
}

// Gaps follows the serials of events, node by node, in bounded memory. The zero value is ready.
type Gaps struct {
	nodes                     map[string]*series
	events, daemon, untracked uint64
}

// Add enters one event, in the order of an Assembler. An event that holds only an EOE record is passed over.
func (g *Gaps) Add(ev *Event) {
	switch {
	case len(ev.Records) == 0 || ev.tally.eoe && len(ev.Records) == 1:
		return
	case isDaemon(ev.Records[0].Type):
		g.daemon++
		return
	}
	g.events++
	s := g.nodes[ev.Node]
	if s == nil {
		if len(g.nodes) >= maxNodes {
			g.untracked++
			return
		}
		if g.nodes == nil {
			g.nodes = map[string]*series{}
		}
		s = new(series)
		g.nodes[ev.Node] = s
	}
	s.add(ev.Serial, ev.Sec*1000+int64(ev.Milli))
}

// Count returns what the events so far tell, all nodes together. Serials that may still come are Missing as yet.
func (g *Gaps) Count() Count {
	c := Count{Events: g.events, Daemon: g.daemon, Untracked: g.untracked}
	for _, s := range g.nodes {
		c.Missing += s.missing + s.holes.size()
		c.Duplicates += s.duplicates
		c.Late += s.late
		c.Boots += s.boots
	}
	return c
}
