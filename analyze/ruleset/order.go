package ruleset

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/rule"
)

// orders are how hosts order the files of a rules.d when it is not augenrules (ls -v, which sets the suffix .rules aside) that loads
// them: numbers as numbers and everything else by its bytes, as libraries sort; or by bytes alone, as a shell's *.rules in the C locale.
var orders = []func(a, b string) int{compareNatural, cmp.Compare[string]}

// otherOrders are the parts with the files of directories in each of the other orders, where that makes a difference.
func (s *Source) otherOrders() [][]part {
	seen := [][]string{s.Files()}
	var out [][]part
	for _, compare := range orders {
		other := &Source{}
		for _, p := range s.parts {
			other.parts = append(other.parts, p.reordered(compare))
		}
		same := func(files []string) bool { return slices.Equal(files, other.Files()) }
		if !slices.ContainsFunc(seen, same) {
			seen = append(seen, other.Files())
			out = append(out, other.parts)
		}
	}
	return out
}

// reordered is a directory with its files in another order. What augenrules takes to the front or the end stays there.
func (p part) reordered(compare func(a, b string) int) part {
	if len(p.set.Files) < 2 {
		return p
	}
	files := slices.Clone(p.set.Files)
	slices.SortFunc(files, func(a, b *rule.File) int { return compare(path.Base(a.Name), path.Base(b.Name)) })
	index := map[string]int{}
	for i, f := range files {
		index[f.Name] = i
	}
	from, to := inPlace(p.set.Order)
	order := slices.Clone(p.set.Order)
	slices.SortStableFunc(order[from:to], func(a, b *rule.Line) int { return index[a.Pos.File] - index[b.Pos.File] })
	p.set = &rule.Set{Files: files, Order: order}
	return p
}

// inPlace are the lines that augenrules does not move: it moves -D, -b and -f to the front and -e to the end.
func inPlace(order []*rule.Line) (from, to int) {
	moved := func(l *rule.Line, options string) bool {
		return l.Rule == nil && len(l.Controls) > 0 && strings.Contains(options, l.Controls[0].Option) && l.Controls[0].Key == ""
	}
	to = len(order)
	for from < to && from < 3 && moved(order[from], "-D -b -f") {
		from++
	}
	if to > from && moved(order[to-1], "-e") {
		to--
	}
	return from, to
}

// compareNatural compares runs of digits as numbers and the rest by bytes.
func compareNatural(a, b string) int {
	for a != "" && b != "" {
		na, nb := digits(a), digits(b)
		if na > 0 && nb > 0 {
			x, y := strings.TrimLeft(a[:na], "0"), strings.TrimLeft(b[:nb], "0")
			if c := cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(x, y)); c != 0 {
				return c
			}
			a, b = a[na:], b[nb:]
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}

// digits is how many digits a text begins with.
func digits(s string) (n int) {
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}
