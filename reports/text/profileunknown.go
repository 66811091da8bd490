package text

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/analyze"
)

// shownSets is how many sets of candidates are named.
const shownSets = 3

// unknown tells what is not decided, what the log leaves open, between which rules, and what the decisions rest on.
func (v *profileView) unknown(p *page) {
	if v.byKey() {
		return
	}
	p.gap()
	n := v.profile.Origins.Of(analyze.Undecided)
	if n.Events > 0 {
		p.prose(plain, "unknown", "%s, %s of the bytes, for what the log does not hold: %s", many(n.Events, "event"), v.share(n), tallied(v.profile.Unknown.Reasons, len(v.profile.Unknown.Reasons)))
		first, more := several(v.profile.Unknown.Sets, v.setsShown())
		for _, s := range first {
			p.prose(plain, "", "%s between %s", countOf(s.Events), namesOf(v.candidates(s), 6))
		}
		if more > 0 {
			p.prose(plain, "", "and %s more", plural(more, "set of rules"))
		}
	}
	if len(v.profile.Assumptions) > 0 {
		p.prose(plain, "rests", "on: %s", tallied(v.profile.Assumptions, len(v.profile.Assumptions)))
	}
}

func (v *profileView) setsShown() int {
	if v.options.All {
		return len(v.profile.Unknown.Sets)
	}
	return shownSets
}

// candidates are the rules of a set by name.
func (v *profileView) candidates(s analyze.Candidates) []string {
	var names []string
	for _, r := range s.Rules {
		if r < 0 || r >= len(v.profile.Rules) {
			names = append(names, "none of them")
		} else {
			names = append(names, place(v.profile.Rules[r].RuleID))
		}
	}
	return names
}

// tallied prints words with their numbers of events, the most first.
func tallied(list []analyze.Tallied, n int) string {
	list = slices.SortedStableFunc(slices.Values(list), func(a, b analyze.Tallied) int { return cmp.Compare(b.Events, a.Events) })
	var parts []string
	for _, t := range list {
		parts = append(parts, t.Name+" "+countOf(t.Events))
	}
	return namesOf(parts, n)
}

// skipped counts the lines that are no audit record, with the place of the first of each kind.
func (v *profileView) skipped(p *page) {
	var lines, bytes uint64
	var parts []string
	for _, s := range v.profile.Log.Skipped {
		lines, bytes = lines+s.Lines, bytes+s.Bytes
		parts = append(parts, fmt.Sprintf("%s %s%s", s.Reason, countOf(s.Lines), firstAt(s)))
	}
	if lines > 0 {
		p.gap()
		p.prose(plain, "skipped", "%s (%s bytes) that are no audit record: %s", many(lines, "line"), countOf(bytes), strings.Join(parts, "; "))
	}
}

func firstAt(s analyze.Skipped) string {
	if s.Line == 0 {
		return ""
	}
	if s.Input == "" {
		return fmt.Sprintf(", first line %d", s.Line)
	}
	return fmt.Sprintf(", first %s:%d", s.Input, s.Line)
}

func (v *profileView) remarks(p *page) {
	if len(v.options.Remarks) > 0 {
		p.gap()
	}
	for _, r := range v.options.Remarks {
		p.prose(plain, "note", "%s", r)
	}
}

func (v *profileView) next(p *page) {
	if len(v.options.Next) > 0 {
		p.gap()
	}
	for _, s := range v.options.Next {
		p.prose(plain, "next", "%s:", s.Why)
		p.verbatim("  " + s.Command)
	}
}
