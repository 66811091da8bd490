package event

import (
	"bytes"
	"math"

	"github.com/auditprof/auditprof/internal/audit/record"
)

// Event is all records of one node, time and serial. One from Assembler.Next is valid until the next call of Next, one from Take until
// Give; Clone keeps it.
type Event struct {
	Node   string // empty where the log has no node=
	Sec    int64  // seconds since 1970: when the syscall began, by the writer's clock
	Milli  int    // 0 to 999
	Serial uint64

	Records  []record.Record // in the order of the log, at least one
	LogBytes int64           // bytes of its lines with their newlines

	Partial bool   // a record that must be there is not
	Missing string // the first type of record found missing, "newline" for a torn last line; empty unless Partial

	text      []byte // what the records point into, one line behind the other
	syscallAt int    // place of the SYSCALL record, -1 where there is none
	tally     tally

	opened               int64  // the log's clock when the first record came, seconds
	begun                uint64 // how many events had begun before
	finished             bool   // nothing more is expected; the assembler holds it for a call that began before
	prev, next, sameHash *Event
	indexed              bool // it is in the Assembler's index
}

// tally is what of an event has come.
type tally struct {
	syscall, uringop, cwd, proctitle, auxiliary, eoe, torn bool

	paths int
	items int // names that the syscall record promises, hidden ones included
}

// call tells whether anything of a system call or an io_uring operation has come.
func (t *tally) call() bool { return t.syscall || t.uringop || t.cwd || t.paths > 0 }

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
	c.prev, c.next, c.sameHash, c.text, c.indexed = nil, nil, nil, nil, false
	c.Records = make([]record.Record, len(e.Records))
	for n := range e.Records {
		c.Records[n].CopyFrom(&e.Records[n])
	}
	return &c
}

// add appends a copy of rec, in the memory of an earlier event where there is some.
func (e *Event) add(rec *record.Record) {
	n := len(e.Records)
	if n < cap(e.Records) {
		e.Records = e.Records[:n+1]
	} else {
		e.Records = append(e.Records, record.Record{})
	}
	at := len(e.text)
	if cap(e.text)-at < len(rec.Raw) {
		e.grow(len(rec.Raw))
	}
	e.text = e.text[:at+len(rec.Raw)]
	raw := e.text[at:]
	copy(raw, rec.Raw)
	e.Records[n].CopyInto(rec, raw)
	e.LogBytes += rec.Length
	e.count(n)
}

// grow makes room for more bytes of text, and moves all records but the last, which is not filled yet.
func (e *Event) grow(more int) {
	text := append(make([]byte, 0, max(2*cap(e.text), len(e.text)+more, minTextBytes)), e.text...)
	at := 0
	for n := range e.Records[:len(e.Records)-1] {
		rec := &e.Records[n]
		end := at + len(rec.Raw)
		rec.CopyInto(rec, text[at:end])
		at = end
	}
	e.text = text
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

// items is the number of names that a syscall record promises. The kernel counts in an int. No field that it writes before items= has
// an m or a quote (kernel/auditsc.c:audit_log_exit), which makes for a short way there.
func items(rec *record.Record) int {
	const name = " items="
	m := bytes.IndexByte(rec.Body, 'm')
	if at := m - len(" ite"); at >= 0 && bytes.HasPrefix(rec.Body[at:], []byte(name)) && bytes.IndexByte(rec.Body[:at], '"') < 0 {
		if n, next := decimal32(rec.Body, at+len(name)); next <= len(rec.Body) && n <= math.MaxInt32 {
			return int(n)
		}
	}
	n, ok := rec.Uint("items")
	if !ok || n > math.MaxInt32 {
		return 0
	}
	return int(n)
}

// reset makes e an empty event that keeps its memory.
func (e *Event) reset() {
	*e = Event{Records: e.Records[:0], text: e.text[:0], syscallAt: -1}
}

const (
	minTextBytes = 1024 // an ordinary event
	recordBytes  = 256  // about what a Record takes without its text
)

// heldBytes is the memory that e keeps for records, those to come included.
func (e *Event) heldBytes() int { return cap(e.text) + cap(e.Records)*recordBytes }
