package suggest

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/record"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// textLog is a log in memory.
type textLog struct{ *record.Reader }

func newTextLog(r io.Reader) textLog { return textLog{record.NewReader(r)} }

// rulesOf compiles rule text.
func rulesOf(t testing.TB, text string) []match.Rule {
	t.Helper()
	set, err := rule.ParseFile("test.rules", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	env := rule.Env{Machine: names.ArchX86_64, Dialect: rule.Dialect3_0}
	var rules []match.Rule
	for _, r := range set.Rules() {
		w, _, err := rule.Compile(r, env)
		if err != nil {
			t.Fatal(err)
		}
		rules = append(rules, match.Rule{Pos: r.Pos, Text: r.Text, Forms: []rule.Wire{w}})
	}
	return rules
}

func ruleIDs(rules []match.Rule) []analyze.RuleID {
	ids := make([]analyze.RuleID, len(rules))
	for i := range rules {
		ids[i] = analyze.RuleID{File: rules[i].Pos.File, Line: rules[i].Pos.Line, Text: rules[i].Text}
	}
	return ids
}

// learnText reads a log as suggest-exclusions does: once for the facts, once to learn.
func learnText(t testing.TB, rules []match.Rule, text []byte, o LearnerOptions, ledgers ...analyze.Ledger) *Noise {
	t.Helper()
	m, err := match.New(rules, match.Host{Machine: names.ArchX86_64})
	if err != nil {
		t.Fatal(err)
	}
	reading := analyze.Reading{Matcher: m, Tally: analyze.NewTally(ruleIDs(rules)), Once: true, Jobs: 1}
	if err := reading.Read(context.Background(), newTextLog(bytes.NewReader(text))); err != nil {
		t.Fatal(err)
	}
	window := reading.Tally.Profile().Window
	o.Rules, o.Split = rules, NewSplit(&window)
	learner := NewLearner(o)
	reading.Tally, reading.Ledger = analyze.NewTally(ruleIDs(rules)), ledgersOf{append(ledgers, learner)}
	if err := reading.ReadAgain(context.Background(), newTextLog(bytes.NewReader(text))); err != nil {
		t.Fatal(err)
	}
	return learner.Noise()
}

// ledgersOf writes each row to several ledgers.
type ledgersOf struct{ list []analyze.Ledger }

func (l ledgersOf) Write(r *analyze.Row) error {
	for _, x := range l.list {
		if err := x.Write(r); err != nil {
			return err
		}
	}
	return nil
}

func (l ledgersOf) Doubt() {
	for _, x := range l.list {
		x.Doubt()
	}
}

func (l ledgersOf) Again() error {
	for _, x := range l.list {
		if err := x.Again(); err != nil {
			return err
		}
	}
	return nil
}

// callOf reads the call of a row again.
func callOf(r *analyze.Row) *event.Call {
	c := &event.Call{}
	c.Read(r.Event)
	return c
}
