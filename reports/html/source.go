package html

import (
	"fmt"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/reports/escape"
)

// maxRemarks bounds the lines of one file that are shown and hold no rule: a page is about rules.
const maxRemarks = 2000

// maxRemarkColumns bounds what is shown of one such line: a page has an end, whatever somebody wrote into a comment.
const maxRemarkColumns = 400

// restOf are the lines of the file that are not told yet, at most so many: comments, blank lines, and rules that the set was measured without. None
// where the run does not keep the file.
func restOf(a result.Arm, file string, columns, most int, told []listed) []listed {
	var list []listed
	known := map[string]bool{}
	for _, l := range told {
		known[l.Number] = true
	}
	for _, s := range a.Sources {
		if s.File != file {
			continue
		}
		for i, text := range s.Lines {
			number := fmt.Sprint(i + 1)
			if known[number] || len(list) >= min(most, maxRemarks) {
				continue
			}
			list = append(list, remark(number, text, columns))
		}
		break // two files of one name are not to be told apart
	}
	return trimmed(list, told)
}

// untabbed is the run with blanks for the tabs of its files: people indent comments with them, and clean would show each as an escape.
func untabbed(run result.Run) result.Run {
	run.Arms = slices.Clone(run.Arms)
	for i := range run.Arms {
		sources := slices.Clone(run.Arms[i].Sources)
		for j := range sources {
			lines := slices.Clone(sources[j].Lines)
			for n := range lines {
				lines[n] = strings.ReplaceAll(lines[n], "\t", "    ")
			}
			sources[j].Lines = lines
		}
		run.Arms[i].Sources = sources
	}
	return run
}

func remark(number, text string, columns int) listed {
	one := listed{Number: number, Text: escape.Cut(text, maxRemarkColumns), Cells: make([]string, columns), Remark: true}
	if trimmed := strings.TrimSpace(text); trimmed != "" && !strings.HasPrefix(trimmed, "#") {
		one.Remark, one.Quiet, one.Note = false, true, "not among the rules that were measured: it takes rules away, one below it took it away, or it is there twice"
	}
	return one
}

// trimmed leaves out blank lines behind the last line that says something.
func trimmed(list, told []listed) []listed {
	last := 0
	for _, l := range told {
		last = max(last, atLine(l))
	}
	for _, l := range list {
		if strings.TrimSpace(l.Text) != "" {
			last = max(last, atLine(l))
		}
	}
	for len(list) > 0 && atLine(list[len(list)-1]) > last {
		list = list[:len(list)-1]
	}
	return list
}

func atLine(l listed) (n int) {
	fmt.Sscan(l.Number, &n)
	return n
}
