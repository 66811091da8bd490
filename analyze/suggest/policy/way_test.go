package policy

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/analyze/ruleset"
	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/analyze/suggest/place"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/record"
	"github.com/auditprof/auditprof/internal/audit/rule"
	"github.com/auditprof/auditprof/internal/hostlog"
)

// textLog is a log in memory.
type textLog struct{ *record.Reader }

func newTextLog(text []byte) textLog { return textLog{record.NewReader(bytes.NewReader(text))} }

// way is the whole way of a log through a rule set to a rule file without noise: what suggest-exclusions does, without its reports.
type way struct {
	base  place.Base
	old   *match.Matcher
	ids   []analyze.RuleID
	host  match.Host
	guard suggest.Guard // may be nil
	limit int           // of behaviours, 0: the default
	risk  suggest.Risk  // the highest that is proposed
}

func newWay(t testing.TB) *way {
	t.Helper()
	src, err := ruleset.Open([]string{"-"}, strings.NewReader(hostlog.Rules), ruleset.ListingNo)
	if err != nil {
		t.Fatal(err)
	}
	target := ruleset.Target{Auditctl: rule.Dialect3_0, Kernel: match.Version{Major: 6, Minor: 1}, Machine: names.ArchX86_64}
	w := &way{base: place.Base{Source: src, Options: ruleset.Options{Target: target}}, host: match.Host{Machine: target.Machine, Kernel: target.Kernel}}
	if w.base.Set, err = src.Compile(w.base.Options); err != nil {
		t.Fatal(err)
	}
	w.old = w.matcher(t, w.base.Set.Rules)
	for _, r := range w.base.Set.Rules {
		w.ids = append(w.ids, analyze.RuleID{File: r.Pos.File, Line: r.Pos.Line, Text: r.Text})
	}
	return w
}

func (w *way) matcher(t testing.TB, rules []match.Rule) *match.Matcher {
	t.Helper()
	m, err := match.New(rules, w.host)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// answer is what comes of it.
type answer struct {
	suggest.Result
	text  string         // of the rule file
	rules *match.Matcher // of it
}

// suggest goes the way.
func (w *way) suggest(t testing.TB, log []byte, g suggest.Grader) answer {
	t.Helper()
	reading := analyze.Reading{Matcher: w.old, Tally: analyze.NewTally(w.ids), Once: true, Jobs: 1}
	if err := reading.Read(context.Background(), newTextLog(log)); err != nil {
		t.Fatal(err)
	}
	window := reading.Tally.Profile().Window
	learner := suggest.NewLearner(suggest.LearnerOptions{Rules: w.base.Set.Rules, Split: suggest.NewSplit(&window), MaxBehaviours: w.limit})
	reading.Tally, reading.Ledger = analyze.NewTally(w.ids), learner
	if err := reading.ReadAgain(context.Background(), newTextLog(log)); err != nil {
		t.Fatal(err)
	}
	narrow, err := place.Narrow(w.base)
	if err != nil {
		t.Fatal(err)
	}
	check := func(c *suggest.Change) error { return place.Validate(c, w.base.Options.Target) }
	a := answer{Result: suggest.Propose(learner.Noise(), g, w.guard, suggest.Options{MaxRisk: w.risk, Narrow: narrow, Check: check})}
	var list []place.Numbered
	for _, p := range a.Proposals {
		comment := append([]string{p.Grade.Hide}, p.Grade.Assumes...)
		list = append(list, place.Numbered{ID: p.ID, Change: p.Change, Comment: comment})
	}
	edited, err := place.Apply(w.base, list)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range edited.Source.Text().Files {
		a.text += f.String()
	}
	a.rules = w.matcher(t, edited.Set.Rules)
	return a
}
