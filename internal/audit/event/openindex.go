package event

import (
	"math/bits"
	"math/rand/v2"

	"github.com/auditprof/auditprof/internal/audit/record"
)

// openIndex finds open events by their stamp, all but the latest: that is most often complete before another begins. It is a hash table of its
// own, since in a log whose lines are mixed one event in four records enters and leaves it: a map takes a quarter of the assembler's time.
type openIndex struct {
	heads []*Event // chains through Event.sameHash; a power of two
	odd   uint64   // random, so that no log is written to make the chains long
	count int
}

// newOpenIndex returns an index for about that many events.
func newOpenIndex(events int) *openIndex {
	size := 1 << bits.Len(uint(min(events, 1<<16)))
	return &openIndex{heads: make([]*Event, size), odd: rand.Uint64() | 1}
}

// find returns the open event that rec belongs to, nil where there is none.
func (x *openIndex) find(rec *record.Record) *Event {
	if x.count == 0 {
		return nil
	}
	ev := *x.head(rec.Sec, rec.Milli, rec.Serial)
	for ev != nil && !ev.sameStamp(rec) {
		ev = ev.sameHash
	}
	return ev
}

func (x *openIndex) add(ev *Event) {
	head := x.head(ev.Sec, ev.Milli, ev.Serial)
	ev.sameHash, *head = *head, ev
	ev.indexed = true
	x.count++
}

// remove takes out an event that is there.
func (x *openIndex) remove(ev *Event) {
	at := x.head(ev.Sec, ev.Milli, ev.Serial)
	for *at != ev {
		at = &(*at).sameHash
	}
	*at, ev.sameHash = ev.sameHash, nil
	ev.indexed = false
	x.count--
}

// head is the chain of a stamp, whatever its node.
func (x *openIndex) head(sec int64, milli int, serial uint64) **Event {
	h := (serial<<10 ^ uint64(milli) ^ uint64(sec)<<32) * x.odd
	return &x.heads[h>>32&uint64(len(x.heads)-1)]
}

// sameStamp reports whether rec belongs to e.
func (e *Event) sameStamp(rec *record.Record) bool {
	return e.Serial == rec.Serial && e.Sec == rec.Sec && e.Milli == rec.Milli && e.Node == string(rec.Node)
}
