package analyze

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// validText makes bytes that are no UTF-8 into \xNN: JSON has no others, and two names must not become one by chance.
func validText(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size <= 1 {
			fmt.Fprintf(&b, `\x%02x`, s[i])
		} else {
			b.WriteString(s[i : i+size])
		}
		i += size
	}
	return b.String()
}

// gather makes rows with equal names one, and sorts what is left.
func gather[R any](rows []R, byName, byRank func(a, b R) int, join func(into *R, from R)) []R {
	slices.SortFunc(rows, byName)
	out := rows[:0]
	for _, r := range rows {
		if n := len(out); n > 0 && byName(out[n-1], r) == 0 {
			join(&out[n-1], r)
			continue
		}
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b R) int { return cmp.Or(byRank(a, b), byName(a, b)) })
	return out
}

func (t *Table) tidy() {
	for i := range t.Rows {
		t.Rows[i].Name = validText(t.Rows[i].Name)
	}
	t.Rows = gather(t.Rows,
		func(a, b Named) int { return strings.Compare(a.Name, b.Name) },
		func(a, b Named) int { return heavier(a.Count, b.Count) },
		func(into *Named, from Named) { into.Count.add(from.Count) })
}

func compareUsers(a, b User) int {
	return cmp.Or(strings.Compare(a.AUID, b.AUID), strings.Compare(a.UID, b.UID))
}

func (u *Users) tidy() {
	for i := range u.Rows {
		u.Rows[i].AUIDName, u.Rows[i].UIDName = validText(u.Rows[i].AUIDName), validText(u.Rows[i].UIDName)
	}
	u.Rows = gather(u.Rows,
		func(a, b UserCount) int { return compareUsers(a.User, b.User) },
		func(a, b UserCount) int { return heavier(a.Count, b.Count) },
		func(into *UserCount, from UserCount) {
			into.Count.add(from.Count)
			into.AUIDName, into.UIDName = oneName(into.AUIDName, from.AUIDName), oneName(into.UIDName, from.UIDName)
		})
}

// oneName is the first in the alphabet of two names that hosts give to one number: which of them comes first must not matter.
func oneName(a, b string) string {
	if a == "" || b != "" && b < a {
		return b
	}
	return a
}

func (p *Paths) tidy() {
	for i := range p.Rows {
		p.Rows[i].Path = validText(p.Rows[i].Path)
	}
	byName := func(a, b PathCount) int { return byPath(a.Path, b.Path) }
	p.Rows = gather(p.Rows, byName, func(a, b PathCount) int { return 0 }, func(into *PathCount, from PathCount) { into.Own.add(from.Own) })
	p.sumUp()
}

func (s *StartedBy) tidy() {
	for i := range s.Rows {
		for j, name := range s.Rows[i].Programs {
			s.Rows[i].Programs[j] = validText(name)
		}
	}
	s.Rows = gather(s.Rows, compareChains,
		func(a, b Chain) int { return heavier(a.Count, b.Count) },
		func(into *Chain, from Chain) { into.Count.add(from.Count) })
}

func compareChains(a, b Chain) int {
	whole := 0
	if a.Whole != b.Whole {
		whole = 1
		if a.Whole {
			whole = -1
		}
	}
	return cmp.Or(slices.Compare(a.Programs, b.Programs), whole)
}

func tidyCells(rows []Cell) []Cell {
	for i := range rows {
		rows[i].Exe = validText(rows[i].Exe)
	}
	return gather(rows, compareCells,
		func(a, b Cell) int { return heavier(a.Count, b.Count) },
		func(into *Cell, from Cell) { into.Count.add(from.Count) })
}

func compareCells(a, b Cell) int {
	return cmp.Or(cmp.Compare(a.Origin, b.Origin), cmp.Compare(a.Rule, b.Rule), strings.Compare(a.Exe, b.Exe), strings.Compare(a.Syscall, b.Syscall),
		compareUsers(a.User, b.User), strings.Compare(a.Type, b.Type))
}

func (w *Window) tidy() {
	for i := range w.Hosts {
		w.Hosts[i].Name = validText(w.Hosts[i].Name)
	}
	for i := range w.Holes {
		w.Holes[i].Host = validText(w.Holes[i].Host)
	}
	w.Silence.Host = validText(w.Silence.Host)
	slices.SortFunc(w.Hosts, func(a, b Host) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), cmp.Compare(a.FirstSec, b.FirstSec), cmp.Compare(a.LastSec, b.LastSec),
			cmp.Compare(a.CoveredSec, b.CoveredSec), heavier(a.Count, b.Count))
	})
	for i, h := range w.Hosts {
		if i == 0 {
			w.FirstSec, w.LastSec = h.FirstSec, h.LastSec
		}
		w.FirstSec, w.LastSec = min(w.FirstSec, h.FirstSec), max(w.LastSec, h.LastSec)
	}
}

// heaviestRules are the indexes of rules that recorded something, heaviest first.
func heaviestRules(rules []RuleCount) []int {
	var list []int
	for i := range rules {
		if rules[i].Events > 0 {
			list = append(list, i)
		}
	}
	slices.SortStableFunc(list, func(a, b int) int { return heavier(rules[a].Count, rules[b].Count) })
	return list
}
