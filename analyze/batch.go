package analyze

import (
	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/match"
)

// batchEvents is how many events go from one goroutine to the next at a time: enough to make the hand-over cheap, few enough to stay in the
// processor's cache.
const batchEvents = 64

// batch is events that follow one another.
type batch struct {
	items []item
	room  [batchEvents]item
}

// item is one event on its way. Its memory is used again for another.
type item struct {
	ev     *event.Event
	file   string
	call   event.Call
	isCall bool
	open   bool // facts may change the decision
	row    Row
}

// read makes the row of the event, without a decision.
func (it *item) read(memo *event.Memo) {
	call := &it.call
	if it.isCall = memo.Read(call, it.ev); !it.isCall {
		call = nil
	}
	it.row.Fill(it.ev, call)
	it.row.Input = it.file
}

// take makes a decision of the matcher the row's.
func (it *item) take(d match.Decision) {
	row := &it.row
	it.open = d.Open
	row.Candidates = append(row.Candidates[:0], d.Candidates...)
	row.Why, row.Rests, row.Conflict = d.Why, d.Rests, d.Conflict
	switch {
	case d.Answer == match.Yes:
		row.Decision = Decision{Rules, d.Rule}
	case d.Answer == match.Unknown:
		row.Decision = Decision{Undecided, NoRule}
	case it.call.Kernel && !d.Conflict:
		row.Decision = Decision{KernelMade, NoRule}
	default:
		row.Decision = Decision{Unexplained, NoRule}
	}
}

// byItself decides an event without a rule set, and one that is no system call.
func (it *item) byItself() {
	row := &it.row
	row.Candidates = row.Candidates[:0]
	row.Why, row.Rests, row.Conflict, it.open = 0, 0, false, false
	row.Decision = Decision{Unexplained, NoRule}
	switch {
	case it.isCall && it.call.Kernel && row.Has&HasKey == 0:
		row.Origin = KernelMade
	case it.isCall:
		row.Origin = ByKey
	default:
		row.Origin = originOf(it.ev)
	}
}

// originOf is the origin of an event without a system call: that of the first record which is not a part of one.
func originOf(ev *event.Event) Origin {
	for i := range ev.Records {
		switch class(ev.Records[i].Type) {
		case userMade:
			return UserMessages
		case daemonMade:
			return Auditd
		case kernelMade:
			return KernelMade
		}
	}
	return Unexplained
}

// source fills batches with the events of a log.
type source struct {
	log   Log
	asm   *event.Assembler
	limit int // events to come, negative for all
	ended bool
}

func newSource(log Log, o event.Options, limit int) *source {
	return &source{log: log, asm: event.NewAssembler(o), limit: limit}
}

// fill puts the next events into b, in place of those that were in it. It reports false where there are none.
func (s *source) fill(b *batch) bool {
	for i := range b.items {
		s.asm.Give(b.items[i].ev)
		b.items[i].ev = nil
	}
	b.items = b.room[:0]
	for len(b.items) < batchEvents && s.limit != 0 {
		ev := s.next()
		if ev == nil {
			break
		}
		n := len(b.items)
		b.items = b.room[:n+1]
		b.items[n].ev, b.items[n].file = ev, ev.Records[0].File
		s.limit--
	}
	return len(b.items) > 0
}

// next is the next event that is complete, nil at the end of the log.
func (s *source) next() *event.Event {
	for {
		if ev := s.asm.Take(); ev != nil || s.ended {
			return ev
		}
		if s.log.Scan() {
			s.asm.Push(s.log.Record())
			continue
		}
		s.asm.Flush()
		s.ended = true
	}
}
