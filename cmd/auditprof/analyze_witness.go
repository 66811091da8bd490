package main

import (
	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/analyze/ruleset"
	"github.com/auditprof/auditprof/internal/audit/event"
)

// witness sees every event once, in order: what it tells of the host and of rules being loaded, and whether any event is missing. The zero
// value is ready.
type witness struct {
	host    ruleset.Observed
	changes ruleset.Changes
	gaps    event.Gaps
	settled bool // a plain event has come since the last other one, so more of them tell nothing
}

// add looks at one event. Of plain ones, a system call and nothing else, only their serials and the first after another kind say anything.
func (w *witness) add(ev *event.Event, plain bool) {
	w.gaps.Add(ev)
	if plain && w.settled {
		return
	}
	w.host.Add(ev)
	w.changes.Add(ev)
	w.settled = plain
}

// take adds the events that are ready.
func (w *witness) take(asm *event.Assembler) {
	for ev := asm.Next(); ev != nil; ev = asm.Next() {
		w.add(ev, false)
	}
}

// tell adds to a profile what serials say of the log.
func (w *witness) tell(p *analyze.Profile) {
	c := w.gaps.Count()
	p.Window.Boots = c.Boots
	p.Log.Missing, p.Log.Duplicates, p.Log.Late = c.Missing, c.Duplicates, c.Late
}
