package ruleset

import (
	"fmt"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// remarkByHand says what was added besides the loads of this set, and what was removed and not added again.
func (s *Set) remarkByHand(list []change, ours []load) {
	var added, removed, gone tally
	for i, ch := range list {
		inLoad := slices.ContainsFunc(ours, func(l load) bool { return l.from <= i && i < l.to })
		switch {
		case ch.kind == changeAdd && ch.ok:
			if !removed.undo(ch.rule) && !gone.undo(ch.rule) && !inLoad {
				added.count(ch)
			}
		case ch.kind == changeGone:
			gone.count(ch) // remarked where the rule is
		case ch.kind == changeRemove && ch.ok:
			if !added.undo(ch.rule) {
				removed.count(ch)
			}
		}
	}
	if added.n > 0 {
		s.remark(rule.Pos{}, added.say("added", "what they recorded is not told from what the set did"))
	}
	if removed.n > 0 {
		s.remark(rule.Pos{}, removed.say("removed", "events after that are decided as if they were still loaded"))
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
	subject := "1 rule was"
	if t.n > 1 {
		subject = fmt.Sprintf("%d rules were", t.n)
	}
	return fmt.Sprintf("%s %s by hand from %d.%03d on (CONFIG_CHANGE, keys %s%s): %s",
		subject, what, t.first.Sec, t.first.Milli, strings.Join(keys, ", "), more, so)
}
