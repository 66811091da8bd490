package names

import (
	"slices"
	"sync"
)

// entry is one line of a generated table. Tables are sorted by number; of several names for one number the usual one comes first.
type entry struct {
	nr   int
	name string
}

// nameOf is the usual name of a number.
func nameOf(table []entry, nr int) (string, bool) {
	i, ok := slices.BinarySearchFunc(table, nr, func(e entry, nr int) int { return e.nr - nr })
	if !ok {
		return "", false
	}
	return table[i].name, true
}

// index builds the way back from names to numbers when it is first asked for.
func index(table []entry) func() map[string]int {
	return sync.OnceValue(func() map[string]int {
		m := make(map[string]int, len(table))
		for _, e := range table {
			m[e.name] = e.nr
		}
		return m
	})
}

// all are the names of a table, each once, in the order of the numbers.
func all(table []entry) []string {
	out := make([]string, len(table))
	for i, e := range table {
		out[i] = e.name
	}
	return out
}
