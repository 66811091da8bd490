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
		r.changes[by].saved.add(tested, one)
	}
	if first != NoOne {
		if left == 0 {
			gone.Events = 1
			r.changes[first].saved.add(tested, suggest.Volume{Events: 1})
		}
		r.result.Saved.add(tested, gone)
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

// Parts is a volume in the part of a log that was learnt from, and in the rest.
type Parts struct {
	Learnt suggest.Volume `json:"learnt"`
	Tested suggest.Volume `json:"tested"`
}

func (p *Parts) add(tested bool, v suggest.Volume) {
	if tested {
		p.Tested.Add(v)
	} else {
		p.Learnt.Add(v)
	}
}

// All is both parts together.
func (p Parts) All() suggest.Volume {
	v := p.Learnt
	v.Add(p.Tested)
	return v
}
