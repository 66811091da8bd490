package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/auditprof/auditprof/analyze/replay"
	"github.com/auditprof/auditprof/analyze/ruleset"
	"github.com/auditprof/auditprof/bench/gate"
	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// loadedRules is how many of the new rules load, and which lines do not.
type loadedRules struct {
	rules    int
	problems []gate.Problem
}

// leftOut takes what a run with --keep-going did not load.
func (l *loadedRules) leftOut(run *result.Run, arm string) {
	for i := range run.Arms {
		a := &run.Arms[i]
		if a.Name != arm {
			continue
		}
		l.rules = len(a.Rules)
		for _, x := range a.LeftOut {
			l.problems = append(l.problems, gate.Problem{ID: "not-loaded", File: x.File, Line: x.Line, Col: x.Col, Level: "error", Text: x.Why})
		}
	}
}

func (l *loadedRules) take(set *ruleset.Set) {
	l.rules = len(set.Rules)
	for _, r := range set.Refused {
		l.problems = append(l.problems, gate.Problem{ID: "not-loaded", File: r.Pos.File, Line: r.Pos.Line, Col: r.Pos.Col, Level: "error", Text: r.Text})
	}
}

// gateSet is one rule set of a gate, as the kernel of the log's host would hold it.
type gateSet struct {
	source  *ruleset.Source
	set     *ruleset.Set
	matcher *match.Matcher
	target  ruleset.Target
}

// openGateSet reads rules before it is known for which host.
func (c Command) openGateSet(flag string, paths []string, from *gateSources) (*gateSet, error) {
	src, err := ruleset.Open(paths, c.In, ruleset.ListingDetect)
	if errors.Is(err, ruleset.ErrNoRules) {
		return nil, usageError{fmt.Errorf("%s: %w: rules that record nothing pass no gate", flag, err)}
	}
	if err != nil {
		return nil, usageError{fmt.Errorf("%s: %w", flag, err)}
	}
	from.relocate(src, paths)
	return &gateSet{source: src}, nil
}

// compile gives rules the form that they have on a host. old, where there is one, is what a log says of lines that both have.
func (s *gateSet) compile(o ruleset.Options, host match.Host, old *ruleset.Set) error {
	set, err := s.source.Compile(o)
	if err != nil {
		return usageError{err}
	}
	if old != nil {
		if carried, err := set.Carry(old, sameLines(set, old), func(rule.Pos) (rule.Pos, bool) { return rule.Pos{}, false }); err == nil {
			set = carried
		} // else the files of a rules.d load in another order: then they are as written
	}
	s.set = set
	s.target, _ = o.Target.Complete()
	host.Machine = s.target.Machine
	if s.matcher, err = match.New(set.Rules, host); err != nil {
		return usageError{err}
	}
	return nil
}

// sameLines finds the line of the old text that a new line is: the same words, the first of them for the first.
func sameLines(set, old *ruleset.Set) func(rule.Pos) (rule.Pos, bool) {
	places := map[string][]rule.Pos{}
	for _, r := range old.Rules {
		places[r.Text] = append(places[r.Text], r.Pos)
	}
	found := map[rule.Pos]rule.Pos{}
	for _, r := range set.Rules {
		if list := places[r.Text]; len(list) > 0 {
			found[r.Pos], places[r.Text] = list[0], list[1:]
		}
	}
	return func(p rule.Pos) (rule.Pos, bool) { at, ok := found[p]; return at, ok }
}

// gateRules reads the rules and, where there are logs, replays them.
func (c Command) gateRules(ctx context.Context, f gateFlags, from *gateSources, g *gated) error {
	g.remarks = append(g.remarks, from.remarks...)
	if len(from.next) == 0 {
		g.noSight = "the new rules are not known: the run has no file of them"
		return nil
	}
	next, err := c.openGateSet("--rules", from.next, from)
	if err != nil {
		return err
	}
	var base *gateSet
	if len(from.base) > 0 {
		if base, err = c.openGateSet("--base-rules", from.base, from); err != nil {
			return err
		}
	}
	if len(from.logs) > 0 && len(from.logRules) > 0 {
		return c.gateReplay(ctx, f, from, base, next, g)
	}
	g.noSight = "no log was replayed"
	target, err := ruleset.ParseTarget(from.target)
	if err != nil {
		return usageError{fmt.Errorf("--%w", err)}
	}
	if err := next.compile(ruleset.Options{Target: target, Strict: f.strict}, match.Host{Kernel: target.Kernel}, nil); err != nil {
		return err
	}
	if base != nil {
		if err := base.compile(ruleset.Options{Target: target, Strict: f.strict}, match.Host{Kernel: target.Kernel}, nil); err != nil {
			return err
		}
		g.sight = sightOfRules(base, next)
	}
	g.takeSets(base, next)
	return nil
}

// takeSets takes what the rules say without a log.
func (g *gated) takeSets(base, next *gateSet) {
	had := g.loads.problems
	g.loads.problems = nil
	g.loads.take(next.set)
	if len(g.loads.problems) == 0 {
		g.loads.problems = had
	}
	g.target, g.next, g.prior = next.target, next, base
	g.figures.Rules, g.files = ruleFigures(next), map[string]string{}
	for i, r := range next.set.Rules {
		id := ruleID(r, i)
		g.files[fmt.Sprintf("%s:%d", id.File, id.Line)] = fmt.Sprintf("%s:%d", r.Pos.File, r.Pos.Line)
	}
	if base != nil {
		if g.base == nil {
			g.base, g.baseOf = &gate.Figures{}, "the base rules"
		}
		g.base.Rules = ruleFigures(base)
	}
}

// ruleFigures are the figures of a rule set itself.
func ruleFigures(s *gateSet) *gate.Subject {
	out := &gate.Subject{Name: gate.SectionRules, Figures: map[string]gate.Figure{gate.Rules: gate.ExactCount(float64(len(s.set.Rules)))}}
	for name, n := range replay.Passed(s.set.Rules, s.target.Machine) {
		out.Figures[gate.RulesPassed+"/"+name] = gate.ExactCount(float64(n))
	}
	return out
}
