package ruleset

import (
	"slices"

	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

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
