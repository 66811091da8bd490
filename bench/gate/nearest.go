package gate

import (
	"cmp"
	"slices"
	"strings"
)

// nearest are up to three of the names that name may have been meant for, as an end of an error: ", did you mean a or b?".
func nearest(name string, names []string) string {
	type near struct {
		name string
		far  int
	}
	var list []near
	for _, n := range names {
		far := distance(name, n)
		if strings.Contains(n, name) || strings.Contains(name, n) && len(n) > 2 {
			far = min(far, 2)
		}
		if far <= max(2, len(name)/3) {
			list = append(list, near{n, far})
		}
	}
	slices.SortFunc(list, func(a, b near) int { return cmp.Or(cmp.Compare(a.far, b.far), strings.Compare(a.name, b.name)) })
	var words []string
	for _, n := range list[:min(len(list), 3)] {
		words = append(words, quote(n.name))
	}
	if len(words) == 0 {
		return ""
	}
	return ", did you mean " + strings.Join(words, " or ") + "?"
}

// distance is how many bytes are put in, taken out or changed to make b of a (Levenshtein).
func distance(a, b string) int {
	const most = 256
	a, b = a[:min(len(a), most)], b[:min(len(b), most)]
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
