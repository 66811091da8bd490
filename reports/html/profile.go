package html

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/analyze/suggest/advice"
	"github.com/auditprof/auditprof/reports/unit"
)

// ProfileOptions are what a page about a profile may show besides it.
type ProfileOptions struct {
	Logs, Rules string // what was read, in a word each; Rules is "" where there is no rule set
	Target      string // what wrote the log, "" where nobody knows
	Remarks     []string
	Next        []Step
	Suggestion  *advice.Advice // nil for none
}

// Step is a command and what it is good for.
type Step struct{ Why, Command string }

// WriteProfile writes the page of a profile. The error is that of w.
func WriteProfile(w io.Writer, profile *analyze.Profile, o ProfileOptions) error {
	plain := clean(*profile)
	v := &profileView{p: &plain, o: clean(o)}
	d := &document{Kind: "analyze", About: v.about(), Where: v.where(), Headline: v.headline(), Alarms: v.alarms(), Findings: v.findings(), Steps: v.steps()}
	d.Title = "auditprof: " + d.About
	v.timeline(d)
	v.volume(d)
	v.rules(d)
	v.makers(d)
	if list := profileListings(v.p); len(list) > 0 {
		d.add("files", "The rules, line by line", "What each line recorded in this log. Lines that recorded nothing are pale.", "listing", list)
	}
	addSuggestion(d, v.o.Suggestion)
	v.trust(d)
	addDownloads(d, profileDownload(profile, d.room(nil)))
	return d.write(w)
}

// profileView is a profile with what the page may show besides.
type profileView struct {
	p *analyze.Profile
	o ProfileOptions
}

func (v *profileView) bytes() float64 { return float64(v.p.Total.Bytes) }

func (v *profileView) share(c analyze.Count) string { return shareOf(float64(c.Bytes), v.bytes()) }

func (v *profileView) about() string {
	logs := cmp.Or(v.o.Logs, "log")
	if len(v.p.Rules) == 0 {
		return logs + ", by key alone"
	}
	return fmt.Sprintf("%s under %s (%s)", logs, cmp.Or(v.o.Rules, "its rules"), plural(uint64(len(v.p.Rules))+v.p.RulesCut, "rule"))
}

func (v *profileView) where() string {
	parts := []string{plural(v.p.Total.Events, "event"), plural(v.p.Total.Records, "record"), bytesOf(float64(v.p.Log.Bytes))}
	var hosts []string
	for _, h := range v.p.Window.Hosts {
		if h.Name != "" {
			hosts = append(hosts, h.Name)
		}
	}
	if list, more := first(hosts, 3); len(list) > 0 {
		text := strings.Join(list, ", ")
		if more > 0 {
			text += fmt.Sprintf(" and %d more", more)
		}
		parts = append(parts, text)
	}
	if w := v.p.Window; len(w.Hosts) > 0 {
		parts = append(parts, moment(w.FirstSec)+" to "+moment(w.LastSec)+" UTC")
	}
	return strings.Join(parts, " · ")
}

// moment prints seconds since 1970 as a time in UTC: the log knows no other zone.
func moment(sec int64) string { return time.Unix(sec, 0).UTC().Format("2006-01-02 15:04") }

// loudest is the rule with the most bytes.
func (v *profileView) loudest() (top analyze.RuleCount, ok bool) {
	for _, r := range v.p.Rules {
		if r.Bytes > top.Bytes {
			top, ok = r, true
		}
	}
	return top, ok
}

func (v *profileView) headline() string {
	switch top, ok := v.loudest(); {
	case v.p.Total.Events == 0:
		return "There is no event in the log."
	case ok:
		return fmt.Sprintf("%s writes %s of the log.", place(top.File, top.Line), v.share(top.Count))
	}
	for _, k := range v.p.Keys.Rows {
		if k.Name != "" {
			return fmt.Sprintf("The key %s has %s of the log.", k.Name, v.share(k.Count))
		}
	}
	return "No event is known to be of a rule."
}

func (v *profileView) findings() []finding {
	var list []finding
	if top, ok := v.loudest(); ok {
		list = append(list, finding{"noisy", "bad", fmt.Sprintf("%s wrote %s in %s: %s", place(top.File, top.Line), bytesOf(float64(top.Bytes)), plural(top.Events, "event"), top.Text), v.cause(top)})
	}
	if day, hosts, ok := v.p.Window.PerDay(); ok {
		list = append(list, finding{Word: "a day", Text: fmt.Sprintf("%s, %s events on a host (mean of %s with 24 hours or more)", bytesOf(day.Bytes), digits(math.Round(day.Events)), plural(hosts, "host"))})
	}
	if r := v.p.Rate; r.PeakEvents > 0 {
		list = append(list, finding{Word: "burst", Text: fmt.Sprintf("%s in the second of %s UTC", plural(r.PeakEvents, "event"), time.Unix(r.PeakSec, 0).UTC().Format("2006-01-02 15:04:05"))})
	}
	decided, open := v.p.Origins.Of(analyze.Rules).Events, v.p.Origins.Of(analyze.Undecided).Events
	if len(v.p.Rules) > 0 && decided+open > 0 {
		f := finding{Word: "sure", Text: fmt.Sprintf("%s of %s of rules decided as the kernel does, %s unknown (%s)", countOf(decided), plural(decided+open, "event"), countOf(open), percentOf(float64(open)/float64(decided+open)))}
		if open*20 > decided+open {
			f.Tone = "unsure"
		}
		list = append(list, f)
	}
	if odd := v.oddity(); odd > 0 && odd < oddShare {
		list = append(list, v.odd("unsure"))
	}
	return list
}

// oddShare is the part of the log below which what is unexplained is no alarm.
const oddShare = 0.01

// oddity is the share of the bytes that no rule can have recorded.
func (v *profileView) oddity() float64 {
	return float64(v.p.Origins.Of(analyze.Unexplained).Bytes) / max(v.bytes(), 1)
}

func (v *profileView) odd(tone string) finding {
	n := v.p.Origins.Of(analyze.Unexplained)
	return finding{Word: "odd", Tone: tone, Text: fmt.Sprintf("%s, %s of the bytes, that no rule of the set can have recorded", plural(n.Events, "event"), v.share(n))}
}

// cause is the program and system call behind most of what a rule recorded.
func (v *profileView) cause(top analyze.RuleCount) string {
	sums, all := map[[2]string]uint64{}, uint64(0)
	for _, c := range v.p.Cells {
		if c.Rule >= 0 && c.Rule < len(v.p.Rules) && v.p.Rules[c.Rule].RuleID == top.RuleID {
			sums[[2]string{c.Exe, c.Syscall}] += c.Bytes
			all += c.Bytes
		}
	}
	var best [2]string
	for s, n := range sums {
		if n > sums[best] || n == sums[best] && s[0]+s[1] < best[0]+best[1] {
			best = s
		}
	}
	if sums[best] == 0 {
		return ""
	}
	text := percentOf(float64(sums[best])/float64(all)) + " of that is " + cmp.Or(best[0], "no program")
	if best[1] != "" {
		text += " in " + best[1]
	}
	return text + "."
}

func (v *profileView) alarms() []finding {
	var list []finding
	var keys []string
	for _, k := range v.p.Conflicts.Keys {
		if k.Name != "" {
			keys = append(keys, k.Name)
		}
	}
	if list1, more := first(keys, 6); len(list1) > 0 {
		text := strings.Join(list1, ", ")
		if more > 0 {
			text += fmt.Sprintf(" and %d more", more)
		}
		list = append(list, finding{"other rules", "bad", fmt.Sprintf("The log was written under other rules: %s contradict these; their keys: %s.", plural(v.p.Conflicts.Events, "event"), text), ""})
	}
	if v.oddity() >= oddShare {
		list = append(list, v.odd("bad"))
	}
	for _, r := range v.o.Remarks {
		list = append(list, finding{"note", "unsure", r, ""})
	}
	return list
}

// steps are the things to do first: what makes the log smaller, then what the caller knows to be worth typing.
func (v *profileView) steps() []step {
	var list []step
	loud := v.loud()
	switch a := v.o.Suggestion; {
	case a != nil && len(a.Proposals) > 0:
		saved, before := a.Saved.All(), a.Before.All()
		list = append(list, step{Text: fmt.Sprintf("Look through the %s below: together they take away %s of the bytes", plural(len(a.Proposals), "change"), shareOf(float64(saved.Bytes), float64(before.Bytes)))})
	case len(loud) > 0:
		list = append(list, step{fmt.Sprintf("Narrow or quiet %s, which writes %s of the bytes: what of it nobody needs, and what an attacker could not hide in, says", place(loud[0].File, loud[0].Line), v.share(loud[0].Count)),
			"auditprof suggest-exclusions --rules RULES LOG"})
	}
	var names []string
	for _, r := range loud[min(1, len(loud)):min(3, len(loud))] {
		names = append(names, fmt.Sprintf("%s (%s)", place(r.File, r.Line), v.share(r.Count)))
	}
	if len(names) > 0 {
		list = append(list, step{Text: "Then look at " + strings.Join(names, " and ")})
	}
	for _, s := range v.o.Next {
		list = append(list, step{s.Why, s.Command})
	}
	list, _ = first(list, shownSteps)
	for i := range list {
		end := "."
		if list[i].Command != "" {
			end = ":"
		}
		list[i].Text = upper(strings.TrimSuffix(list[i].Text, ".")) + end
	}
	return list
}

// loudShare is the share of the log from which a rule is worth a look of its own.
const loudShare = 0.05

// loud are the rules with a share worth looking at, the loudest first.
func (v *profileView) loud() []analyze.RuleCount {
	list := slices.DeleteFunc(slices.Clone(v.p.Rules), func(r analyze.RuleCount) bool { return r.Bytes == 0 || float64(r.Bytes) < loudShare*v.bytes() })
	slices.SortStableFunc(list, func(a, b analyze.RuleCount) int { return cmp.Compare(b.Bytes, a.Bytes) })
	return list
}

func upper(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return string(s[0]-'a'+'A') + s[1:]
}

// timeline adds events and bytes over the time of the log.
func (v *profileView) timeline(d *document) {
	s := v.p.Series
	if len(s.Events) < 2 {
		return
	}
	width := figure(unit.Long(time.Duration(min(max(s.WidthSec, 0), math.MaxInt64/int64(time.Second))) * time.Second))
	c := courses{From: moment(s.StartSec), To: moment(s.StartSec+s.WidthSec*int64(len(s.Events))) + " UTC"}
	row := courseRow{}
	for _, one := range []struct {
		title string
		list  []uint64
		print func(float64) string
	}{{"Events in " + width, s.Events, digits}, {"Bytes in " + width, s.Bytes, bytesOf}} {
		most := uint64(1)
		var points [][2]float64
		for i, n := range one.list {
			most = max(most, n)
			points = append(points, [2]float64{float64(i) / float64(max(len(one.list)-1, 1)), float64(n)})
		}
		row.Charts = append(row.Charts, chart{Title: one.title, Top: one.print(float64(most)), Lines: []stroke{pathOf(points, float64(most), "arm0", "all")}})
	}
	c.Rows = []courseRow{row}
	d.add("course", "Over time", "", "course", c)
}

func (v *profileView) volume(d *document) {
	var leaves []leaf
	for _, c := range v.p.Cells {
		leaves = append(leaves, leaf{[3]string{v.maker(c), cmp.Or(c.Exe, "no program"), c.Type}, c.Bytes})
	}
	if len(leaves) == 0 {
		return
	}
	vol := volume{Title: "The whole log", Open: true, Icicle: newIcicle(leaves, [3]string{"rule", "program", "record type"}), Types: v.table("By record type", "record type", v.p.Types, 20)}
	d.add("volume", "Volume by rule", "Each box is as high as its bytes.", "volume", struct {
		List  []volume
		Quiet string
	}{[]volume{vol}, ""})
}

// maker is the rule of a cell, or where it is from.
func (v *profileView) maker(c analyze.Cell) string {
	if c.Rule >= 0 && c.Rule < len(v.p.Rules) {
		return place(v.p.Rules[c.Rule].File, v.p.Rules[c.Rule].Line)
	}
	return c.Origin.String()
}

func (v *profileView) table(title, name string, t analyze.Table, n int) grid {
	g := grid{Title: title, Head: append(words(name), numbers("events", "bytes", "share")...)}
	rows, more := first(t.Rows, n)
	for _, r := range rows {
		g.Rows = append(g.Rows, []cell{{Text: cmp.Or(r.Name, "(none)"), Code: true}, {Text: countOf(r.Events)}, {Text: bytesOf(float64(r.Bytes))}, bar(v.share(r.Count), float64(r.Bytes), v.bytes())})
	}
	if more > 0 || !t.Other.IsZero() {
		rest := t.Other
		for _, r := range t.Rows[len(rows):] {
			rest.Events, rest.Bytes = rest.Events+r.Events, rest.Bytes+r.Bytes
		}
		g.Rows = append(g.Rows, []cell{{Text: "all others"}, {Text: countOf(rest.Events)}, {Text: bytesOf(float64(rest.Bytes))}, {Text: v.share(rest)}})
	}
	return g
}

func (v *profileView) rules(d *document) {
	type numbered struct {
		analyze.RuleCount
		file int
	}
	files := map[string]int{}
	var list []numbered
	for _, r := range v.p.Rules {
		if _, seen := files[r.File]; !seen {
			files[r.File] = len(files)
		}
		if r.Events > 0 || r.Maybe > 0 {
			list = append(list, numbered{r, files[r.File]})
		}
	}
	if len(list) == 0 {
		return
	}
	slices.SortStableFunc(list, func(a, b numbered) int { return cmp.Compare(b.Bytes, a.Bytes) })
	list, more := first(list, maxRuleRows)
	t := ruleTable{Head: []sortHead{{Name: "rule"}, {"bytes", true, "descending"}, {Name: "share", Number: true}, {Name: "events", Number: true}, {Name: "records", Number: true}, {Name: "perhaps", Number: true}}}
	for _, r := range list {
		part := float64(r.Bytes) / max(v.bytes(), 1)
		row := ruleRow{Place: place(r.File, r.Line), Text: r.Text, Cells: []sortCell{number(bytesOf(float64(r.Bytes)), float64(r.Bytes)),
			{Text: percentOf(part), By: at6(part), Bar: percentAt(part), Number: true}, number(countOf(r.Events), float64(r.Events)), number(countOf(r.Records), float64(r.Records)),
			number(countOf(r.Maybe), float64(r.Maybe))}}
		if r.Line > 0 {
			row.Link = fmt.Sprintf("rule-0-%d-%d", r.file, r.Line)
		}
		t.Rows = append(t.Rows, row)
	}
	if more > 0 {
		t.More = plural(more, "lighter rule") + " are in the listing."
	}
	d.add("rules", "The noisiest rules", "“Perhaps” counts the undecided events that a rule may have recorded.", "rules", t)
}

// makers adds who made the log: programs, system calls, starters, folders, users, keys.
func (v *profileView) makers(d *document) {
	started := grid{Title: "Started by", Head: append(words("chain of programs"), numbers("events", "bytes", "share")...)}
	chains, _ := first(v.p.StartedBy.Rows, 12)
	for _, c := range chains {
		started.Rows = append(started.Rows, []cell{{Text: cmp.Or(c.String(), "nothing known"), Code: true}, {Text: countOf(c.Events)}, {Text: bytesOf(float64(c.Bytes))}, bar(v.share(c.Count), float64(c.Bytes), v.bytes())})
	}
	users := grid{Title: "By user", Head: append(words("login uid", "uid"), numbers("events", "bytes", "share")...)}
	rows, _ := first(v.p.Users.Rows, 12)
	for _, u := range rows {
		users.Rows = append(users.Rows, []cell{{Text: sentence(" ", u.AUID, u.AUIDName)}, {Text: sentence(" ", u.UID, u.UIDName)}, {Text: countOf(u.Events)}, {Text: bytesOf(float64(u.Bytes))}, bar(v.share(u.Count), float64(u.Bytes), v.bytes())})
	}
	hot := analyze.Table{Rows: v.p.Paths.Hot(0.02)}
	f := facts{Grids: []grid{v.table("By program", "program", v.p.Exes, 12), started, v.table("Files below", "directory or file", hot, 12),
		v.table("By system call", "system call", v.p.Syscalls, 12), users, v.table("By key", "key", v.p.Keys, 12)}}
	f.Grids = slices.DeleteFunc(f.Grids, func(g grid) bool { return len(g.Rows) == 0 })
	if len(f.Grids) > 0 {
		d.add("makers", "Who made it", "", "facts", f)
	}
}

// trust adds where the bytes are from, what is not known and why, and what is missing of the log.
func (v *profileView) trust(d *document) {
	var f facts
	l := v.p.Log
	for _, c := range []struct {
		name string
		n    uint64
	}{{"Serials missing", l.Missing}, {"Serials twice", l.Duplicates}, {"Events without all records", l.Partial}, {"Events far behind", l.Late}} {
		if c.n > 0 {
			f.List = append(f.List, fact{Name: c.name, Text: countOf(c.n)})
		}
	}
	if v.o.Target != "" {
		f.List = append(f.List, fact{Name: "Written by", Text: v.o.Target})
	}
	for _, s := range l.Skipped {
		f.List = append(f.List, fact{Name: "Not read", Text: fmt.Sprintf("%s, %s: %s", plural(s.Lines, "line"), bytesOf(float64(s.Bytes)), s.Reason)})
	}
	origins := grid{Title: "Where the bytes are from", Head: append(words("origin"), numbers("events", "bytes", "share")...)}
	for _, o := range v.p.Origins {
		if !o.IsZero() {
			origins.Rows = append(origins.Rows, []cell{{Text: o.Origin.String()}, {Text: countOf(o.Events)}, {Text: bytesOf(float64(o.Bytes))}, bar(v.share(o.Count), float64(o.Bytes), v.bytes())})
		}
	}
	f.Grids = []grid{origins, tallied("Why events are unknown", "reason", v.p.Unknown.Reasons), tallied("Taken for granted", "what", v.p.Assumptions)}
	f.Grids = slices.DeleteFunc(f.Grids, func(g grid) bool { return len(g.Rows) == 0 })
	if len(f.List)+len(f.Grids) > 0 {
		d.add("trust", "What to trust", "", "facts", f)
	}
}

func tallied(title, what string, list []analyze.Tallied) grid {
	g := grid{Title: title, Head: append(words(what), numbers("events")...)}
	list, more := first(list, 12)
	for _, t := range list {
		g.Rows = append(g.Rows, say(t.Name, countOf(t.Events)))
	}
	if more > 0 {
		g.More = plural(more, "more") + " in the data."
	}
	return g
}
