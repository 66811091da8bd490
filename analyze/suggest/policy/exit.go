package policy

import (
	"strings"

	"github.com/auditprof/auditprof/analyze/suggest"
)

// exclusion is a never,exit rule as the checks see it.
type exclusion struct {
	*suggest.Change
	of        []*suggest.Behaviour
	exe       string
	uid, auid string // as written, "" where there is no condition
	dir, path string
}

// exit grades a never,exit rule.
func (p *Policy) exit(v *verdict, c *suggest.Change, of []*suggest.Behaviour) {
	x := &exclusion{c, of, c.Cond("exe"), c.Cond("uid"), c.Cond("auid"), c.Cond("dir"), c.Cond("path")}
	switch {
	case x.exe == "" && x.uid == "":
		v.say(suggest.Forbidden, "neither a program nor a user is named: anybody could hide in it")
	case x.exe == "" && x.uid == "0" && x.dir == "" && x.path == "":
		v.say(suggest.Forbidden, "user 0 alone: everything that root does would go")
	case x.exe == "":
		v.say(suggest.High, "no program is named: anything that runs as uid %s could hide in it", quotedPath(x.uid))
	default:
		p.program(v, x)
	}
	p.user(v, x)
	calls(v, x)
	p.where(v, x)
	outcome(v, x)
}

// outcome asks for success=1 where files are named: what is refused and what is looked for in vain tells of probing.
func outcome(v *verdict, x *exclusion) {
	if e := x.Cond("exit"); e == "-1" || e == "-13" { // EPERM, EACCES
		v.say(suggest.Medium, "what is refused goes: it tells of somebody who tries")
	}
	if !x.namesFiles() || x.only(classNet) {
		return
	}
	switch {
	case x.Cond("success") == "1":
	case x.Cond("success") == "0", strings.HasPrefix(x.Cond("exit"), "-"):
		v.say(suggest.Medium, "only failures go: what is tried in vain tells of probing")
	default:
		v.say(suggest.Medium, "failures go too: what is tried and refused tells of probing (success=1 would keep them)")
	}
}

// namesFiles tells whether the calls name files, as far as the behaviours say; without any, as far as calls can.
func (x *exclusion) namesFiles() bool {
	if len(x.of) == 0 {
		return !x.only(classPlain, classNet)
	}
	for _, b := range x.of {
		if b.Names != suggest.NoName {
			return true
		}
	}
	return false
}

// tight tells whether a rule is for one service's user, without a login, and below one folder where files are named: what makes it possible to
// think about tools that anybody could use.
func (x *exclusion) tight() bool {
	return serviceUser(x.uid) && x.auid == unset && (x.dir != "" || x.path != "" || !x.namesFiles())
}
