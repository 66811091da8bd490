package proof

import (
	"errors"
	"fmt"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/match"
)

// Replay takes every event of a log once, in order, with the decision of the old rules, and asks what the new ones would do. Its memory is
// bounded: facts of about 18 MiB, and behaviours up to behaviourBytes.
type Replay struct {
	o         Options
	facts     *match.Facts
	first     bool // the facts are still learnt: a later event may say what an earlier one meant
	late      bool // and one did
	now, then *match.Judge
	alone     []*match.Judge // by change: the old rules with it alone, made where two changes drop the same records
	narrowed  map[int]int
	silencers map[uint16][]int
	message   event.Call // of events without a system call

	result  Result
	changes []*changeTally
	kept    behaviourBudget
	taker   []int // of the event at hand, by record: the change that takes it, NoOne for none
	takers  []taken
	maybe   int  // the change that may take some of it, NoOne for none
	unnamed bool // some of it is gone and no change names it
	failed  error
}

// New returns a replay that has seen nothing.
func New(o Options) (*Replay, error) {
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("replay: %w: this is a fault of auditprof", err)
	}
	r := &Replay{o: o, first: true, facts: match.NewFacts(o.New)}
	r.begin()
	return r, nil
}

func (r *Replay) begin() {
	r.now, r.then = r.o.New.Judge(r.facts), r.o.Old.Judge(nil)
	r.alone = make([]*match.Judge, len(r.o.Changes))
	r.narrowed, r.silencers = r.o.narrowed(), r.o.silencers()
	for range r.o.Changes {
		r.changes = append(r.changes, newChangeTally(&r.kept))
	}
}

// Late tells whether the log has shown late what names meant that came before: then a second replay, of Again, is exact.
func (r *Replay) Late() bool { return r.late }

// Repeat returns a replay of the same log with all that this one has shown.
func (r *Replay) Repeat() *Replay {
	again := &Replay{o: r.o, facts: r.facts.Again()}
	again.begin()
	return again
}

// Doubt is passed over: the reading that a replay is for knows the whole log already.
func (r *Replay) Doubt() {}

// Again refuses: a replay counts every event once.
func (r *Replay) Again() error {
	return errors.New("replay: events come a second time: this is a fault of auditprof")
}

// Write takes one event.
func (r *Replay) Write(row *analyze.Row) error {
	call := r.call(row)
	if row.Call != nil {
		r.facts.Learn(call)
		r.late = r.facts.News() && r.first || r.late
	}
	tested := r.o.Tested != nil && r.o.Tested(row)
	r.result.Events++
	add(&r.result.Before, tested, volumeOf(row))
	f := r.now.Foretell(call)
	if goes := r.settle(row, call, f); goes {
		r.count(row, tested)
	}
	return r.failed
}

// call is the event as Foretell wants it.
func (r *Replay) call(row *analyze.Row) *event.Call {
	if row.Call != nil {
		return row.Call
	}
	r.message.Read(row.Event)
	r.message.Event = row.Event
	return &r.message
}

func volumeOf(row *analyze.Row) suggest.Volume {
	return suggest.Volume{Events: 1, Records: uint64(len(row.Records)), Bytes: row.LogBytes}
}
