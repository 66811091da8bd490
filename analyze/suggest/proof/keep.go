package proof

import (
	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/match"
)

// Kept is what becomes of an event that must still be recorded.
type Kept struct {
	Event  *event.Event
	Before match.Answer // whether the old rules would record it: what they would not, no change can lose
	After  match.Answer // whether the new ones would, all its records included
	By     int          // the change that takes it or may take it, NoOne where it stays
}

// Lost tells whether the event was recorded and is no longer, or may be no longer.
func (k Kept) Lost() bool { return k.Before != match.None && k.After != k.Before && k.By != NoOne }

// Keep asks of each event by itself what the old and the new rules would do to it. Nothing that a log has shown of names helps here, so a
// change that may take an event counts as taking it.
func Keep(o Options, events []*event.Event) ([]Kept, error) {
	r, err := New(o)
	if err != nil {
		return nil, err
	}
	out := make([]Kept, 0, len(events))
	for _, ev := range events {
		out = append(out, r.keep(ev))
	}
	return out, r.failed
}

func (r *Replay) keep(ev *event.Event) Kept {
	k := Kept{Event: ev, By: NoOne}
	call := &event.Call{}
	if !call.Read(ev) {
		call.Event = ev
	}
	before := r.then.Foretell(call)
	k.Before = least(before.Records)
	after := r.now.Foretell(call)
	k.After = least(after.Records)
	if k.After == k.Before {
		return k
	}
	for change := range r.o.Changes {
		if least(r.judgeAlone(change).Foretell(call).Records) != k.Before {
			k.By = change
			break
		}
	}
	return k
}

// least is what becomes of the record that fares worst.
func least(records []match.Answer) match.Answer {
	worst := match.Yes
	for _, a := range records {
		switch {
		case a == match.None:
			return match.None
		case a == match.Unknown:
			worst = match.Unknown
		}
	}
	return worst
}
