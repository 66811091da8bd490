package replay

import (
	"errors"
	"slices"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Replay takes every event of a log once, in order, as a reading of it decided them. Its memory is bounded: facts of about 36 MiB, and losses up to
// maxLosses.
type Replay struct {
	o     Options
	base  *view
	now   *view
	same  bool // the lists that single records pass are those of the base
	was   []int
	added []int // rules of New on those lists that the base has not

	result  Result
	losses  lossTable
	message event.Call // of events without a system call
}

// view is one rule set and what the log has shown of its names.
type view struct {
	facts *match.Facts
	judge *match.Judge
	rules []match.Rule
	first bool
	late  bool
}

func newView(m *match.Matcher, facts *match.Facts, first bool) *view {
	return &view{facts: facts, judge: m.Judge(facts), rules: m.Rules(), first: first}
}

func (v *view) learn(c *event.Call) {
	v.facts.Learn(c)
	v.late = v.facts.News() && v.first || v.late
}

// New returns a replay that has seen nothing.
func New(o Options) *Replay {
	return begin(o, newView(o.Base, match.NewFacts(o.Base), true), newView(o.New, match.NewFacts(o.New), true))
}

func begin(o Options, base, now *view) *Replay {
	r := &Replay{o: o, base: base, now: now, was: sameRules(now.rules, base.rules), losses: newLossTable()}
	r.same = true
	for i := range now.rules {
		if onFilters(&now.rules[i]) && r.was[i] == NoRule {
			r.added, r.same = append(r.added, i), false
		}
	}
	back := sameRules(base.rules, now.rules)
	for i := range base.rules {
		r.same = r.same && (!onFilters(&base.rules[i]) || back[i] != NoRule)
	}
	r.result.Base.Rules, r.result.New.Rules = make([]RuleSide, len(base.rules)), make([]RuleSide, len(now.rules))
	return r
}

// Late tells whether the log has shown late what names meant that came before: then Repeat, given the log once more, is exact.
func (r *Replay) Late() bool { return r.base.late || r.now.late }

// Repeat returns a replay of the same log with all that this one has shown.
func (r *Replay) Repeat() *Replay { return r.RepeatWith(r.o) }

// RepeatWith is Repeat for somebody else who listens: only Stays and Would may differ.
func (r *Replay) RepeatWith(o Options) *Replay {
	r.o.Stays, r.o.Would = o.Stays, o.Would
	return begin(r.o, newView(r.o.Base, r.base.facts.Again(), false), newView(r.o.New, r.now.facts.Again(), false))
}

// Doubt is passed over: the reading that a replay is for knows the whole log already.
func (r *Replay) Doubt() {}

// Again refuses: a replay counts every event once.
func (r *Replay) Again() error {
	return errors.New("replay: events come a second time: this is a fault of auditprof")
}

// Result is what was found so far.
func (r *Replay) Result() *Result {
	out := r.result
	out.Losses, out.Cut = r.losses.list(), r.losses.cut
	return &out
}

// Write takes one event.
func (r *Replay) Write(row *analyze.Row) error {
	call := row.Call
	if call == nil {
		r.message.Read(row.Event)
		r.message.Event = row.Event
		call = &r.message
	} else {
		r.base.learn(call)
		r.now.learn(call)
	}
	before := r.base.judge.Foretell(call)
	after := r.now.judge.Foretell(call)
	r.result.Events++
	r.settle(row, before, after)
	return nil
}

// settle counts what both sets make of an event, and what the new one leaves out.
func (r *Replay) settle(row *analyze.Row, before, after match.Forecast) {
	carried := r.carries(row, before, after)
	var was, is, maybeWas, maybeIs, gone, open analyze.Count
	r.losses.begin()
	for i := range row.Records {
		b, a := before.Records[i], after.Records[i]
		if r.o.Wrote {
			if b == match.None {
				continue // the log is of other rules there
			}
			if a == match.Unknown && b == match.Unknown && carried {
				a = match.Yes
			}
			b = match.Yes
		} else if a == match.Unknown && b == match.Unknown && carried {
			one(&maybeWas, row, i)
			one(&maybeIs, row, i)
			continue
		}
		count(&was, &maybeWas, b, row, i)
		count(&is, &maybeIs, a, row, i)
		switch {
		case b == match.None || a == match.Yes:
		case b == match.Yes && a == match.None:
			one(&gone, row, i)
			r.losses.lose(i, true)
		default:
			one(&open, row, i)
			r.losses.lose(i, false)
		}
	}
	r.add(&r.result.Base, r.baseRule(row, before), was, maybeWas)
	r.add(&r.result.New, decider(after), is, maybeIs)
	if after.Answer == match.Unknown {
		r.share(after.Candidates, is, maybeIs)
	}
	if gone.Records+open.Records > 0 {
		r.record(row, before, after, was.Records+maybeWas.Records)
	}
	r.tell(row, after, was.Records, gone.Records)
}

func (r *Replay) tell(row *analyze.Row, after match.Forecast, was, gone uint64) {
	if r.o.Stays != nil && was > 0 {
		r.o.Stays(row, gone == 0)
	}
	if r.o.Would != nil && after.Recorded == match.Yes && after.Answer == match.Yes {
		r.o.Would(row, after.Rule)
	}
}

func count(sure, maybe *analyze.Count, a match.Answer, row *analyze.Row, i int) {
	switch a {
	case match.Yes:
		one(sure, row, i)
	case match.Unknown:
		one(maybe, row, i)
	}
}

func one(c *analyze.Count, row *analyze.Row, i int) {
	c.Records++
	c.Bytes += uint64(row.Records[i].Bytes)
}

// add counts an event for a set and the rule that recorded it.
func (r *Replay) add(s *Side, by int, sure, maybe analyze.Count) {
	switch {
	case sure.Records > 0:
		sure.Events = 1
	case maybe.Records > 0:
		maybe.Events = 1
	}
	plus(&s.Sure, sure)
	plus(&s.Maybe, maybe)
	if by >= 0 {
		plus(&s.Rules[by].Sure, sure)
		plus(&s.Rules[by].Maybe, maybe)
	}
}

// share counts an event for each new rule that may be the one that records it.
func (r *Replay) share(candidates []int, sure, maybe analyze.Count) {
	all := sure
	plus(&all, maybe)
	if all.Records == 0 {
		return
	}
	all.Events = 1
	for _, c := range candidates {
		if c >= 0 && !r.never(c) {
			plus(&r.result.New.Rules[c].Maybe, all)
		}
	}
}

func plus(c *analyze.Count, o analyze.Count) {
	c.Events, c.Records, c.Bytes = c.Events+o.Events, c.Records+o.Records, c.Bytes+o.Bytes
}

// decider is the one rule that decides on a call, NoRule for none or several.
func decider(f match.Forecast) int {
	if f.Answer == match.Yes {
		return f.Rule
	}
	return NoRule
}

// baseRule is the rule of the base that recorded an event.
func (r *Replay) baseRule(row *analyze.Row, f match.Forecast) int {
	if r.o.Wrote && row.Origin == analyze.Rules && row.Rule >= 0 && row.Rule < len(r.base.rules) {
		return row.Rule
	}
	return decider(f)
}

// carries tells whether what the log leaves open of an event under the new rules it leaves open for the same reasons under the base: no way of not
// being recorded is new, and the rule that recorded it is still one that may. Then what was recorded still is. row is asked for where o.Wrote.
func (r *Replay) carries(row *analyze.Row, before, after match.Forecast) bool {
	if !r.same {
		return false
	}
	if after.Answer != match.Unknown {
		return before.Answer == after.Answer && (after.Answer != match.Yes || r.was[after.Rule] == before.Rule)
	}
	if before.Answer != match.Unknown {
		return false
	}
	for _, c := range after.Candidates {
		switch {
		case c == NoRule && !slices.Contains(before.Candidates, NoRule):
			return false
		case c >= 0 && r.now.rules[c].Forms[0].Action == rule.ActionNever && (r.was[c] == NoRule || !slices.Contains(before.Candidates, r.was[c])):
			return false
		}
	}
	return r.recordersStay(row, before, after)
}

// recordersStay tells whether all rules of the base that may have recorded an event may still.
func (r *Replay) recordersStay(row *analyze.Row, before, after match.Forecast) bool {
	recorders := before.Candidates
	if r.o.Wrote && row.Origin == analyze.Rules {
		recorders = []int{row.Rule}
	}
	for _, b := range recorders {
		if b < 0 || r.base.rules[b].Forms[0].Action == rule.ActionNever {
			continue
		}
		if !slices.ContainsFunc(after.Candidates, func(c int) bool { return c >= 0 && r.was[c] == b }) {
			return false
		}
	}
	return true
}
