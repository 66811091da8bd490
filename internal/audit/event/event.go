package event

import "github.com/auditprof/auditprof/internal/audit/record"

// Event is all records of one node, time and serial. One from an Assembler is valid until the next call of Next; Clone keeps it.
type Event struct {
	Node   string // empty where the log has no node=
	Sec    int64  // seconds since 1970: when the syscall began, by the writer's clock
	Milli  int    // 0 to 999
	Serial uint64

	Records  []record.Record // in the order of the log, at least one
	LogBytes int64           // bytes of its lines with their newlines

	Partial bool   // a record that must be there is not
	Missing string // the first type of record found missing, "newline" for a torn last line; empty unless Partial

	syscallAt int // place of the SYSCALL record, -1 where there is none
	tally     tally

	opened     int64 // the log's clock when the first record came, seconds
	heldBytes  int   // memory that Records take
	prev, next *Event
}

// tally is what of an event has come.
type tally struct {
	syscall, uringop, cwd, proctitle, auxiliary, eoe, torn bool

	paths int
	items int // names that the syscall record promises, hidden ones included
}

// Syscall returns the SYSCALL record, nil where the event has none.
func (e *Event) Syscall() *record.Record {
	if e.syscallAt < 0 {
		return nil
	}
	return &e.Records[e.syscallAt]
}

// Clone returns a copy that stays valid.
func (e *Event) Clone() *Event {
	c := *e
	c.prev, c.next = nil, nil
	c.Records = make([]record.Record, len(e.Records))
	for n := range e.Records {
		c.Records[n].CopyFrom(&e.Records[n])
	}
	return &c
}

// add appends a copy of rec, in the memory of an earlier event's record where there is one.
func (e *Event) add(rec *record.Record) {
	n := len(e.Records)
	if n < cap(e.Records) {
		e.Records = e.Records[:n+1]
	} else {
		e.Records = append(e.Records, record.Record{})
	}
	e.Records[n].CopyFrom(rec)
	e.heldBytes += cap(e.Records[n].Raw) + recordBytes
	e.LogBytes += rec.Length
	e.count(n)
}

// count enters the record at place n in the tally.
func (e *Event) count(n int) {
	rec, t := &e.Records[n], &e.tally
	t.torn = t.torn || rec.Torn
	switch kindOf(rec.Type) {
	case syscall:
		if e.syscallAt < 0 {
			e.syscallAt = n
			t.items = items(rec)
		}
		t.syscall = true
	case uringop:
		if !t.syscall { // inside io_uring_enter the SYSCALL record counts the names of all operations
			t.items = items(rec)
		}
		t.uringop = true
	case path:
		t.paths++
	case cwd:
		t.cwd = true
	case proctitle:
		t.proctitle = true
	case auxiliary, sockaddr, openat2, ipc:
		t.auxiliary = true
	case eoe:
		t.eoe = true
	}
}

// items is the number of names that a syscall record promises. The kernel counts in an int.
func items(rec *record.Record) int {
	n, ok := rec.Uint("items")
	if !ok || n > 1<<31-1 {
		return 0
	}
	return int(n)
}

// reset makes e an empty event that keeps its memory.
func (e *Event) reset() {
	*e = Event{Records: e.Records[:0], syscallAt: -1}
}

// recordBytes is about what a Record takes without its text.
const recordBytes = 288

// capBytes is the memory that e keeps for records to come.
func (e *Event) capBytes() int {
	sum := 0
	for _, rec := range e.Records[:cap(e.Records)] {
		sum += cap(rec.Raw) + recordBytes
	}
	return sum
}
