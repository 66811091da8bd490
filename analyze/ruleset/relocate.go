package ruleset

import (
	"regexp"
	"strconv"

	"github.com/auditprof/auditprof/internal/audit/rule"
)

// above is the comment that bench writes above each rule of a run's copy: file and line of the rule as its author has it.
var above = regexp.MustCompile(`^# ([^/]{1,255}):([1-9][0-9]{0,8})$`)

// Relocate gives each rule the place that the comment above it names, as in the copy of a rule set that a run keeps, so that what is said of a rule
// is said of its author's line. Where a rule has none, or two have the same, all stay where they are.
func (s *Source) Relocate() {
	to := map[*rule.Line]rule.Pos{}
	taken := map[place]bool{}
	for _, p := range s.parts {
		for _, f := range p.set.Files {
			for i, l := range f.Lines {
				if l.Kind != rule.KindRule {
					continue
				}
				at, ok := named(f.Lines, i)
				if !ok || taken[place{at.File, at.Line}] {
					return
				}
				to[l], taken[place{at.File, at.Line}] = at, true
			}
		}
	}
	for l, at := range to {
		l.Pos, l.Rule.Pos = at, at
	}
}

func named(lines []*rule.Line, i int) (rule.Pos, bool) {
	if i == 0 {
		return rule.Pos{}, false
	}
	m := above.FindStringSubmatch(lines[i-1].Text)
	if m == nil {
		return rule.Pos{}, false
	}
	n, err := strconv.Atoi(m[2])
	return rule.Pos{File: m[1], Line: n, Col: 1}, err == nil
}
