package policy

import (
	"strings"

	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// narrow grades a narrower form of a rule. What it was before does not show in it: it is told by what the new form asks for and by what is lost.
func (p *Policy) narrow(v *verdict, c *suggest.Change, of []*suggest.Behaviour) {
	set, err := rule.ParseFile("narrower", strings.NewReader(strings.Join(c.Text, "\n")+"\n"))
	if err != nil || len(c.Text) == 0 || len(set.Rules()) != len(c.Text) || len(of) == 0 {
		v.say(suggest.Forbidden, "the narrower form is no rule, or nobody has seen what it leaves out")
		return
	}
	for _, r := range set.Rules() {
		if r.Action != rule.ActionAlways || r.Flag == "-d" || r.Flag == "-W" {
			v.say(suggest.Forbidden, "the narrower form records nothing")
			return
		}
		p.narrowed(v, r, of)
	}
	for _, b := range of {
		if c, ok := callOf(b); ok && c == classSystem {
			v.say(suggest.Forbidden, "part of what is lost is how attackers change a machine")
		}
	}
}

// narrowed judges one line by what is lost.
func (p *Policy) narrowed(v *verdict, r *rule.Rule, of []*suggest.Behaviour) {
	perms := permsOf(r)
	switch {
	case perms != "" && all(of, func(b *suggest.Behaviour) bool { return b.Access == suggest.ReadAccess }) && !strings.Contains(perms, "r"):
		if !strings.Contains(perms, "w") || !strings.Contains(perms, "a") {
			v.say(suggest.High, "writing or changing attributes is not seen either")
		}
		v.say(suggest.Medium, "what is read is not seen any more, whoever reads it")
		if !all(of, ofServices) {
			v.say(suggest.High, "part of the noise is made by people, or by programs that anybody may run: who reads enough would go unseen")
		}
		p.readers(v, r, of)
	case asks(r, "auid", ">=") && all(of, func(b *suggest.Behaviour) bool { return !person(b.AUID) }):
		v.say(suggest.High, "what services do is not seen any more: an attacker who came through one has no login")
	case asks(r, "success", "=") && all(of, func(b *suggest.Behaviour) bool { return b.Outcome != suggest.Succeeded }):
		v.say(suggest.Medium, "failures are not seen any more: what is tried and refused tells of probing")
	default:
		v.say(suggest.High, "the rule sees less, whoever does it")
	}
}

func all(of []*suggest.Behaviour, is func(*suggest.Behaviour) bool) bool {
	for _, b := range of {
		if !is(b) {
			return false
		}
	}
	return true
}

// ofServices tells whether a behaviour is that of a service with a program of its own: nobody else can make more of it.
func ofServices(b *suggest.Behaviour) bool {
	return !person(b.AUID) && (b.UID < firstPerson || b.UID == nobody) && !inSet(interpreters, b.Exe) && !inSet(tools, b.Exe)
}

func person(auid uint32) bool { return auid >= firstPerson && auid != 1<<32-1 }

// permsOf are the permissions of a rule, "" where it does not ask for them.
func permsOf(r *rule.Rule) string {
	if r.IsWatch() {
		return r.Perms.Text
	}
	for _, f := range r.Fields {
		if f.Name == "perm" || f.Flag == "-p" {
			return f.Value
		}
	}
	return ""
}

func asks(r *rule.Rule, field, op string) bool {
	for _, f := range r.Fields {
		if (f.Name == field || field == "auid" && f.Name == "loginuid") && f.Op == op {
			return true
		}
	}
	return false
}

// watched is what a rule watches, "" where it is not one place.
func watched(r *rule.Rule) string {
	where := ""
	if r.IsWatch() {
		where = r.Watch.Text
	}
	for _, f := range r.Fields {
		if (f.Name == "dir" || f.Name == "path") && f.Op == "=" {
			where = f.Value
		}
	}
	if trimmed := strings.TrimRight(where, "/"); trimmed != "" {
		return trimmed
	}
	return where
}

// readers judges what can be read where reading is not seen any more: at the place that the rule watches, and where it was seen.
func (p *Policy) readers(v *verdict, r *rule.Rule, of []*suggest.Behaviour) {
	where := watched(r)
	if where == "" {
		v.say(suggest.High, "reading is not seen any more, wherever it is")
	}
	places := p.spellings(where)
	for _, b := range of {
		if b.Dir != "" {
			places = append(places, p.spellings(b.Dir)...)
		}
	}
	for _, at := range places {
		p.secret(v, at)
	}
}

// secrets are what attackers read: credentials, keys, and what tells whom there is. The worse of two counts.
var secrets = []location{
	{"/etc/shadow", suggest.Forbidden, "passwords"}, {"/etc/shadow-", suggest.Forbidden, "passwords"}, {"/etc/gshadow", suggest.Forbidden, "passwords"},
	{"/etc/security/opasswd", suggest.Forbidden, "passwords"}, {"/etc/krb5.keytab", suggest.Forbidden, "keys"}, {"/etc/ssl/private", suggest.Forbidden, "keys"},
	{"/etc/pki/tls/private", suggest.Forbidden, "keys"}, {"/etc/ssh", suggest.High, "keys of the host"}, {"/root", suggest.High, "root's own files and keys"},
	{"/home", suggest.High, "people's own files and keys"}, {"/var/log/audit", suggest.Forbidden, "the audit log"}, {"/etc/audit", suggest.High, "what is audited"},
	{"/etc/sudoers", suggest.High, "who may become root"}, {"/etc/sudoers.d", suggest.High, "who may become root"}, {"/var/lib/sss", suggest.High, "passwords and tickets"},
	{"/var/lib/krb5kdc", suggest.High, "keys"}, {"/var/kerberos", suggest.High, "keys"}, {"/var/lib/samba/private", suggest.High, "passwords"},
	{"/run/secrets", suggest.High, "secrets of containers"}, {"/run/credentials", suggest.High, "secrets of services"}, {"/var/lib/kubelet", suggest.High, "secrets of containers"},
	{"/proc", suggest.High, "the memory and the environment of processes"}, {"/dev", suggest.High, "disks and memory"}, {"/var/backups", suggest.High, "copies of everything"},
	{"/etc", suggest.Medium, "the settings of the host"}, {"/var/log", suggest.Medium, "logs"}, {"/tmp", suggest.Medium, "what others leave there"},
}

func (p *Policy) secret(v *verdict, where string) {
	if inexact(where) != "" {
		v.say(suggest.High, "what is read at %s cannot be judged", quoted(where))
		return
	}
	for _, s := range secrets {
		if within(where, s.path) || within(s.path, where) {
			v.say(s.risk, "reading at %s is not seen any more: %s, %s", where, s.path, s.why)
		}
	}
	for _, h := range p.host.homes {
		if within(where, h.dir) || within(h.dir, where) {
			v.say(suggest.High, "reading at %s is not seen any more: the home of uid %d, maybe with keys", where, h.uid)
		}
	}
	if strings.Contains(where, "/.") {
		v.say(suggest.High, "reading at %s is not seen any more: keys are kept in such folders", where)
	}
}
