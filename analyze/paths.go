package analyze

import (
	"cmp"
	"slices"
	"strings"
)

// Paths is the volume by the first file that each event names, as a tree of directories.
type Paths struct {
	// Rows are the directories and files with a row, by path; each one's parent has a row too. They and the next two add up to Total.
	Rows     []PathCount `json:"rows"`
	NoPath   Count       `json:"no_path"`  // events that name no file
	Relative Count       `json:"relative"` // events whose name is relative to a directory that the log does not name
	Cut      uint64      `json:"cut"`      // rows given up: their volume is in Own of the nearest directory with a row
}

// PathCount is the volume in one directory, or of one file.
type PathCount struct {
	Path  string `json:"path"` // absolute, without a / at the end but for the root
	Count        // of all that lies there and below
	Own   Count  `json:"own"` // of it, what no row below has
}

// Hot are disjoint parts of the tree that hold at least share (0 to 1) of all that has a path, heaviest first: the deepest directories that
// do, and what is left of one whose heavy parts have rows of their own.
func (p *Paths) Hot(share float64) []Named {
	if len(p.Rows) == 0 {
		return nil
	}
	least := share * float64(p.Rows[0].Bytes) // the root sorts first
	var hot []Named
	p.hot(0, least, &hot)
	slices.SortFunc(hot, func(a, b Named) int { return cmp.Or(heavier(a.Count, b.Count), strings.Compare(a.Name, b.Name)) })
	return hot
}

// hot goes down into the rows below row i, which follow it, and returns the first that is not below.
func (p *Paths) hot(i int, least float64, hot *[]Named) (next int) {
	dir := p.Rows[i]
	rest := dir.Count
	for next = i + 1; next < len(p.Rows) && isBelow(p.Rows[next].Path, dir.Path); {
		child := p.Rows[next]
		if float64(child.Bytes) < least {
			next = p.after(next)
			continue
		}
		rest = minus(rest, child.Count)
		next = p.hot(next, least, hot)
	}
	if float64(rest.Bytes) >= least && rest.Bytes > 0 {
		*hot = append(*hot, Named{dir.Path, rest})
	}
	return next
}

// after is the first row behind i that is not below it.
func (p *Paths) after(i int) int {
	next := i + 1
	for next < len(p.Rows) && isBelow(p.Rows[next].Path, p.Rows[i].Path) {
		next++
	}
	return next
}

func isBelow(path, dir string) bool {
	if dir == "/" {
		return len(path) > 1
	}
	return len(path) > len(dir) && path[len(dir)] == '/' && path[:len(dir)] == dir
}

func minus(a, b Count) Count {
	return Count{a.Events - b.Events, a.Records - b.Records, a.Bytes - b.Bytes}
}

// byPath sorts a directory in front of all that lies below it, and nothing else between them.
func byPath(a, b string) int {
	return slices.CompareFunc([]byte(a), []byte(b), func(x, y byte) int { return cmp.Compare(slashFirst(x), slashFirst(y)) })
}

// slashFirst orders / before every other byte: /a/b then comes before /a.b.
func slashFirst(b byte) int {
	if b == '/' {
		return -1
	}
	return int(b)
}

// sumUp sets the volume of each row from the Own of all rows below it. Rows are sorted and have their parents.
func (p *Paths) sumUp() {
	var open []int // the row's directories
	for i := range p.Rows {
		row := &p.Rows[i]
		row.Count = row.Own
		for len(open) > 0 && !isBelow(row.Path, p.Rows[open[len(open)-1]].Path) {
			open = open[:len(open)-1]
		}
		for _, dir := range open {
			p.Rows[dir].Count.add(row.Own)
		}
		open = append(open, i)
	}
}
