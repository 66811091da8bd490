package replay

import (
	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/match"
)

// Kept is what becomes of an event that must still be recorded.
type Kept struct {
	Event         *event.Event
	Before, After match.Answer
	Lost, Sure    bool
}

// Keep asks of each event by itself what base and new rules would do to it, all its records. Nothing that a log has shown of names helps here: what
// the new rules may take counts as lost, though not surely.
func Keep(o Options, events []*event.Event) []Kept {
	r := begin(Options{Base: o.Base, New: o.New}, newView(o.Base, nil, false), newView(o.New, nil, false))
	out := make([]Kept, 0, len(events))
	for _, ev := range events {
		call := &event.Call{}
		if !call.Read(ev) {
			call.Event = ev
		}
		before, after := r.base.judge.Foretell(call), r.now.judge.Foretell(call)
		k := Kept{Event: ev, Before: least(before.Records), After: least(after.Records)}
		stays := k.After == match.Yes || k.After == k.Before && r.carries(nil, before, after)
		k.Lost = k.Before != match.None && !stays
		k.Sure = k.Lost && k.Before == match.Yes && k.After == match.None
		out = append(out, k)
	}
	return out
}

// least is the answer that says least for all of an event's records.
func least(list []match.Answer) match.Answer {
	out := match.Yes
	for _, a := range list {
		switch {
		case a == match.None:
			return match.None
		case a == match.Unknown:
			out = match.Unknown
		}
	}
	return out
}
