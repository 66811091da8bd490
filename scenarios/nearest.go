package scenarios

import (
	"slices"
	"strings"
)

// unknown says what is legal in place of a word: the nearest names where some are near, else all.
func unknown(word string, legal []string) string {
	near := slices.DeleteFunc(slices.Clone(legal), func(l string) bool { return distance(word, l) > max(2, len(l)/3) })
	if len(near) == 0 || len(word) > 60 {
		return "it is one of " + strings.Join(legal, ", ")
	}
	slices.SortStableFunc(near, func(a, b string) int { return distance(word, a) - distance(word, b) })
	return "did you mean " + strings.Join(near[:min(3, len(near))], " or ") + "?"
}

// distance is how many bytes must be put in, taken out or exchanged to make b of a (Levenshtein 1966).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
