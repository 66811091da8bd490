package bench

import (
	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// maxSourceBytes bounds the text of an arm's rule files that a run keeps: files that people write are some ten kilobytes.
const maxSourceBytes = 1 << 20

// sources are the rule files of a set as they were read, none of them where they are too much together: half a file would look like a whole one.
func sources(set *rule.Set) []result.Source {
	var list []result.Source
	bytes := 0
	for _, f := range set.Files {
		one := result.Source{File: f.Name, Lines: make([]string, 0, len(f.Lines))}
		for _, l := range f.Lines {
			one.Lines = append(one.Lines, l.Text)
			bytes += len(l.Text) + 1
		}
		list = append(list, one)
	}
	if bytes > maxSourceBytes {
		return nil
	}
	return list
}
