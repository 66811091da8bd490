package place

import (
	"fmt"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// parseLine reads one line of rule text as auditctl -R does: nothing but one rule.
func parseLine(line string) (*rule.Rule, error) {
	set, err := rule.ParseFile("", strings.NewReader(line))
	if err != nil {
		return nil, err
	}
	if len(set.Order) != 1 || set.Order[0].Rule == nil || len(set.Order[0].Controls) > 0 || len(set.Files[0].Lines) != 1 {
		return nil, fmt.Errorf("%q is not one rule", line)
	}
	return set.Order[0].Rule, nil
}

// nameIDs gives the names of users and groups numbers that no host has, the same for the same name: for the comparison of rules.
type nameIDs map[string]uint32

func (n nameIDs) number(name string) (uint32, bool) {
	if name == "root" {
		return 0, true
	}
	if _, ok := n[name]; !ok {
		n[name] = 0xfff00000 + uint32(len(n))
	}
	return n[name], true
}

// env is the machine and the auditctl that the text is for.
func (t *text) env() rule.Env {
	target, _ := t.base.Options.Target.Complete()
	return rule.Env{Machine: target.Machine, Dialect: target.Auditctl, User: t.users.number, Group: t.groups.number}
}

// keyOf is the same for two rules exactly where they are the same to the kernel (kernel/auditfilter.c: audit_compare_rule).
func (t *text) keyOf(line string) (string, error) {
	r, err := parseLine(line)
	if err != nil {
		return "", err
	}
	return t.keyOfRule(r)
}

func (t *text) keyOfRule(r *rule.Rule) (string, error) {
	w, _, err := rule.Compile(r, t.env())
	if err != nil {
		return "", err
	}
	return string(w.Encode()), nil
}

// loaded is the first loaded rule with a key of keyOf, -1 where there is none.
func (t *text) loaded(key string) int { return slices.Index(t.keys, key) }

// findKeys gives the loaded rules their keys. One that this auditctl does not compile, a listed one say, has none and is like no other.
func (t *text) findKeys() {
	for _, l := range t.rules {
		key, err := t.keyOfRule(l.Rule)
		if err != nil {
			key = ""
		}
		t.keys = append(t.keys, key)
	}
}

// wins tells whether a loaded never rule does all that the change is for. On the lists exclude and filesystem order is of no matter; on the
// user list a rule that records ends the walk (kernel/auditfilter.c: audit_filter).
func (t *text) wins(have int, c *suggest.Change) bool {
	switch c.Kind {
	case suggest.Exit:
		for _, q := range c.Quiets {
			if q < have {
				return false
			}
		}
	case suggest.User:
		for i := range have {
			if w := t.base.Set.Rules[i].Forms[0]; w.List == rule.ListUser && w.Action == rule.ActionAlways {
				return false
			}
		}
	}
	return true
}
