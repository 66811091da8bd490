package main

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/analyze/logs"
	"github.com/auditprof/auditprof/analyze/replay"
	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/analyze/suggest/detect"
	"github.com/auditprof/auditprof/bench/gate"
	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/audit/match"
)

// gatedLog is a log that was replayed under base and new rules.
type gatedLog struct {
	s          *studied
	base, next *gateSet
	wrote      bool // the log was written under the base rules
	outcome    *replay.Result
	watched    *watched
	before     *detect.Set // what the detections saw under the base, nil where nobody asks
	after      *detect.Set
	noise      *suggest.Noise // as if the new rules had written it
	outside    []string
	unkept     int // events of --keep that the base rules do not record
}

// gateReplay reads the logs under the rules that they were written under, and replays them under base and new rules. Without base rules those of
// the log stand for them in the figures, and nothing is said of what is still seen.
func (c Command) gateReplay(ctx context.Context, f gateFlags, from *gateSources, base, next *gateSet, g *gated) error {
	reading := f.readingFlags
	reading.rules, reading.target, reading.snapshot = from.logRules, from.target, from.snapshot
	rules, err := c.openRules(reading, false)
	if err != nil {
		return err
	}
	if rules.source != nil {
		from.relocate(rules.source, reading.rules)
	}
	in, err := logs.Open(from.logs, c.In, logs.Options{HostAsNode: f.hostAsNode})
	if err != nil {
		return err
	}
	defer in.Close()
	passes := &passes{}
	hush := sync.OnceFunc(newMeter(c.Err, f.quiet, passes.progress).end)
	defer hush()
	s, err := study(ctx, reading, rules, in, passes)
	if err != nil {
		return err
	}
	name := from.logsName
	if name == "" {
		name = logsName(from.logs, in)
	}
	if s.profile.Total.Events == 0 {
		return nothingIn(name, s.profile.Log)
	}
	if err := fits(s.profile, name, rules.name, "--log-rules"); err != nil {
		return err
	}
	defer boundMemory(learningBytes)()
	l := &gatedLog{s: s, base: base, next: next, wrote: base != nil && samePaths(from.base, from.logRules)}
	if err := l.run(ctx, f); err != nil {
		return err
	}
	hush()
	g.takeLog(l, name, base != nil)
	return nil
}

// run compiles the sets for the log's host and replays.
func (l *gatedLog) run(ctx context.Context, f gateFlags) error {
	set := l.s.settled.set
	host := l.s.rules.host(set.target)
	if err := l.next.compile(set.options, host, set.set); err != nil {
		return err
	}
	if l.base == nil {
		l.base, l.wrote = &gateSet{source: l.s.rules.source, set: set.set, matcher: l.s.reading.Matcher, target: set.target}, true
	} else if l.wrote {
		l.base.set, l.base.matcher, l.base.target = set.set, l.s.reading.Matcher, set.target
	} else {
		if err := l.base.compile(set.options, host, set.set); err != nil {
			return err
		}
		l.wrote = replay.Same(l.base.set.Rules, set.rules)
	}
	var err error
	if l.watched, err = readWatched(suggestFlags{keep: f.keep, noBuiltin: f.noBuiltin}, l.s.watchedHost()); err != nil {
		return err
	}
	return l.replay(ctx)
}

// replay reads the log twice: once for what it shows of names, once to decide by all of that.
func (l *gatedLog) replay(ctx context.Context) error {
	o := replay.Options{Base: l.base.matcher, New: l.next.matcher, Wrote: l.wrote}
	first := replay.New(o)
	if err := l.s.again(ctx, first, nil); err != nil {
		return err
	}
	l.before, l.after = l.watched.guard(l.base.set.Rules), l.watched.guard(l.next.set.Rules)
	learner := suggest.NewLearner(suggest.LearnerOptions{Rules: l.next.set.Rules, Split: l.s.split, Wanted: l.after.Wanted})
	seenAfter := l.watched.guard(l.next.set.Rules)
	var failed error
	o.Stays = func(row *analyze.Row, stays bool) {
		l.before.Wanted(row)
		if stays {
			seenAfter.Wanted(row)
		}
	}
	o.Would = func(row *analyze.Row, by int) {
		as := *row
		as.Decision, as.Candidates, as.Conflict = analyze.Decision{Origin: analyze.Rules, Rule: by}, nil, false
		if err := learner.Write(&as); err != nil {
			failed = err
		}
	}
	second := first.RepeatWith(o)
	if err := l.s.again(ctx, second, nil); err != nil {
		return err
	}
	l.outcome, l.after, l.noise = second.Result(), seenAfter, learner.Noise()
	return failed
}

// takeLog takes figures and sight of a replayed log.
func (g *gated) takeLog(l *gatedLog, name string, compared bool) {
	if compared {
		g.takeSets(l.base, l.next)
	} else {
		g.takeSets(nil, l.next)
		g.noSight = "there are no base rules to compare with"
	}
	g.of += ", " + name
	more, gone := replay.Outside(l.next.set.Rules, l.s.settled.set.rules)
	for _, i := range more {
		l.outside = append(l.outside, ruleWords(l.next.set.Rules, i))
	}
	for _, i := range gone {
		l.outside = append(l.outside, ruleWords(l.s.settled.set.rules, i)+" (a never rule of the log that is gone: what it hid is not in the log)")
	}
	g.figures.Log = l.subject(&l.outcome.New, l.next.set.Rules, func(i int) string {
		switch {
		case slices.Contains(more, i):
			return "the log cannot tell what this rule records"
		case len(gone) > 0 || i == allRules && len(more) > 0:
			if len(l.outside) == 1 {
				return "the log cannot tell what this rule records: " + l.outside[0]
			}
			return fmt.Sprintf("the log cannot tell what %d rules record, as %s", len(l.outside), l.outside[0])
		}
		return ""
	})
	if compared {
		g.base.Log = l.subject(&l.outcome.Base, l.base.set.Rules, func(int) string { return "" })
		g.sight = l.sight()
		g.remarks = append(g.remarks, l.narrowed()...)
		if l.unkept > 0 {
			g.remarks = append(g.remarks, fmt.Sprintf("%d of %d events of --keep are not recorded by the base rules: no change can lose them", l.unkept, len(l.watched.keep)))
		}
	}
	g.propose = l.propose
	g.remarks = append(g.remarks, l.s.settled.remarks...)
	g.remarks = append(g.remarks, notJudged(name, l.s.profile.Log)...)
	if l.s.carried > 0 {
		g.remarks = append(g.remarks, fmt.Sprintf("%d records do not show who sent them: every user of the host may write such lines", l.s.carried))
	}
}

// notJudged says what of a log was not judged: events in it may be gone under the new rules, and nobody sees that.
func notJudged(name string, log analyze.LogFacts) (list []string) {
	var lines uint64
	for _, s := range log.Skipped {
		lines += s.Lines
	}
	if lines > 0 {
		s := log.Skipped[0]
		list = append(list, fmt.Sprintf("lines of %s that are no records, and were not judged: %d, as %s:%d: %s", name, lines, s.Input, s.Line, s.Reason))
	}
	if log.Missing > 0 {
		list = append(list, fmt.Sprintf("events that never came into %s by their serials, and were not judged: %d", name, log.Missing))
	}
	return list
}

// allRules is no rule by itself.
const allRules = -1

// subject are the figures of a replayed log under one rule set. more says why a rule, or all of them, may record more than the log can hold, "" where
// it cannot.
func (l *gatedLog) subject(side *replay.Side, rules []match.Rule, more func(rule int) string) *gate.Subject {
	missing := l.s.settled.lacks.most(l.s.profile)
	figures := func(sure, maybe analyze.Count, rule int) map[string]gate.Figure {
		out := map[string]gate.Figure{}
		maybe = analyze.Count{Events: maybe.Events + missing.Events, Records: maybe.Records + missing.Records, Bytes: maybe.Bytes + missing.Bytes}
		for _, m := range []struct {
			name        string
			of          gate.Dimension
			sure, maybe uint64
		}{{result.LogBytes, gate.Size, sure.Bytes, maybe.Bytes}, {result.Records, gate.Plain, sure.Records, maybe.Records}, {result.Events, gate.Plain, sure.Events, maybe.Events}} {
			f := gate.Figure{Dimension: m.of, Kind: gate.Foretold, Value: float64(m.sure), Low: float64(m.sure), High: float64(m.sure + m.maybe), N: 1}
			if f.Why = more(rule); f.Why != "" {
				f.AtLeast, f.Cure = true, "record a log under rules that have them (--log-rules), or measure"
			} else if u := l.s.settled.lacks; u.cut != "" {
				f.Why, f.AtLeast, f.Cure = u.cut, true, gate.WholeLog
			} else if missing.Events > 0 {
				f.Why, f.Cure = fmt.Sprintf("%d lines could not be read and %d events are missing, which may be of it", u.lines, l.s.profile.Log.Missing), gate.WholeLog
			}
			out[m.name] = f
		}
		return out
	}
	s := &gate.Subject{Name: gate.SectionLog, Figures: figures(side.Sure, side.Maybe, allRules)}
	for i := range side.Rules {
		id := ruleID(rules[i], i)
		s.Rules = append(s.Rules, gate.RuleFigures{File: id.File, Line: id.Line, Text: id.Text, Key: rules[i].Forms[0].Key(), Figures: figures(side.Rules[i].Sure, side.Rules[i].Maybe, i)})
	}
	return s
}

func ruleWords(rules []match.Rule, i int) string {
	id := ruleID(rules[i], i)
	return fmt.Sprintf("%s:%d %s", id.File, id.Line, id.Text)
}
