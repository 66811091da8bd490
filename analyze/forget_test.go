package analyze

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/record"
)

// A decision that is taken back leaves nothing behind: the profile is that of a tally which had the last word at once.
func TestForgottenDecisionsLeaveNothing(t *testing.T) {
	const events, doubt = 4000, 1500
	rules := make([]RuleID, 5)
	once, twice := NewTally(rules), NewTally(rules)
	g, wrong := newRandomRow(3, 12, len(rules)), newRandomRow(4, 12, len(rules))
	for range doubt {
		row := *g.next()
		once.Add(&row)
		guess := *wrong.next()
		row.Decision, row.Candidates, row.Why, row.Conflict = guess.Decision, guess.Candidates, guess.Why, true
		twice.Add(&row)
	}
	twice.Forget()
	for range events - doubt {
		once.Add(g.next())
		twice.Add(&g.row)
	}
	again := newRandomRow(3, 12, len(rules))
	for range doubt {
		twice.Amend(again.next())
	}
	a, b := once.Profile(), twice.Profile()
	for i := range a.Rate.Bursts { // the minute in which Forget fell is known for its heaviest rule only
		if x, y := a.Rate.Bursts[i], &b.Rate.Bursts[i]; y.StartSec == x.StartSec && y.Events == x.Events && y.RuleEvents <= x.RuleEvents {
			*y = x
		}
	}
	want, _ := json.MarshalIndent(a, "", " ")
	got, _ := json.MarshalIndent(b, "", " ")
	if !bytes.Equal(want, got) {
		t.Errorf("decided at once:\n%s\ndecided twice:\n%s", want, got)
	}
}

// Which rule had the worst minute is found again for minutes that were over when the doubt came.
func TestTheWorstMinuteHasTheRuleOfTheLastWord(t *testing.T) {
	tally := NewTally(make([]RuleID, 3))
	row := Row{Records: []RecordSize{{1300, 100}}}
	count := func(sec int64, rule int, n int, use func(*Row)) {
		for range n {
			row.Sec, row.Decision = sec, Decision{Rules, rule}
			use(&row)
		}
	}
	count(6000, 0, 9, tally.Add)
	count(60000, 1, 4, tally.Add)
	tally.Forget()
	count(60010, 1, 3, tally.Add)
	count(6000, 2, 7, tally.Amend)
	count(6000, 0, 2, tally.Amend)
	count(60000, 1, 4, tally.Amend)
	got := tally.Profile().Rate.Bursts
	if len(got) != 2 || got[0] != (Burst{StartSec: 6000, Events: 9, Rule: 2, RuleEvents: 7}) || got[1] != (Burst{StartSec: 60000, Events: 7, Rule: 1, RuleEvents: 7}) {
		t.Errorf("bursts %+v", got)
	}
}

// What is decided a second time is the beginning of the log: the first conflict and the first unexplained events are found there.
func TestTheFirstConflictIsOfTheLastWord(t *testing.T) {
	for _, again := range []bool{true, false} {
		tally := NewTally(make([]RuleID, 1))
		row := func(line int64, conflict bool) *Row {
			r := &Row{Sec: 1000 + line, Line: line, Input: "audit.log", Conflict: conflict, Records: []RecordSize{{1300, 100}}}
			r.First = &record.Record{Line: line, Raw: []byte("raw")}
			if !conflict {
				r.Decision = Decision{Rules, 0}
			}
			return r
		}
		tally.Add(row(1, false))
		tally.Add(row(2, true))
		tally.Forget()
		tally.Add(row(3, true))
		tally.Add(row(4, true))
		tally.Amend(row(1, again))
		tally.Amend(row(2, again))
		p := tally.Profile()
		line, quotes := int64(3), []string{"audit.log:3: raw", "audit.log:4: raw"}
		if again {
			line, quotes = 1, []string{"audit.log:1: raw", "audit.log:2: raw", "audit.log:3: raw", "audit.log:4: raw"}
		}
		if p.Conflicts.Line != line || p.Conflicts.FirstSec != 1000+line || !slices.Equal(p.Unexplained, quotes) {
			t.Errorf("again %v: %+v, %q", again, p.Conflicts, p.Unexplained)
		}
	}
}
