package ruleset

import "github.com/auditprof/auditprof/internal/audit/rule"

// step is a line that auditctl reads, and what its grammar has against it.
type step struct {
	line *rule.Line
	bad  rule.Errors
}

// steps are the lines of a set in the order in which auditctl reads them, those that it refuses among them: each stands before the
// next rule of its place in the files.
func steps(p part) []step {
	bad := map[place]rule.Errors{}
	for _, e := range p.bad {
		at := place{e.Pos.File, e.Pos.Line}
		bad[at] = append(bad[at], e)
	}
	var out []step
	lines := refusedLines(p.set)
	index := indexOf(p.set)
	for _, l := range p.set.Order {
		for l.Rule != nil && len(lines) > 0 && index[lines[0]] < index[l] {
			out = append(out, step{lines[0], bad[placeOf(lines[0])]})
			lines = lines[1:]
		}
		out = append(out, step{l, bad[placeOf(l)]})
	}
	for _, l := range lines {
		out = append(out, step{l, bad[placeOf(l)]})
	}
	return out
}

type place struct {
	file string
	line int
}

func placeOf(l *rule.Line) place { return place{l.Pos.File, l.Pos.Line} }

func refusedLines(s *rule.Set) []*rule.Line {
	var out []*rule.Line
	for _, f := range s.Files {
		for _, l := range f.Lines {
			if l.Kind == rule.KindBad {
				out = append(out, l)
			}
		}
	}
	return out
}

// indexOf gives every line its place among all lines of all files.
func indexOf(s *rule.Set) map[*rule.Line]int {
	out := map[*rule.Line]int{}
	for _, f := range s.Files {
		for _, l := range f.Lines {
			out[l] = len(out)
		}
	}
	return out
}
