package text

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/analyze"
)

// tables give the whole log by one thing after the other. Keys and sessions are in between only where they are all that is known, or asked for.
func (v *profileView) tables(p *page) {
	if v.profile.Total.Events == 0 {
		return
	}
	v.byRule(p)
	if v.byKey() || v.options.All {
		v.named(p, "keys", "events of several keys count at each", v.profile.Keys, "no key")
	}
	v.named(p, "types", "by record type", v.profile.Types, "")
	v.named(p, "exes", "by program", v.profile.Exes, "not said")
	v.started(p)
	v.paths(p)
	v.named(p, "calls", "by system call", v.profile.Syscalls, "none: no system call")
	v.users(p)
	if v.options.All {
		v.named(p, "sess", "by session", v.profile.Sessions, "not said")
	}
}

// byRule is the table of the rules that recorded something, and of what no rule did.
func (v *profileView) byRule(p *page) {
	var rows, rest []entry
	for _, r := range v.rules {
		rows = append(rows, entry{name: ruleName(r.RuleID), note: v.sourceNote(r), Count: r.Count})
	}
	for _, o := range v.profile.Origins {
		if o.Origin != analyze.Rules && !o.Count.IsZero() {
			rest = append(rest, entry{name: "(" + originName(o.Origin) + ")", Count: o.Count})
		}
	}
	if v.byKey() {
		slices.SortStableFunc(rest, func(a, b entry) int { return cmp.Compare(b.Bytes, a.Bytes) })
		v.volumes(p, "from", "by origin", rest, nil)
		return
	}
	v.volumes(p, "rules", fmt.Sprintf("by rule, %d of %d", len(v.rules), len(v.profile.Rules)), rows, rest)
}

// named prints a table whose rows have names; absent is what the row without one is called.
func (v *profileView) named(p *page, title, about string, t analyze.Table, absent string) {
	var rows []entry
	for _, r := range t.Rows {
		name := r.Name
		if name == "" {
			name = "(" + absent + ")"
		}
		rows = append(rows, entry{name: name, Count: r.Count})
	}
	v.volumes(p, title, about, rows, others(t.Other, t.Cut))
}

// others is the row of what had no room.
func others(c analyze.Count, cut uint64) []entry {
	if c.IsZero() {
		return nil
	}
	return []entry{{name: fmt.Sprintf("(other: too many to count apart, %s given up)", countOf(cut)), Count: c}}
}

func (v *profileView) started(p *page) {
	var rows []entry
	for _, c := range v.profile.StartedBy.Rows {
		rows = append(rows, entry{name: chainName(c), Count: c.Count})
	}
	v.volumes(p, "start", "by parents, as far as the log tells", rows, others(v.profile.StartedBy.Other, v.profile.StartedBy.Cut))
}

// chainName is a chain with the programs' names alone: whole paths of several programs leave no room for the last, which matters most.
func chainName(c analyze.Chain) string {
	short := c
	short.Programs = nil
	for _, p := range c.Programs {
		file, script, _ := strings.Cut(p, " (")
		if script != "" {
			script = " (" + script
		}
		short.Programs = append(short.Programs, path.Base(file)+script)
	}
	return short.String()
}

func (v *profileView) users(p *page) {
	var rows []entry
	for _, u := range v.profile.Users.Rows {
		rows = append(rows, entry{name: userName(u), Count: u.Count})
	}
	v.volumes(p, "users", "by login uid and uid", rows, others(v.profile.Users.Other, v.profile.Users.Cut))
}

// userName is "1000 alice as 0 root": who logged in, and as whom the process ran.
func userName(u analyze.UserCount) string {
	login := idName(u.AUID, u.AUIDName)
	if u.AUID == "unset" {
		login = "no login"
	}
	return login + " as " + idName(u.UID, u.UIDName)
}

func idName(id, name string) string {
	if id == "" {
		return "(not said)"
	}
	if name == "unset" || strings.HasPrefix(name, "unknown(") { // what auditd writes where the host has no such user
		name = ""
	}
	return strings.TrimSpace(id + " " + name)
}

// silent counts the rules that recorded nothing, and lists them where all is asked for. Rules that suppress have no other way to work.
func (v *profileView) silent(p *page) {
	var silent []analyze.RuleID
	quiet := 0
	for _, r := range v.profile.Rules {
		switch {
		case !r.Count.IsZero():
		case suppresses(r.Text):
			quiet++
		default:
			silent = append(silent, r.RuleID)
		}
	}
	if len(silent)+quiet == 0 {
		return
	}
	p.gap()
	text := fmt.Sprintf("%s of %s recorded nothing in this window", countOf(uint64(len(silent))), plural(len(v.profile.Rules), "rule"))
	if quiet > 0 {
		text += fmt.Sprintf("; %d more suppress, and never record", quiet)
	}
	if !v.options.All && len(silent) > 0 {
		text += " (listed by --all)"
	}
	p.prose(plain, "silent", "%s", text)
	if v.options.All {
		for _, r := range silent {
			p.row(plain, "  "+ruleName(r))
		}
	}
}

// suppresses tells whether a rule is there to keep records away: a never rule, or one of the exclude list.
func suppresses(text string) bool {
	words := strings.Fields(text)
	for i, w := range words {
		if (w == "-a" || w == "-A") && i+1 < len(words) {
			for _, part := range strings.Split(words[i+1], ",") {
				if part == "never" || part == "exclude" {
					return true
				}
			}
		}
	}
	return false
}
