package proof

import (
	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/analyze/suggest"
)

// count adds up what settle has found of an event.
func (r *Replay) count(row *analyze.Row, tested bool) {
	left := false
	r.takers = r.takers[:0]
	for i, by := range r.taker {
		if by == NoOne {
			left = true
			continue
		}
		r.goneFor(by).Add(suggest.Volume{Records: 1, Bytes: uint64(row.Records[i].Bytes)})
	}
	for i := range r.takers {
		t := &r.takers[i]
		if i == 0 && !left {
			t.gone.Events = 1 // of the one who takes its first record
		}
		add(&r.result.Saved, tested, t.gone)
		r.changes[t.change].take(row, &r.o.Changes[t.change], t.gone, tested)
	}
	switch {
	case r.unnamed:
		r.result.Unnamed.add(row, &r.o)
	case r.maybe != NoOne:
		r.result.Unknown.Add(volumeOf(row))
		r.changes[r.maybe].unknown.Add(volumeOf(row))
	}
}

// taken is what a change takes of one event.
type taken struct {
	change int
	gone   suggest.Volume
}

// goneFor is what a change takes of the event at hand.
func (r *Replay) goneFor(change int) *suggest.Volume {
	for i := range r.takers {
		if r.takers[i].change == change {
			return &r.takers[i].gone
		}
	}
	r.takers = append(r.takers, taken{change: change})
	return &r.takers[len(r.takers)-1].gone
}

// add adds to the part that an event is of.
func add(p *suggest.Parts, tested bool, v suggest.Volume) {
	if tested {
		p.Tested.Add(v)
	} else {
		p.Learnt.Add(v)
	}
}
