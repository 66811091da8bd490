package html

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/bench/result"
)

// listing is one rules file with what each line made.
type listing struct {
	Title, Facts string
	Open         bool
	Columns      []string
	Lines        []listed
	More         string
}

// listed is one line of a file. Gap is set where lines are between it and the one above that hold no rule.
type listed struct {
	ID, Number string
	Text       string
	Cells      []string // as many as the listing has columns, "" for nothing
	Heat       string   // share of the file's bytes, as a width
	Note       string   // why it did not load, what became of it
	Quiet, Bad bool
	Gap        bool
	Remark     bool // no rule: a comment or a blank line of the file
}

// maxListed bounds the lines of all listings together.
const maxListed = 4000

// anchor is the name of a line in the page: indexes only, no text of a rule gets into it.
func (v *runView) anchor(arm, file string, line int) string {
	for i, a := range v.run.Arms {
		if a.Name == arm {
			for j, f := range filesOf(a) {
				if f == file {
					return fmt.Sprintf("rule-%d-%d-%d", i, j, line)
				}
			}
		}
	}
	return ""
}

// filesOf are the files that the arm's lines are of, in the order in which they come first.
func filesOf(a result.Arm) []string {
	var list []string
	see := func(file string) {
		if file != "" && !slices.Contains(list, file) {
			list = append(list, file)
		}
	}
	for _, r := range a.Rules {
		see(r.File)
	}
	for _, l := range a.LeftOut {
		see(l.File)
	}
	for _, c := range a.Controls {
		see(c.File)
	}
	for _, s := range a.Sources {
		see(s.File)
	}
	return list
}

// lineSum is what one rule made on all scenarios together.
type lineSum struct {
	events, bytes uint64
	cpu, price    float64 // price is the highest of all scenarios
}

// listings adds the rules files of each judged arm.
func (v *runView) listings(d *document) {
	var list []listing
	room := maxListed
	for i, a := range v.run.Arms {
		if a.TwinOf != "" {
			continue
		}
		sums, priced := v.sums(a)
		for j, file := range filesOf(a) {
			l := v.listing(a, file, fmt.Sprintf("rule-%d-%d-", i, j), sums, priced, room)
			l.Lines, l.More = bounded(l.Lines, &room)
			l.Open = len(list) == 0
			list = append(list, l)
		}
	}
	if len(list) == 0 {
		return
	}
	d.add("files", "The rules, line by line", "Events, bytes and CPU of auditd and kauditd for what each line recorded, all workloads’ attribution slots together; walk is what it adds to a system call, matched or not, where it was priced. Lines that recorded nothing are pale.", "listing", list)
}

func bounded(lines []listed, room *int) ([]listed, string) {
	lines, more := first(lines, max(*room, 0))
	*room -= len(lines)
	if more == 0 {
		return lines, ""
	}
	return lines, plural(more, "further line") + " are not shown."
}

func (v *runView) sums(a result.Arm) (sums map[int]lineSum, priced bool) {
	sums = map[int]lineSum{}
	for _, at := range v.run.Attribution {
		if at.Arm != a.Name {
			continue
		}
		for _, r := range at.Rules {
			s := sums[r.Rule]
			s.events, s.bytes, s.cpu = s.events+r.Events, s.bytes+r.Bytes, s.cpu+r.CPUNs
			sums[r.Rule] = s
		}
	}
	for _, p := range v.run.RulePrices {
		if p.Arm == a.Name {
			s := sums[p.Rule]
			s.price, priced = max(s.price, p.Ns), true
			sums[p.Rule] = s
		}
	}
	return sums, priced
}

// listing is one file of a set. Lines without a rule have what room the others leave of that of all listings.
func (v *runView) listing(a result.Arm, file, id string, sums map[int]lineSum, priced bool, room int) listing {
	l := listing{Title: a.Name + ": " + v.file(file), Columns: []string{"events", "bytes", "CPU"}}
	if priced {
		l.Columns = append(l.Columns, "walk")
	}
	var all, most uint64
	for _, s := range sums {
		all, most = all+s.bytes, max(most, s.bytes)
	}
	rules, loud := 0, 0
	for i, r := range a.Rules {
		if r.File != file {
			continue
		}
		rules++
		s := sums[i]
		one := listed{ID: fmt.Sprint(id, r.Line), Number: fmt.Sprint(r.Line), Text: r.Text, Quiet: s.events == 0, Note: noKey(r)}
		one.Cells = cellsOf(s, priced)
		if s.bytes > 0 {
			one.Heat = percentAt(float64(s.bytes) / float64(most))
			loud++
		}
		l.Lines = append(l.Lines, one)
	}
	l.Lines = append(l.Lines, otherLines(a, file, len(l.Columns), id)...)
	l.Lines = append(l.Lines, restOf(a, file, len(l.Columns), room-len(l.Lines), l.Lines)...)
	arrange(l.Lines)
	l.Facts = fmt.Sprintf("%s, %s of them recorded something", plural(rules, "rule"), countOf(loud))
	return l
}

func noKey(r result.Rule) string {
	if r.NoKey == "" {
		return ""
	}
	return "events cannot name it: " + r.NoKey
}

func cellsOf(s lineSum, priced bool) []string {
	list := []string{"", "", ""}
	if s.events > 0 || s.bytes > 0 {
		list = []string{countOf(s.events), bytesOf(float64(s.bytes)), timeOf(s.cpu)}
	}
	switch {
	case priced && s.price > 0:
		list = append(list, timeOf(s.price))
	case priced:
		list = append(list, "")
	}
	return list
}

// otherLines are those that did not load, and control lines.
func otherLines(a result.Arm, file string, columns int, id string) []listed {
	var list []listed
	for _, l := range a.LeftOut {
		if l.File == file {
			list = append(list, listed{ID: fmt.Sprint(id, l.Line), Number: fmt.Sprint(l.Line), Text: l.Text, Cells: make([]string, columns), Note: "did not load: " + l.Why, Bad: true})
		}
	}
	for _, c := range a.Controls {
		if c.File != file {
			continue
		}
		note := cmp.Or(c.Note, "control line")
		if c.Measured != c.Text && c.Measured != "" {
			note = "measured as " + c.Measured + ": " + note
		}
		list = append(list, listed{ID: fmt.Sprint(id, c.Line), Number: fmt.Sprint(c.Line), Text: c.Text, Cells: make([]string, columns), Note: note, Quiet: true})
	}
	return list
}

// arrange sorts lines as they are in the file, and marks where others are between them.
func arrange(lines []listed) {
	slices.SortStableFunc(lines, func(a, b listed) int { return cmp.Compare(atLine(a), atLine(b)) })
	seen := map[string]bool{}
	for i := range lines {
		lines[i].Gap = i > 0 && atLine(lines[i]) > atLine(lines[i-1])+1
		if seen[lines[i].ID] {
			lines[i].ID = "" // one line may be two rules: without arch= for instance
		}
		seen[lines[i].ID] = true
	}
}

// profileListings are the rules of a profile, by file.
func profileListings(p *analyze.Profile) []listing {
	var files []string
	byFile := map[string][]analyze.RuleCount{}
	var most uint64
	for _, r := range p.Rules {
		if _, seen := byFile[r.File]; !seen {
			files = append(files, r.File)
		}
		byFile[r.File] = append(byFile[r.File], r)
		most = max(most, r.Bytes)
	}
	var list []listing
	room := maxListed
	for i, f := range files {
		l := profileListing(f, i, byFile[f], most)
		l.Lines, l.More = bounded(l.Lines, &room)
		l.Open = i == 0
		list = append(list, l)
	}
	return list
}

func profileListing(file string, index int, rules []analyze.RuleCount, most uint64) listing {
	l := listing{Title: file, Columns: []string{"events", "records", "bytes"}}
	loud := 0
	for _, r := range rules {
		one := listed{ID: fmt.Sprintf("rule-0-%d-%d", index, r.Line), Number: fmt.Sprint(r.Line), Text: r.Text, Quiet: r.Events == 0, Cells: []string{"", "", ""}}
		if r.Line <= 0 {
			one.ID, one.Number = "", ""
		}
		if r.Maybe > 0 {
			one.Note = plural(r.Maybe, "unknown event") + " may be its own"
		}
		if r.Events > 0 {
			loud++
			one.Cells = []string{countOf(r.Events), countOf(r.Records), bytesOf(float64(r.Bytes))}
			one.Heat = percentAt(float64(r.Bytes) / float64(max(most, 1)))
		}
		l.Lines = append(l.Lines, one)
	}
	arrange(l.Lines)
	l.Facts = fmt.Sprintf("%s, %s of them recorded something", plural(len(rules), "rule"), countOf(loud))
	return l
}
