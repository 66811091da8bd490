package logs

import (
	"cmp"
	"path/filepath"
	"slices"
	"strings"
)

// stamp is a time on the clock of a log's writer, with a serial for what happens within a millisecond.
type stamp struct {
	sec    int64
	milli  int
	serial uint64
	known  bool
}

func (s stamp) compare(o stamp) int {
	return cmp.Or(cmp.Compare(s.sec, o.sec), cmp.Compare(s.milli, o.milli), cmp.Compare(s.serial, o.serial))
}

// inOrder sorts files so that what was written first is read first: rotated sets each by their names, or where these do not say by time,
// and the sets among each other by the time of their oldest file. Streams come last, in the order in which they were named.
func inOrder(files []*source) []*source {
	var sets [][]*source
	at := map[string]int{}
	for _, f := range files {
		if f.file == nil {
			sets = append(sets, []*source{f})
			continue
		}
		key := filepath.Dir(f.name) + "\x00" + f.age.stem
		n, ok := at[key]
		if !ok {
			n = len(sets)
			at[key] = n
			sets = append(sets, nil)
		}
		sets[n] = append(sets[n], f)
	}
	for _, set := range sets {
		slices.SortStableFunc(set, comparison(set))
	}
	slices.SortStableFunc(sets, func(a, b []*source) int {
		if stream := compareBool(a[0].file == nil, b[0].file == nil); stream != 0 {
			return stream
		}
		sa, sb := oldest(a), oldest(b)
		if !sa.known || !sb.known {
			return compareBool(!sa.known, !sb.known)
		}
		return sa.compare(sb)
	})
	return slices.Concat(sets...)
}

// comparison is how the files of one set are to be compared: all numbered by number, all dated by date, else by time.
func comparison(set []*source) func(a, b *source) int {
	numbered, dated := true, true
	seen := map[age]bool{}
	for _, f := range set {
		numbered = numbered && f.age.number >= 0 && !seen[f.age]
		dated = dated && (f.age.date != "" || f.age.number == 0) && !seen[f.age]
		seen[f.age] = true
	}
	switch {
	case numbered:
		return func(a, b *source) int { return cmp.Compare(b.age.number, a.age.number) }
	case dated && sameLength(set):
		return func(a, b *source) int {
			return cmp.Or(compareBool(a.age.date == "", b.age.date == ""), strings.Compare(a.age.date, b.age.date))
		}
	}
	return func(a, b *source) int {
		if !a.first.known || !b.first.known {
			return compareBool(!a.first.known, !b.first.known)
		}
		return a.first.compare(b.first)
	}
}

// sameLength reports whether all dates have as many digits, so that they compare as text.
func sameLength(set []*source) bool {
	n := 0
	for _, f := range set {
		if d := len(f.age.date); d > 0 {
			if n > 0 && d != n {
				return false
			}
			n = d
		}
	}
	return true
}

func oldest(set []*source) stamp {
	for _, f := range set {
		if f.first.known {
			return f.first
		}
	}
	return stamp{}
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
