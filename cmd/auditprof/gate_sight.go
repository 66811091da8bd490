package main

import (
	"fmt"
	"path"
	"slices"

	"github.com/auditprof/auditprof/analyze/replay"
	"github.com/auditprof/auditprof/analyze/ruleset"
	"github.com/auditprof/auditprof/bench/gate"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// sight is what the new rules no longer record of what the base did.
func (l *gatedLog) sight() *gate.Sight {
	s := &gate.Sight{Compared: map[string]uint64{gate.LostEvents: l.outcome.Base.Sure.Events + l.outcome.Base.Maybe.Events}, Cut: l.outcome.Cut, Outside: l.outside,
		Unread: l.s.settled.lacks.tooMuch(l.s.profile)}
	for _, x := range l.outcome.Losses {
		s.Losses = append(s.Losses, l.loss(&x))
	}
	s.Losses = append(s.Losses, l.blindSpots()...)
	s.Losses = append(s.Losses, l.unwitnessed()...)
	l.keeps(s)
	l.detections(s)
	s.Compared[gate.LostControl] = 1
	s.Losses = append(s.Losses, controlLosses(l.base.source, l.next.source)...)
	return s
}

func (l *gatedLog) loss(x *replay.Loss) gate.Loss {
	out := gate.Loss{Kind: gate.LostEvents, Name: "no rule of the list exit", Exe: x.Exe, Type: x.Type, Sure: x.Sure, Events: x.Events, Records: x.Records, Bytes: x.Bytes,
		Example: fmt.Sprintf("%s:%d", path.Base(x.Input), x.Line)}
	if x.Rule >= 0 {
		out.Name, out.At = named(l.base.set.Rules, x.Rule)
	}
	if x.By >= 0 {
		out.By, out.ByAt = named(l.next.set.Rules, x.By)
		out.Sure = out.Sure || blinds(&l.next.set.Rules[x.By])
	}
	return out
}

func named(rules []match.Rule, i int) (text, at string) {
	r := &rules[i]
	if r.Pos.File == "" {
		return r.Text, fmt.Sprintf("loaded:%d", i+1)
	}
	return r.Text, fmt.Sprintf("%s:%d", r.Pos.File, r.Pos.Line)
}

// blindSpots are what a log that was not written under the base rules cannot show: rules of the base that are gone and that the log's rules did not
// have, and never rules of the log that the base has not.
func (l *gatedLog) blindSpots() (list []gate.Loss) {
	if l.wrote {
		return nil
	}
	wrote := l.s.settled.set.rules
	more, hid := replay.Outside(l.base.set.Rules, wrote)
	stays := replay.Stays(l.base.set.Rules, l.next.set.Rules)
	for _, i := range more {
		if !stays[i] {
			text, at := named(l.base.set.Rules, i)
			list = append(list, gate.Loss{Kind: gate.LostEvents, Name: text, At: at, Example: "the log was not written under this rule, and it is gone or another now"})
		}
	}
	for _, i := range hid {
		text, at := named(wrote, i)
		list = append(list, gate.Loss{Kind: gate.LostEvents, Name: "what the log's own never rule hid", By: text, ByAt: at, Example: "the base rules have no such rule: what it hid is not in the log"})
	}
	return list
}

// unwitnessed are losses that the rules themselves show and the log has no event of: a rule that is gone, one that takes what others record. Where
// the log holds events of them it has said what becomes of those.
func (l *gatedLog) unwitnessed() []gate.Loss {
	took := map[int]bool{}
	for _, x := range l.outcome.Losses {
		took[x.By] = true
	}
	witnessed := func(rule int) bool {
		side := l.outcome.Base.Rules[rule]
		return side.Sure.Events+side.Maybe.Events > 0
	}
	return ruleLosses(l.base.set.Rules, l.next.set.Rules, "the log has no event", witnessed, func(rule int) bool { return took[rule] })
}

// narrowed are base rules that no new rule replaces as a whole, though all that the log has of them is still recorded.
func (l *gatedLog) narrowed() (list []string) {
	lost := map[int]bool{}
	for _, x := range l.outcome.Losses {
		lost[x.Rule] = true
	}
	for _, d := range replay.DroppedRules(l.base.set.Rules, l.next.set.Rules) {
		if side := &l.outcome.Base.Rules[d.Rule]; !lost[d.Rule] && side.Sure.Events+side.Maybe.Events > 0 {
			list = append(list, fmt.Sprintf("%s: no new rule records all that it did; what the log has of it (%d events) is still recorded, of more it does not say",
				ruleWords(l.base.set.Rules, d.Rule), side.Sure.Events+side.Maybe.Events))
		}
	}
	return list
}

// ruleLosses are what two rule sets show by themselves, but for base rules and takers of which a log has said more. log is what it says of the others.
func ruleLosses(base, next []match.Rule, log string, witnessed, took func(rule int) bool) (list []gate.Loss) {
	for _, d := range replay.DroppedRules(base, next) {
		if witnessed(d.Rule) {
			continue
		}
		text, at := named(base, d.Rule)
		list = append(list, gate.Loss{Kind: gate.LostEvents, Name: text, At: at, Sure: d.Gone, Example: "no rule records all of that any more; " + log + " of it"})
	}
	for _, n := range replay.Hiders(base, next) {
		if took(n) {
			continue
		}
		text, at := named(next, n)
		list = append(list, gate.Loss{Kind: gate.LostEvents, Name: "what a new rule hides", By: text, ByAt: at, Sure: blinds(&next[n]), Example: log + " that it takes"})
	}
	return list
}

// blinds tells whether a rule takes all there is: what is forked under a task rule without a condition has no audit context (kernel/auditsc.c:
// audit_alloc). A log leaves open whether a process was there before the rule.
func blinds(r *match.Rule) bool {
	w := &r.Forms[0]
	conditional := slices.ContainsFunc(w.Fields, func(f rule.WireField) bool { return f.Type != rule.FieldFilterKey })
	return w.List == rule.ListTask && w.Action == rule.ActionNever && !conditional
}

// sightOfRules is what can be said without a log.
func sightOfRules(base, next *gateSet) *gate.Sight {
	never := func(int) bool { return false }
	s := &gate.Sight{Compared: map[string]uint64{gate.LostEvents: 0, gate.LostControl: 1}, Losses: ruleLosses(base.set.Rules, next.set.Rules, "there is no log to show events", never, never)}
	s.Losses = append(s.Losses, controlLosses(base.source, next.source)...)
	return s
}

// keeps asks for the events of --keep.
func (l *gatedLog) keeps(s *gate.Sight) {
	if len(l.watched.keep) == 0 {
		return
	}
	for _, k := range replay.Keep(replay.Options{Base: l.base.matcher, New: l.next.matcher}, l.watched.keep) {
		if k.Before == match.None {
			l.unkept++
			continue
		}
		s.Compared[gate.LostKeep]++
		if first := &k.Event.Records[0]; k.Lost {
			s.Losses = append(s.Losses, gate.Loss{Kind: gate.LostKeep, Name: fmt.Sprintf("%s:%d", first.File, first.Line), Sure: k.Sure, Events: 1})
		}
	}
}

// detections asks which of them saw more under the base.
func (l *gatedLog) detections(s *gate.Sight) {
	list := l.before.Detections()
	for i := range list {
		before, after := l.before.Seen()[i], l.after.Seen()[i]
		s.Compared[gate.LostDetection]++
		if after < before {
			s.Losses = append(s.Losses, gate.Loss{Kind: gate.LostDetection, Name: list[i].Name, Sure: true, Events: before - after, Example: list[i].About})
		}
	}
}

// controlLosses are control lines of the new rules that turn recording off, or limit it, where those of the base do not.
func controlLosses(base, next *ruleset.Source) (list []gate.Loss) {
	before, after := lastControls(base), lastControls(next)
	lost := func(c rule.Control) {
		list = append(list, gate.Loss{Kind: gate.LostControl, Name: c.Option, By: c.Text, ByAt: fmt.Sprintf("%s:%d", c.Pos.File, c.Pos.Line), Sure: c.Option != "-b"})
	}
	if c, ok := after["-e"]; ok && c.Number == 0 {
		if b, had := before["-e"]; !had || b.Number != 0 {
			lost(c)
		}
	}
	if c, ok := after["-r"]; ok && c.Number > 0 {
		if b, had := before["-r"]; !had || b.Number == 0 || b.Number > c.Number {
			lost(c)
		}
	}
	if c, ok := after["-b"]; ok && c.Number > 0 { // 0 is no limit (kernel/audit.c: audit_log_start)
		if b, had := before["-b"]; had && (b.Number == 0 || b.Number > c.Number) {
			lost(c) // whether records are lost to a shorter queue a log does not say
		}
	}
	return list
}

// lastControls are the control lines that hold in the end, by option.
func lastControls(s *ruleset.Source) map[string]rule.Control {
	out := map[string]rule.Control{}
	for _, line := range s.Text().Order {
		for _, c := range line.Controls {
			out[c.Option] = c
		}
	}
	return out
}
