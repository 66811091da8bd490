package main

import (
	"fmt"
	"path"
	"strings"

	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/analyze/suggest/advice"
	"github.com/auditprof/auditprof/analyze/suggest/place"
	"github.com/auditprof/auditprof/analyze/suggest/policy"
	"github.com/auditprof/auditprof/bench/gate"
)

// maxGateProposals is how many exclusions a verdict names: suggest-exclusions has more.
const maxGateProposals = 3

// propose are exclusions that would take the noise of the new rules, as far as the log shows it: graded and placed as those of suggest-exclusions, and
// not proven. None where that finds nothing.
func (l *gatedLog) propose() []gate.Proposal {
	set := l.next.set
	base := place.Base{Source: l.next.source, Options: l.s.settled.set.options, Set: set}
	narrow, err := place.Narrow(base)
	if err != nil {
		return nil
	}
	found := suggest.Propose(l.noise, policy.New(l.s.rules.snapshot), l.watched.guard(set.Rules), suggest.Options{
		Target: usualTarget, Max: maxGateProposals, MaxRisk: suggest.Low, Machine: l.next.target.Machine, Narrow: narrow,
		Check: func(c *suggest.Change) error { return place.Validate(c, l.next.target) },
	})
	if found.Total.Learnt.Events < leastLearnt {
		return nil
	}
	var numbered []place.Numbered
	for _, p := range found.Proposals {
		numbered = append(numbered, place.Numbered{ID: p.ID, Change: p.Change})
	}
	edited, err := place.Apply(base, numbered)
	if err != nil {
		return nil
	}
	total := found.Total.Learnt
	total.Add(found.Total.Tested)
	var out []gate.Proposal
	for _, p := range found.Proposals {
		at, placed := edited.Places[p.ID]
		if !placed {
			continue
		}
		saved := p.Learnt
		saved.Add(p.Tested)
		out = append(out, gate.Proposal{Lines: p.Change.Lines(), Before: fmt.Sprintf("%s:%d", path.Base(at.File), at.Line),
			Saves: float64(saved.Bytes) / float64(max(total.Bytes, 1)), Blind: advice.BlindTo(&p.Change), Risk: p.Grade.Risk.String()})
	}
	return out
}

// problemsOf are the checks that are about a line of a rule file, as problems there.
func problemsOf(v *gate.Verdict, g *gated) (list []gate.Problem) {
	for i := range v.Losses {
		x := &v.Losses[i]
		if x.Granted != nil && !x.Granted.Expired || x.ByAt == "" {
			continue
		}
		id, level := "unseen", "error"
		if x.Kind == gate.LostControl {
			id = "disables-audit"
		}
		if !x.Sure {
			level = "warning"
		}
		list = append(list, problemAt(x.ByAt, gate.Problem{ID: id, Level: level, Text: x.String()}))
	}
	for i := range v.Checks {
		c := &v.Checks[i]
		if c.Rule == "" || c.Status != gate.Fail && c.Status != gate.Warn {
			continue
		}
		level := "error"
		if c.Status == gate.Warn {
			level = "warning"
		}
		list = append(list, problemAt(g.fileOf(c.Rule), gate.Problem{ID: "volume", Level: level, Text: fmt.Sprintf("%s of %s is not kept: %s", c.Limit, c.Subject, c.RuleText)}))
	}
	return list
}

// problemAt gives a problem the place of file:line.
func problemAt(at string, p gate.Problem) gate.Problem {
	i := strings.LastIndexByte(at, ':')
	if i < 0 {
		p.File = at
		return p
	}
	p.File = at[:i]
	fmt.Sscan(at[i+1:], &p.Line)
	return p
}

// fileOf is the file:line of a rule with the file as it was named, for base:line.
func (g *gated) fileOf(at string) string {
	if full, ok := g.files[at]; ok {
		return full
	}
	return at
}
