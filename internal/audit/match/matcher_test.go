package match

import (
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/rule"
)

func TestNewRefuses(t *testing.T) {
	two := rule.Wire{List: rule.ListExit, Action: rule.ActionAlways, Fields: []rule.WireField{
		{Type: fieldWatch, Op: opEqual, Str: "/a"}, {Type: fieldDir, Op: opEqual, Str: "/b"},
	}}
	odd := rule.Wire{List: rule.ListExit, Action: rule.ActionAlways, Fields: []rule.WireField{{Type: 999, Op: opEqual}}}
	at := rule.Pos{File: "x.rules", Line: 3, Col: 1}
	for _, c := range []struct {
		rule Rule
		want string
	}{
		{Rule{Pos: at}, "without a form"}, {Rule{Pos: at, Forms: []rule.Wire{two}}, "two of path"}, {Rule{Pos: at, Forms: []rule.Wire{odd}}, "field 999"},
	} {
		_, err := New([]Rule{c.rule}, Host{})
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "x.rules:3:1") {
			t.Errorf("%v, want an error with %q and the place", err, c.want)
		}
	}
}

// TestManyRules is that rules for all system calls do not take memory for each of them.
func TestManyRules(t *testing.T) {
	one := rulesOf(t, "-a always,exit -S all -F auid=1000")[0]
	rules := make([]Rule, 10_000)
	for i := range rules {
		rules[i] = one
	}
	m, err := New(rules, recent)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range m.index {
		if &a.slots[1].exit[0] != &a.slots[2].exit[0] {
			t.Fatal("equal lists are kept twice")
		}
	}
	if got := who(m.Judge(nil).Decide(call{nr: nrOpenat}.read(t))); got != "0" {
		t.Errorf("%s, want 0", got)
	}
}
