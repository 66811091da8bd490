package analyze

import (
	"fmt"
	"io"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/record"
)

// Origin is where an event comes from. Each is recognised by what the event says, none is what remains.
type Origin uint8

// The origins. Unexplained is an error of the analysis, to be shown.
const (
	Unexplained    Origin = iota
	Rules                 // recorded by a rule, for the workload
	OtherProcesses        // recorded by a rule, for anybody else
	Harness               // made by auditprof itself
	Auditd                // made by auditd: DAEMON_*
	UserMessages          // sent by programs: USER_*, CRED_*, …
	KernelMade            // made by the kernel without a rule: AVC, LOGIN, CONFIG_CHANGE, …
	SlotEdge              // begun before the first mark or after the last: parts of events that belong to no slot
	originCount
)

// String is the origin in the words of a report.
func (o Origin) String() string {
	return [...]string{"unexplained", "rules", "other processes", "harness", "auditd", "user messages", "kernel", "edge of the slot"}[o]
}

// Origins lists all but Unexplained.
func Origins() []Origin {
	var list []Origin
	for o := Unexplained + 1; o < originCount; o++ {
		list = append(list, o)
	}
	return list
}

// Decision says where an event comes from, and for Rules which rule it was, as an index into the rule set.
type Decision struct {
	Origin Origin
	Rule   int
}

// NoRule is the rule of events that no rule recorded.
const NoRule = -1

// Decider answers for one event.
type Decider interface {
	Decide(*event.Event) Decision
	// Bytes is the length of a record's line, newline included, as the rule set itself would have it written.
	Bytes(*record.Record) int64
}

// Cell is one combination of what made a record.
type Cell struct {
	Rule    int
	Type    string
	Exe     string
	Syscall string
}

// Count is a volume. Events of a Cell are the events that have at least one such record.
type Count struct {
	Events, Records, Bytes uint64
}

func (c *Count) add(events, records, bytes uint64) {
	c.Events, c.Records, c.Bytes = c.Events+events, c.Records+records, c.Bytes+bytes
}

// maxUnexplained is how many unexplained events are kept as text.
const maxUnexplained = 5

// maxCells bounds the memory that a hostile log can take: names in it are chosen by whoever is audited. What comes beyond is counted under
// the exe "(other)".
const maxCells = 200_000

// Profile is what a log holds. Bytes of Cells, Rules and Types are as the rule set itself would have made them; bytes of Origins are as written.
type Profile struct {
	LogBytes    uint64
	Origins     [originCount]Count
	Cells       map[Cell]*Count
	Rules       map[int]*Count
	Unexplained []string
}

// Build reads a log to its end.
func Build(r io.Reader, d Decider, o event.Options) (*Profile, error) {
	p := &Profile{Cells: map[Cell]*Count{}, Rules: map[int]*Count{}}
	reader := record.NewReader(r)
	asm := event.NewAssembler(o)
	for ev := range asm.Events(reader, p.bad) {
		p.add(ev, d)
	}
	p.LogBytes = uint64(reader.Bytes())
	if err := reader.Err(); err != nil {
		return p, fmt.Errorf("read the log: %w", err)
	}
	return p, nil
}

// bad takes a line that is no record: nobody made it.
func (p *Profile) bad(rec *record.Record) {
	p.unexplained(1, uint64(rec.Length), fmt.Sprintf("line %d: %s", rec.Line, rec.Bad))
}

func (p *Profile) unexplained(records, bytes uint64, what string) {
	p.Origins[Unexplained].add(1, records, bytes)
	if len(p.Unexplained) < maxUnexplained {
		p.Unexplained = append(p.Unexplained, what)
	}
}

func (p *Profile) add(ev *event.Event, d Decider) {
	dec := d.Decide(ev)
	if dec.Origin == Unexplained {
		first := &ev.Records[0]
		p.unexplained(uint64(len(ev.Records)), uint64(ev.LogBytes), fmt.Sprintf("line %d: %.300s", first.Line, first.Raw))
		return
	}
	p.Origins[dec.Origin].add(1, uint64(len(ev.Records)), uint64(ev.LogBytes))
	if dec.Origin != Rules {
		return
	}
	p.attribute(ev, dec.Rule, d)
}

// attribute spreads the records of an event over the cells of its rule.
func (p *Profile) attribute(ev *event.Event, rule int, d Decider) {
	exe, call := who(ev)
	var bytes uint64
	for i := range ev.Records {
		rec := &ev.Records[i]
		n := uint64(d.Bytes(rec))
		bytes += n
		p.cell(Cell{rule, string(rec.Type), exe, call}).add(firstOfType(ev, i), 1, n)
	}
	if p.Rules[rule] == nil {
		p.Rules[rule] = &Count{}
	}
	p.Rules[rule].add(1, uint64(len(ev.Records)), bytes)
}

func (p *Profile) cell(c Cell) *Count {
	n := p.Cells[c]
	if n != nil {
		return n
	}
	if len(p.Cells) >= maxCells {
		c.Exe = "(other)"
		if n = p.Cells[c]; n != nil {
			return n
		}
	}
	n = &Count{}
	p.Cells[c] = n
	return n
}

// firstOfType is 1 for the first record of its type in the event, so that an event with three PATH records is one event of the PATH cell.
func firstOfType(ev *event.Event, i int) uint64 {
	for j := range i {
		if string(ev.Records[j].Type) == string(ev.Records[i].Type) {
			return 0
		}
	}
	return 1
}

// who is the program and the system call of an event, "" where it does not say.
func who(ev *event.Event) (exe, call string) {
	sys := ev.Syscall()
	if sys == nil {
		return "", ""
	}
	exe, _ = sys.Text("exe")
	nr, ok := sys.Uint("syscall")
	if !ok {
		return exe, ""
	}
	arch, _ := sys.Hex("arch")
	if name, ok := names.Syscall(uint32(arch), int(nr)); ok {
		return exe, name
	}
	return exe, fmt.Sprintf("%d", nr)
}
