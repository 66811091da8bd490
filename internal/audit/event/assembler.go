package event

import (
	"iter"

	"github.com/auditprof/auditprof/internal/audit/record"
)

// Options bound what an Assembler holds. The zero value of a number means its default.
type Options struct {
	// Absent are the record types that are known not to reach the log (an exclude rule, a kernel without them): PATH, CWD,
	// PROCTITLE, URINGOP. An event without them is not Partial.
	Absent map[string]bool

	MaxOpen      int   // events held: waiting for records, or for an event that began before; default 4096
	MaxOpenBytes int   // bytes of memory that their records take; default 16 MiB
	TimeoutSec   int64 // seconds of the log's clock that an event waits for records; default 2, as in ausearch(8)
}

const (
	defaultMaxOpen      = 4096
	defaultMaxOpenBytes = 16 << 20
	defaultTimeoutSec   = 2

	maxSpareEventBytes = 16 << 10 // an emptied event that holds more is not kept for its memory
	maxSpareBytes      = 8 << 20  // nor is one when all that are kept hold that much
	maxNodes           = 1024     // node names remembered
)

// Assembler turns records into events, in bounded memory as long as Next is called until nil after each Push.
type Assembler struct {
	opt Options

	open        *openIndex
	calls       queue // those events that are of calls: they are given out in the order in which they began
	others      queue // and the others that are open
	begun       uint64
	held        int // how many there are in both
	heldBytes   int
	clock       int64 // the newest Sec seen; a stamp in the future stops it, and then MaxOpen alone bounds the wait
	latest      *Event
	sawEOE      bool // the stream ends events by EOE: PROCTITLE is not the last record
	sawDisorder bool // a record came behind the PROCTITLE of its event: some relay has mixed the lines

	nodes      map[string]string
	ready      []*Event // to be given out from readyAt on
	readyAt    int
	given      *Event
	spare      []*Event // emptied
	spareBytes int
}

// NewAssembler returns an Assembler without open events.
func NewAssembler(opt Options) *Assembler {
	if opt.MaxOpen <= 0 {
		opt.MaxOpen = defaultMaxOpen
	}
	if opt.MaxOpenBytes <= 0 {
		opt.MaxOpenBytes = defaultMaxOpenBytes
	}
	if opt.TimeoutSec <= 0 {
		opt.TimeoutSec = defaultTimeoutSec
	}
	return &Assembler{opt: opt, open: newOpenIndex(opt.MaxOpen), nodes: map[string]string{}}
}

// Push takes a copy of one record. It reports false, and takes nothing, where the record is bad: counting those is the caller's.
func (a *Assembler) Push(rec *record.Record) bool {
	if rec.Bad != record.Good {
		return false
	}
	a.expire(rec.Sec)
	ev := a.eventOf(rec)
	a.sawDisorder = a.sawDisorder || ev.tally.proctitle
	before := ev.heldBytes()
	called := ev.tally.call()
	ev.add(rec)
	a.heldBytes += ev.heldBytes() - before
	if !called && ev.tally.call() {
		a.others.remove(ev)
		a.calls.add(ev)
	}
	if a.complete(ev) {
		a.finish(ev)
	}
	for a.held > a.opt.MaxOpen || a.heldBytes > a.opt.MaxOpenBytes {
		a.finish(a.oldest())
	}
	return true
}

// Next returns an event that nothing more is expected for, nil where there is none. It is valid until the next call of Next or Take.
func (a *Assembler) Next() *Event {
	a.given = a.Take()
	return a.given
}

// Take is Next for events that are kept: the event is the caller's, for other goroutines too, until Give. One that is never given back is
// left to the garbage collector.
func (a *Assembler) Take() *Event {
	if a.given != nil {
		a.take(a.given)
		a.given = nil
	}
	if len(a.ready) == 0 {
		return nil
	}
	ev := a.ready[a.readyAt]
	if a.readyAt++; a.readyAt == len(a.ready) {
		a.ready, a.readyAt = a.ready[:0], 0
	}
	return ev
}

// Give returns events of Take, which nobody uses any more, for their memory. As all methods it is called by one goroutine at a time.
func (a *Assembler) Give(events ...*Event) {
	for _, ev := range events {
		a.take(ev)
	}
}

// Flush makes all open events ready, in the order in which they began. The log is at its end.
func (a *Assembler) Flush() {
	for ev := a.oldest(); ev != nil; ev = a.oldest() {
		a.finish(ev)
	}
}

// oldest is the event that began first of those that are held, nil where none is. It is open.
func (a *Assembler) oldest() *Event {
	call, other := a.calls.oldest, a.others.oldest
	if call == nil || other != nil && other.begun < call.begun {
		return other
	}
	return call
}

// Events reads r to its end and yields the events; each is valid until the loop goes on. Bad records go to bad, which may be nil.
// What ended the reading is r.Err().
func (a *Assembler) Events(r *record.Reader, bad func(*record.Record)) iter.Seq[*Event] {
	return func(yield func(*Event) bool) {
		for r.Scan() {
			if !a.Push(r.Record()) && bad != nil {
				bad(r.Record())
			}
			if !a.drain(yield) {
				return
			}
		}
		a.Flush()
		a.drain(yield)
	}
}

func (a *Assembler) drain(yield func(*Event) bool) bool {
	for ev := a.Next(); ev != nil; ev = a.Next() {
		if !yield(ev) {
			return false
		}
	}
	return true
}

// expire makes those open events ready that the log's clock has left behind. An event waits from the time when its first line came,
// not from its own stamp: that is the beginning of the syscall, hours ago for one that blocked.
func (a *Assembler) expire(sec int64) {
	a.clock = max(a.clock, sec)
	for ev := a.oldest(); ev != nil && a.clock-ev.opened > a.opt.TimeoutSec; ev = a.oldest() {
		a.finish(ev)
	}
}

// complete reports whether nothing more can be expected for ev.
func (a *Assembler) complete(ev *Event) bool {
	t := &ev.tally
	if t.eoe {
		a.sawEOE = true
		return true
	}
	return t.syscall && t.proctitle && !a.sawEOE && !a.sawDisorder && ev.missing(a.opt.Absent) == ""
}

// eventOf returns the open event of rec, a new one where there is none.
func (a *Assembler) eventOf(rec *record.Record) *Event {
	if ev := a.latest; ev != nil && ev.sameStamp(rec) {
		return ev
	}
	if a.latest != nil && !a.latest.indexed {
		a.open.add(a.latest) // it is left for another, and must be found again
	}
	ev := a.open.find(rec)
	if ev == nil {
		ev = a.begin(rec)
	}
	a.latest = ev
	return ev
}

// begin opens an empty event with the stamp of rec.
func (a *Assembler) begin(rec *record.Record) *Event {
	ev := a.blank()
	ev.Node, ev.Sec, ev.Milli, ev.Serial = a.nodeName(rec.Node), rec.Sec, rec.Milli, rec.Serial
	ev.opened = a.clock
	a.begun++
	ev.begun = a.begun
	a.others.add(ev)
	a.held++
	a.heldBytes += ev.heldBytes()
	return ev
}

// finish judges an open event. It makes a call ready as soon as none is open that began before it: what happened first is given out first.
func (a *Assembler) finish(ev *Event) {
	if a.latest == ev {
		a.latest = nil
	}
	if ev.indexed {
		a.open.remove(ev)
	}
	ev.Missing = ev.missing(a.opt.Absent)
	ev.Partial = ev.Missing != ""
	if !ev.tally.call() {
		a.release(&a.others, ev)
		return
	}
	ev.finished = true
	for first := a.calls.oldest; first != nil && first.finished; first = a.calls.oldest {
		a.release(&a.calls, first)
	}
}

// release makes an event of a queue ready.
func (a *Assembler) release(q *queue, ev *Event) {
	q.remove(ev)
	ev.finished = false
	a.held--
	a.heldBytes -= ev.heldBytes()
	a.ready = append(a.ready, ev)
}

// nodeName returns the name as a string that is shared by all events of a node.
func (a *Assembler) nodeName(name []byte) string {
	if len(name) == 0 {
		return ""
	}
	if s, ok := a.nodes[string(name)]; ok {
		return s
	}
	s := string(name)
	if len(a.nodes) < maxNodes {
		a.nodes[s] = s
	}
	return s
}

// blank returns an empty event, one used before where there is one.
func (a *Assembler) blank() *Event {
	n := len(a.spare)
	if n == 0 {
		return &Event{syscallAt: -1}
	}
	ev := a.spare[n-1]
	a.spare = a.spare[:n-1]
	a.spareBytes -= ev.heldBytes()
	return ev
}

// take keeps an event that is done with for its memory.
func (a *Assembler) take(ev *Event) {
	held := ev.heldBytes()
	if held > maxSpareEventBytes || a.spareBytes+held > maxSpareBytes {
		return
	}
	ev.reset()
	a.spare = append(a.spare, ev)
	a.spareBytes += held
}
