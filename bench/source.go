package bench

import (
	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Bounds of the rule files of a set that a run keeps, so that what bench writes can be read again (bench/result: 32 MiB and two million values a run,
// of which a set is in several arms): files that people write have some ten kilobytes and a thousand lines.
const (
	maxSourceBytes = 256 << 10
	maxSourceLines = 1 << 14
)

// sources are the rule files of a set as they were read, none of them where they are too much together: half a file would look like a whole one.
func sources(set *rule.Set) []result.Source {
	var list []result.Source
	bytes, lines := 0, 0
	for _, f := range set.Files {
		one := result.Source{File: f.Name, Lines: make([]string, 0, len(f.Lines))}
		for _, l := range f.Lines {
			one.Lines = append(one.Lines, l.Text)
			bytes, lines = bytes+len(l.Text)+1, lines+1
		}
		list = append(list, one)
	}
	if bytes > maxSourceBytes || lines > maxSourceLines {
		return nil
	}
	return list
}
