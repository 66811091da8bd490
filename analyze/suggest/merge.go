package suggest

import (
	"slices"
)

// merged puts two chosen changes into one where they differ in one thing only and the one that takes both is no riskier.
func (s *search) merged(chosen []*candidate) []*candidate {
	for again := true; again; {
		again = false
		for a := 0; a < len(chosen) && !again; a++ {
			for b := a + 1; b < len(chosen) && !again; b++ {
				if x := s.union(chosen[a], chosen[b]); x != nil {
					chosen[a] = x
					chosen = slices.Delete(chosen, b, b+1)
					again = true
				}
			}
		}
	}
	return chosen
}

// union is a candidate that takes what two take, nil where there is none that may be proposed.
func (s *search) union(a, b *candidate) *candidate {
	if a.change.Kind != Exit || b.change.Kind != Exit {
		return nil
	}
	c := a.change
	switch {
	case slices.Equal(a.change.Conds, b.change.Conds):
		c.Calls = joinCalls(s, a.change.Calls, b.change.Calls)
		c.Quiets = joinRules(a.change.Quiets, b.change.Quiets)
	case slices.Equal(a.change.Quiets, b.change.Quiets) && equalCalls(a.change.Calls, b.change.Calls):
		conds, ok := joinFolders(a.change.Conds, b.change.Conds)
		if !ok {
			return nil
		}
		c.Conds = conds
	default:
		return nil
	}
	x := s.candidateOf(c)
	if x == nil {
		return nil
	}
	if s.judge(x); x.why != "" || x.grade.Risk > max(a.grade.Risk, b.grade.Risk) || len(x.blinds) > len(a.blinds)+len(b.blinds) {
		return nil
	}
	return x
}

// candidateOf is the candidate of a change that was put together, nil where behaviours do not tell what it takes.
func (s *search) candidateOf(c Change) *candidate {
	among := make([]int, len(s.Behaviours))
	for i := range among {
		among[i] = i
	}
	return s.weigh(c, among)
}

func joinRules(a, b []int) []int {
	all := append(slices.Clone(a), b...)
	slices.Sort(all)
	return slices.Compact(all)
}

func joinCalls(s *search, a, b []Calls) []Calls {
	var keys []uint64
	for _, list := range [...][]Calls{a, b} {
		t := taker{calls: map[uint64]bool{}}
		for _, c := range list {
			t.addCalls(c, s.o.Machine)
		}
		for k := range t.calls {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	return s.callsOf(slices.Compact(keys))
}

func equalCalls(a, b []Calls) bool {
	return slices.EqualFunc(a, b, func(x, y Calls) bool { return x.Arch == y.Arch && slices.Equal(x.Names, y.Names) })
}

// joinFolders are conditions that differ in their folder only with the nearest folder above both.
func joinFolders(a, b []Cond) ([]Cond, bool) {
	if len(a) != len(b) {
		return nil, false
	}
	out := slices.Clone(a)
	at := -1
	for n := range a {
		if a[n] == b[n] {
			continue
		}
		if at >= 0 || a[n].Field != "dir" || b[n].Field != "dir" {
			return nil, false
		}
		at = n
	}
	if at < 0 {
		return nil, false
	}
	for folder := range foldersAbove(a[at].Value) {
		if below(b[at].Value, folder) {
			out[at].Value = folder
			return out, folder != "/"
		}
	}
	return nil, false
}
