package proof

import (
	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/analyze/suggest"
)

// count adds up what settle has found of an event.
func (r *Replay) count(row *analyze.Row, tested bool) {
	left, first := 0, NoOne
	var gone suggest.Volume
	for i, by := range r.taker {
		if by == NoOne {
			left++
			continue
		}
		if first == NoOne {
			first = by
		}
		one := suggest.Volume{Records: 1, Bytes: uint64(row.Records[i].Bytes)}
		gone.Add(one)
		add(&r.changes[by].saved, tested, one)
	}
	if first != NoOne {
		if left == 0 {
			gone.Events = 1
			add(&r.changes[first].saved, tested, suggest.Volume{Events: 1})
		}
		add(&r.result.Saved, tested, gone)
		r.changes[first].take(row, &r.o.Changes[first], gone, tested)
	}
	switch {
	case r.unnamed:
		r.result.Unnamed.add(row, &r.o)
	case r.maybe != NoOne:
		r.result.Unknown.Add(volumeOf(row))
		r.changes[r.maybe].unknown.Add(volumeOf(row))
	}
}

// add adds to the part that an event is of.
func add(p *suggest.Parts, tested bool, v suggest.Volume) {
	if tested {
		p.Tested.Add(v)
	} else {
		p.Learnt.Add(v)
	}
}
