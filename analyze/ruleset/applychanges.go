package ruleset

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// ApplyConfigChanges is the set as the log says that it was loaded: without the lines that the kernel refused when the set was loaded,
// with the files of a rules.d in the order in which they were, with rules that the kernel removed by itself bounded to the part of the log
// before, and with what the records say of -w being a file or a directory. What was added or removed by hand is remarked. s stays as it
// is. A set of a live kernel is not changed: it is what is loaded now, and nobody knows what was before.
func (s *Set) ApplyConfigChanges(c *Changes) *Set {
	out, loader := s.apply(c)
	if len(s.Others) == 0 {
		return out
	}
	var fit []*Set
	for _, other := range s.Others {
		if o, by := other.apply(c); by != loaderNone {
			fit, loader = append(fit, o), max(loader, by)
		}
	}
	asAugenrules := out.loaded
	switch {
	case asAugenrules && loader == loaderAugenrules || asAugenrules && len(fit) == 0:
	case len(fit) == 0:
		out.Others = s.Others
		out.remark(rule.Pos{}, "the log holds no load of these rules, and tools differ in the order of the files of the rules directory: events that another rule records in another order are unknown")
	case asAugenrules && loader == loaderAnybody:
		out.Others = fit
		out.remark(rule.Pos{}, "the log does not tell in which order the files of the rules directory were loaded: events that another rule records in another order are unknown")
	default:
		out = fit[0]
		out.Others = fit[1:]
		out.remark(rule.Pos{}, "the files of the rules directory were loaded in the order "+out.fileOrder()+", as the log shows; augenrules would have another")
	}
	return out
}

// loader is what a log says of who loaded a set.
type loader uint8

const (
	loaderNone       loader = iota // no load in the log is of this set
	loaderAnybody                  // it does not say
	loaderOther                    // auditctl, from a file that is not augenrules'
	loaderAugenrules               // auditctl, from the file that augenrules makes
)

// augenrulesFile is what augenrules makes of a rules.d and gives to auditctl -R (audit-userspace init.d/augenrules).
const augenrulesFile = "/etc/audit/audit.rules"

// loaderOf tells who made the first of some loads.
func loaderOf(rows []load, list []change) loader {
	if len(rows) == 0 {
		return loaderNone
	}
	switch list[rows[0].from].file {
	case "":
		return loaderAnybody
	case augenrulesFile:
		return loaderAugenrules
	}
	return loaderOther
}

// fileOrder are the files in the order of their first rules.
func (s *Set) fileOrder() string {
	var files []string
	for _, a := range s.attempts {
		if name := path.Base(a.at.file); !slices.Contains(files, name) {
			files = append(files, name)
		}
	}
	const few = 4
	if len(files) > few {
		files = append(files[:few], "…")
	}
	return strings.Join(files, ", ")
}

// apply does it for one order of the files, and tells who loaded the set in this order.
func (s *Set) apply(c *Changes) (out *Set, by loader) {
	clone := *s
	out = &clone
	out.Rules, out.Refused, out.Remarks, out.Others = slices.Clone(s.Rules), slices.Clone(s.Refused), slices.Clone(s.Remarks), nil
	switch {
	case s.Live || len(c.list) == 0 && len(c.updated) == 0:
		return out, loaderNone
	case len(c.nodes) > 1:
		out.remark(rule.Pos{}, "the log is of more than one host: what it says of rules being loaded and removed is not applied")
		return out, loaderNone
	case c.dropped:
		out.remark(rule.Pos{}, fmt.Sprintf("the log says of more than %d rules being loaded and removed: the later ones are not looked at", maxChanges))
	}
	list := s.changes(c)
	out.settleKinds(list, c.updated)
	ours := out.applyLoads(loads(list), list)
	out.applyRemovals(list)
	out.remarkByHand(list, ours)
	out.loaded = len(ours) > 0
	return out, loaderOf(ours, list)
}

// changes are those of the log, without their keys where no rule of the set has one: then the keys were taken out of the rules.
func (s *Set) changes(c *Changes) []change {
	if slices.ContainsFunc(s.attempts, func(a attempt) bool { return a.label.key != "" }) {
		return c.list
	}
	list := slices.Clone(c.list)
	for i := range list {
		list[i].rule.key = ""
	}
	return list
}

// settleKinds takes the forms of a watch away that the records contradict.
func (s *Set) settleKinds(list []change, updated map[updatedWatch]bool) {
	isDir := map[updatedWatch]bool{}
	for w := range updated {
		isDir[w] = false
	}
	for _, ch := range list {
		if ch.kind == changeGone {
			isDir[updatedWatch{ch.path, ch.rule.key}] = ch.dir
		}
	}
	for i, r := range s.Rules {
		name, ok := watched(r)
		dir, known := isDir[updatedWatch{name, r.Forms[0].Key()}]
		if !ok || !known {
			continue
		}
		want := rule.FieldWatch
		if dir {
			want = rule.FieldDir
		}
		forms := slices.DeleteFunc(slices.Clone(r.Forms), func(w rule.Wire) bool { return w.Fields[0].Type != want })
		if len(forms) > 0 {
			s.Rules[i].Forms = forms
		}
	}
}

// watched is the path of a rule that was written as a watch.
func watched(r match.Rule) (string, bool) {
	f := r.Forms[0].Fields
	if len(r.Forms) < 2 || len(f) == 0 || f[0].Type != rule.FieldWatch && f[0].Type != rule.FieldDir {
		return "", false
	}
	return f[0].Str, true
}

// load is a row of add_rule records.
type load struct{ from, to int } // into the list of changes

// loads are the rows: nothing but additions, with no pause in it that a person could make.
func loads(list []change) []load {
	const pauseSec = 10
	var out []load
	for i, ch := range list {
		if ch.kind != changeAdd {
			continue
		}
		if n := len(out); n > 0 && out[n-1].to == i && ch.at.Sec-list[i-1].at.Sec <= pauseSec {
			out[n-1].to = i + 1
			continue
		}
		out = append(out, load{i, i + 1})
	}
	return out
}

// applyLoads leaves out what no load of this set has loaded, and gives the loads that are of this set.
func (s *Set) applyLoads(rows []load, list []change) []load {
	var ours []load
	var all [][]outcome
	for _, l := range rows {
		if 2*(l.to-l.from) < len(s.attempts) {
			continue // a line or two by hand are no load
		}
		if out, ok := align(s.attempts, list[l.from:l.to]); ok {
			ours, all = append(ours, l), append(all, out)
		}
	}
	gone := map[place]string{}
	for j, a := range s.attempts {
		if why := s.never(a, j, all); why != "" {
			gone[a.at] = why
		}
	}
	s.Rules = slices.DeleteFunc(s.Rules, func(r match.Rule) bool {
		why := gone[place{r.Pos.File, r.Pos.Line}]
		if why != "" {
			s.refuse(r.Pos, why)
		}
		return why != ""
	})
	return ours
}

// never is why a line was loaded by none of the loads, "" where it may have been.
func (s *Set) never(a attempt, j int, all [][]outcome) string {
	refused, missing := 0, 0
	for _, out := range all {
		switch out[j] {
		case outcomeRefused:
			refused++
		case outcomeAbsent:
			missing++
		}
	}
	switch {
	case len(all) == 0 || refused+missing == 0:
		return ""
	case refused+missing < len(all):
		s.remark(rule.Pos{File: a.at.file, Line: a.at.line, Col: 1}, "the log holds loads of the set with this line and without it: it counts as loaded throughout")
		return ""
	case missing > 0:
		return "the log holds the load of the set, and not of this line: a path, a user or a group in it was missing"
	}
	return "the kernel refused it when the set was loaded (CONFIG_CHANGE res=0)"
}

// maxSpans bounds how often one rule may go and come back.
const maxSpans = 16

// applyRemovals bounds the rules that the kernel removed by itself, because their path was gone, to where they were loaded. A rule that is
// loaded again later is there once more, in its place.
func (s *Set) applyRemovals(list []change) {
	if !slices.ContainsFunc(list, func(ch change) bool { return ch.kind == changeGone }) {
		return
	}
	var out []match.Rule
	for _, r := range s.Rules {
		spans := spansOf(r, list)
		for _, span := range spans {
			r.From, r.Until = span[0], span[1]
			out = append(out, r)
		}
		if first := spans[0][1]; !first.IsZero() {
			s.remark(r.Pos, fmt.Sprintf("the kernel removed this rule at %d.%03d, because its path was gone", first.Sec, first.Milli))
		}
	}
	s.Rules = out
}

// spansOf are the parts of the log in which a rule was loaded, each from and until.
func spansOf(r match.Rule, list []change) [][2]match.Moment {
	spans := [][2]match.Moment{{}}
	loaded := true
	for _, ch := range list {
		last := &spans[len(spans)-1]
		switch {
		case loaded && ch.kind == changeGone && ch.hits(r):
			last[1], loaded = ch.at, false
		case !loaded && ch.loads(r) && len(spans) < maxSpans:
			spans, loaded = append(spans, [2]match.Moment{ch.at}), true
		case !loaded && ch.loads(r):
			last[1], loaded = match.Moment{}, true
		}
	}
	return spans
}

// labelOf is how CONFIG_CHANGE names a rule.
func labelOf(r match.Rule) label { return label{r.Forms[0].Key(), uint64(r.Forms[0].List)} }

// hits tells whether the kernel's removal is of this rule.
func (ch change) hits(r match.Rule) bool {
	if !ch.ok || ch.rule != labelOf(r) {
		return false
	}
	kind := rule.FieldWatch
	if ch.dir {
		kind = rule.FieldDir
	}
	return slices.ContainsFunc(r.Forms[0].Fields, func(f rule.WireField) bool {
		return f.Str == ch.path && (f.Type == kind || f.Type == rule.FieldExe && !ch.dir)
	})
}

// loads tells whether this rule may be loaded again by it.
func (ch change) loads(r match.Rule) bool {
	return ch.kind == changeStart || ch.kind == changeAdd && ch.ok && ch.rule == labelOf(r)
}

// remarkByHand says what was added besides the loads of this set, and what was removed and not added again.
func (s *Set) remarkByHand(list []change, ours []load) {
	var added, removed tally
	for i, ch := range list {
		inLoad := slices.ContainsFunc(ours, func(l load) bool { return l.from <= i && i < l.to })
		switch {
		case ch.kind == changeAdd && ch.ok:
			if !removed.undo(ch.rule) && !inLoad {
				added.count(ch)
			}
		case ch.kind == changeRemove && ch.ok:
			if !added.undo(ch.rule) {
				removed.count(ch)
			}
		}
	}
	if added.n > 0 {
		s.remark(rule.Pos{}, added.say("were added", "what they recorded is not told from what the set did"))
	}
	if removed.n > 0 {
		s.remark(rule.Pos{}, removed.say("were removed", "events after that are decided as if they were still loaded"))
	}
}

// tally counts changes that stand by themselves.
type tally struct {
	n     int
	first match.Moment
	by    map[label]int
}

func (t *tally) count(ch change) {
	if t.by == nil {
		t.by = map[label]int{}
	}
	if t.n == 0 {
		t.first = ch.at
	}
	t.n++
	t.by[ch.rule]++
}

// undo takes one back, where there is one.
func (t *tally) undo(l label) bool {
	if t.by[l] == 0 {
		return false
	}
	t.by[l]--
	t.n--
	return true
}

// say names the keys, a few of them.
func (t *tally) say(what, so string) string {
	const few = 5
	var keys []string
	for l, n := range t.by {
		if n > 0 {
			keys = append(keys, fmt.Sprintf("%q", l.key))
		}
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	more := ""
	if len(keys) > few {
		keys, more = keys[:few], ", …"
	}
	return fmt.Sprintf("%d rules %s by hand from %d.%03d on (CONFIG_CHANGE, keys %s%s): %s",
		t.n, what, t.first.Sec, t.first.Milli, strings.Join(keys, ", "), more, so)
}
