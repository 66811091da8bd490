package analyze

import (
	"fmt"
	"io"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/record"
)

// Build reads a log to its end and counts its events as the Decider says. Rules are those that its decisions are indexes of.
func Build(r io.Reader, d Decider, rules []RuleID, o event.Options) (*Profile, error) {
	b := builder{decider: d, tally: NewTally(rules)}
	reader := record.NewReader(r)
	asm := event.NewAssembler(o)
	for ev := range asm.Events(reader, b.bad) {
		b.add(ev)
	}
	p := b.tally.Profile()
	p.Log.Bytes = uint64(reader.Bytes())
	if err := reader.Err(); err != nil {
		return p, fmt.Errorf("read the log: %w", err)
	}
	return p, nil
}

// builder gives events to a Tally, one after the other.
type builder struct {
	decider Decider
	tally   *Tally
	row     Row
	call    event.Call
}

func (b *builder) add(ev *event.Event) {
	if b.call.Read(ev) {
		b.row.Fill(ev, &b.call)
	} else {
		b.row.Fill(ev, nil)
	}
	b.row.Decision = b.decider.Decide(ev)
	for i := range b.row.Records {
		b.row.Records[i].Bytes = uint32(b.decider.Bytes(&ev.Records[i]))
	}
	b.tally.Add(&b.row)
}

// bad takes a line that is no record: nobody made it.
func (b *builder) bad(rec *record.Record) {
	b.tally.Skip(rec.Bad.String(), "", rec.Line, uint64(rec.Length))
}
