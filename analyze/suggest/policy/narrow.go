package policy

import (
	"strings"

	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// narrow grades a narrower form of a rule: by what it asks in addition, by what it watches, and by what is lost.
func (p *Policy) narrow(v *verdict, c *suggest.Change, of []*suggest.Behaviour) {
	rules, err := rule.ParseFile("narrower", strings.NewReader(strings.Join(c.Text, "\n")+"\n"))
	if err != nil || len(rules.Rules()) != len(c.Text) || len(c.Text) == 0 {
		v.say(suggest.Forbidden, "the narrower form is no rule")
		return
	}
	reads := onlyReads(c)
	for _, x := range c.Conds {
		narrowed(v, x)
	}
	if len(c.Conds) == 0 {
		p.callsLost(v, of)
	}
	for _, r := range rules.Rules() {
		if r.Action != rule.ActionAlways {
			v.say(suggest.Forbidden, "the narrower form records nothing")
		}
		if where := watched(r); where != "" && reads {
			p.secrets(v, where)
		}
	}
	for _, b := range of {
		if b.Dir != "" {
			p.secrets(v, b.Dir)
		}
	}
}

// onlyReads tells whether reading is what the narrower form does not see any more.
func onlyReads(c *suggest.Change) bool {
	perm := c.Cond("perm")
	return len(c.Conds) == 1 && perm != "" && strings.Contains(perm, "w") && strings.Contains(perm, "a")
}

// narrowed judges one condition more.
func narrowed(v *verdict, x suggest.Cond) {
	switch {
	case x.Field == "perm" && strings.Contains(x.Value, "w") && strings.Contains(x.Value, "a"):
	case x.Field == "perm":
		v.say(suggest.High, "writing or changing attributes is not seen any more")
	case x.Field == "success" && x.Value == "1":
		v.say(suggest.Medium, "failures are not seen any more: what is tried and refused tells of probing")
	case x.Field == "auid":
		v.say(suggest.High, "what services do is not seen any more: an attacker who came through one has no login")
	default:
		v.say(suggest.High, "the rule sees less: %s", quoted(x.String()))
	}
}

// callsLost judges a form with fewer system calls by those that were seen.
func (p *Policy) callsLost(v *verdict, of []*suggest.Behaviour) {
	for _, b := range of {
		name, ok := names.Syscall(b.Arch, int(b.Syscall))
		switch c := classOf[name]; {
		case !ok:
			v.say(suggest.High, "a system call without a name is not seen any more")
		case c == classSystem:
			v.say(suggest.Forbidden, "%s is how attackers change a machine", name)
		case c == classExec || c == classAttr || c == classTwo || c == classPort || c == classUnjudged:
			v.say(suggest.High, "%s is not seen any more, whoever does it", name)
		case c == classFile || c == classNet:
			v.say(suggest.Medium, "%s is not seen any more, whoever does it", name)
		}
	}
}

// watched is what a rule watches, "" where it is not one place.
func watched(r *rule.Rule) string {
	if r.IsWatch() {
		return strings.TrimRight(r.Watch.Text, "/")
	}
	for _, f := range r.Fields {
		if (f.Name == "dir" || f.Name == "path") && f.Op == "=" {
			return strings.TrimRight(f.Value, "/")
		}
	}
	return ""
}

// secrets judges what can be read at a place: it counts where reading is all that is lost.
func (p *Policy) secrets(v *verdict, where string) {
	if inexact(where) != "" {
		v.say(suggest.Medium, "%s cannot be judged", quoted(where))
		return
	}
	for _, s := range p.spellings(where) {
		p.folder(v, s)
	}
}
