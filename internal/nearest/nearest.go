// Package nearest finds the names that a mistyped word may have been meant for. In go a word and the names that would be right, out come a few of
// them; it does not know what they name, nor how the error is worded.
package nearest

import (
	"cmp"
	"slices"
	"strings"
)

// most is how many names are given: more is no help.
const most = 3

// longest bounds in bytes what is looked at of each word: it comes from hostile input.
const longest = 256

// Names are up to three of the names that are near to the word, the nearest first: one byte of a word of up to three has to change, two of a
// longer one or a third of it; or one of both holds the other.
func Names(word string, names []string) []string {
	type near struct {
		name string
		far  int
	}
	within := max(2, len(word)/3)
	if len(word) <= 3 {
		within = 1
	}
	var list []near
	for _, n := range names {
		far := distance(word, n)
		if strings.Contains(n, word) || strings.Contains(word, n) && len(n) > 2 {
			far = min(far, within)
		}
		if far <= within {
			list = append(list, near{n, far})
		}
	}
	slices.SortFunc(list, func(a, b near) int { return cmp.Or(cmp.Compare(a.far, b.far), strings.Compare(a.name, b.name)) })
	var found []string
	for _, n := range list[:min(len(list), most)] {
		found = append(found, n.name)
	}
	return found
}

// distance is how many bytes are put in, taken out or changed to make b of a (Levenshtein 1966).
func distance(a, b string) int {
	a, b = a[:min(len(a), longest)], b[:min(len(b), longest)]
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
