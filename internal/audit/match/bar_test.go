package match

import (
	"fmt"
	"slices"
	"testing"
)

// A name relative to a descriptor may be any file. Which rule recorded it is found without a world for every rule with another key.
func TestTheKeyBarsRulesThatCannotHaveRecorded(t *testing.T) {
	unknown := call{nr: nrOpenat, fields: `a0=5 key="k7"`, names: []string{found("x", 3, "NORMAL")}}
	var rules []string
	for i := range 300 {
		rules = append(rules, fmt.Sprintf("-a always,exit -F dir=/srv/%d -F perm=r -k k%d", i, i))
	}
	j := matcherOf(t, recent, rules...).Judge(nil)
	d := j.Decide(unknown.read(t))
	if who(d) != "7" || d.Rests&AssumeKey == 0 || j.worlds.walks > 4 {
		t.Errorf("%s, rests on %v, after %d worlds", who(d), d.Rests, j.worlds.walks)
	}
	if _, sure := j.Glance(unknown.read(t)); sure {
		t.Error("a glance is sure of an open question")
	}
}

// Among rules that a keyless rule could have taken its key from, none is barred: the record carries a key that is not the winner's.
func TestAKeylessRuleKeepsTheOthersOpen(t *testing.T) {
	c := call{nr: nrOpenat, fields: `a0=5 key="a"`, names: []string{found("x", 3, "NORMAL")}}
	d := matcherOf(t, recent, "-a always,exit -F path=/srv/x -F perm=r", "-a always,exit -F dir=/srv -F perm=r -k a", "-a always,exit -F dir=/opt -F perm=r -k b").
		Judge(nil).Decide(c.read(t))
	if got := who(d); got != "[0 1]" {
		t.Errorf("%s, want [0 1]: the watch may have taken the key of the directory", got)
	}
}

// Too many worlds end the search, and whatever may have recorded the event is named.
func TestTooManyWorldsNameAllCandidates(t *testing.T) {
	var rules []string
	for i := range 3000 {
		rules = append(rules, fmt.Sprintf("-a always,exit -F dir=/srv/%d -F perm=r", i))
	}
	rules = append(rules, "-a always,exit -S all -F uid=5", "-a always,exit -S all")
	j := matcherOf(t, recent, rules...).Judge(nil)
	d := j.Decide(call{nr: nrOpenat, fields: "a0=5", names: []string{found("x", 3, "NORMAL"), found("y", 4, "NORMAL")}}.read(t))
	if d.Answer != Unknown || d.Why&WhyWorlds == 0 || j.worlds.walks > 2*maxSteps/3000 {
		t.Fatalf("%v, %v after %d worlds", d.Answer, d.Why, j.worlds.walks)
	}
	for _, rule := range []int{0, 1500, 2999, 3001} {
		if !slices.Contains(d.Candidates, rule) {
			t.Errorf("rule %d is no candidate", rule)
		}
	}
	if slices.Contains(d.Candidates, 3000) {
		t.Error("rule 3000 is a candidate, and another user's")
	}
}

// A glance and a decision agree where the glance is sure.
func TestAGlanceSaysWhatTheDecisionIs(t *testing.T) {
	c := call{nr: nrOpenat, fields: `key="b"`, names: []string{found("/etc/passwd", 7, "NORMAL")}}
	j := matcherOf(t, recent, "-w /etc/shadow -p r -k a", "-w /etc/passwd -p r -k b").Judge(nil)
	d, sure := j.Glance(c.read(t))
	if again := j.Decide(c.read(t)); !sure || d.Answer != again.Answer || d.Rule != again.Rule || d.Rests != again.Rests || who(d) != "1" {
		t.Errorf("glance %+v (%v), decision %+v", d, sure, again)
	}
}

// A key that no rule has is a conflict without a question to any rule, which no fact can change; with the key of a rule that records nothing,
// of one of the task list, or beside a record of the kernel's own all are asked.
func TestAKeyThatNoRuleHas(t *testing.T) {
	rules := []string{"-a always,exit -S all -F dir=/srv -F perm=r -k a", "-a never,exit -S all -F gid=5 -k b", "-a always,task -F exe!=/x -k c"}
	for _, c := range []struct {
		key, more string
		foreign   bool
		want      string
	}{
		{`"z"`, "", true, "conflict"}, {"(null)", "", true, "conflict"}, {`"a"`, "", false, "0"}, {`"b"`, "", false, "conflict"}, {`"c"`, "", false, "2"},
		{"-", "", false, "0"}, {"(null)", "LOGIN pid=1", false, "none"}, {"6101", "", true, "conflict"},
	} {
		j := matcherOf(t, recent, rules...).Judge(nil)
		event := call{nr: nrOpenat, fields: "a0=5 key=" + c.key, names: []string{found("x", 3, "NORMAL")}}
		if c.more != "" {
			event.more = []string{c.more}
		}
		d := j.Decide(event.read(t))
		if foreign := j.slot == nil; who(d) != c.want || foreign != c.foreign || foreign && d.Open {
			t.Errorf("key %s %s: %s, foreign %v, open %v", c.key, c.more, who(d), foreign, d.Open)
		}
	}
}
