package rule

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

// Bounds of what is read: far beyond any rule set that a kernel could carry, small enough for a hostile file.
const (
	// MaxFileBytes is the size of the largest rule file, and of the largest directory in all.
	MaxFileBytes = 16 << 20
	// MaxLines is how many lines a rule file may have.
	MaxLines = 250_000
)

// ParseFile reads one rule file. name is what positions say; nothing is opened by it.
//
// The error is nil, an Errors with everything that auditctl's grammar refuses, or what reading r failed with. With an Errors the set
// is still whole: bad lines are of KindBad and stand in Files, not in Order. Binary content (a NUL byte), more than MaxFileBytes and
// more than MaxLines are refused without a set.
func ParseFile(name string, r io.Reader) (*Set, error) {
	f, errs, err := readFile(name, r, MaxFileBytes)
	if err != nil {
		return nil, err
	}
	return &Set{Files: []*File{f}, Order: commands(f.Lines)}, errs.asError()
}

// commands are the lines that auditctl would execute.
func commands(lines []*Line) []*Line {
	var out []*Line
	for _, l := range lines {
		if l.Kind == KindRule || l.Kind == KindControl {
			out = append(out, l)
		}
	}
	return out
}

func readFile(name string, r io.Reader, limit int64) (*File, Errors, error) {
	text, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, nil, fmt.Errorf("read rules from %s: %w", printable(name), err)
	}
	if int64(len(text)) > limit {
		return nil, nil, Errors{{Pos{File: name}, "more than 16 MiB", "a rule file; a rules.d directory has no more in all"}}
	}
	if i := bytes.IndexByte(text, 0); i >= 0 {
		at := bytes.LastIndexByte(text[:i], '\n') + 1
		pos := Pos{name, bytes.Count(text[:i], []byte("\n")) + 1, i - at + 1}
		return nil, nil, Errors{{pos, "binary content, a NUL byte", "a text file with one rule a line"}}
	}
	f, errs := parseText(name, string(text))
	if f == nil {
		return nil, nil, errs
	}
	return f, errs, nil
}

// parseText reads the lines of a file. It gives no file where there are too many.
func parseText(name, text string) (*File, Errors) {
	f := &File{Name: name}
	var errs Errors
	var cr carriageReturns
	for n := 1; text != ""; n++ {
		if n > MaxLines {
			return nil, Errors{{Pos{name, n, 1}, "too many lines", fmt.Sprintf("at most %d", MaxLines)}}
		}
		var l *Line
		l, text = cutLine(Pos{name, n, 1}, text)
		f.Lines = append(f.Lines, l)
		cr.see(l)
		errs = errs.with(l.parse())
	}
	return f, cr.report(errs)
}

// cutLine takes the first line of a text and gives what is left.
func cutLine(pos Pos, text string) (*Line, string) {
	line, rest, found := strings.Cut(text, "\n")
	l := &Line{Pos: pos, Text: strings.TrimSuffix(line, "\r")}
	l.End = line[len(l.Text):]
	if found {
		l.End += "\n"
	}
	return l, rest
}

// parse reads the text of a line into the rest of it.
func (l *Line) parse() Errors {
	words := strings.TrimLeft(l.Text, " ")
	switch {
	case len(l.Text)+strings.Count(l.End, "\r") > MaxLine:
		l.Kind = KindBad
		return Errors{{l.Pos, fmt.Sprintf("line of %d bytes", len(l.Text)), "at most 6143; auditctl takes the rest for a new line"}}
	case words == "":
		l.Kind = KindBlank
		return nil
	case words[0] == '#':
		l.Kind = KindComment
		return nil
	}
	l.Kind = KindBad
	tokens, bad := split(l.Pos, l.Text)
	if bad != nil {
		return Errors{bad}
	}
	rule, controls, errs := parseLine(l, tokens)
	if len(errs) > 0 {
		return errs
	}
	l.Rule, l.Controls, l.Kind = rule, controls, KindControl
	if rule != nil {
		l.Kind = KindRule
	}
	return nil
}

// carriageReturns reports lines that end in CR LF once a file: auditctl takes the CR as part of the last word, in a key or path
// without complaint. Only augenrules from 4.2 on strips it. The lines are read as if it were not there.
type carriageReturns struct {
	first *Line
	count int
}

func (c *carriageReturns) see(l *Line) {
	comment := strings.HasPrefix(strings.TrimLeft(l.Text, " "), "#")
	if !strings.HasPrefix(l.End, "\r") || comment {
		return
	}
	if c.first == nil {
		c.first = l
	}
	c.count++
}

func (c *carriageReturns) report(errs Errors) Errors {
	if c.first == nil {
		return errs
	}
	what := "carriage return at the end of the line"
	if c.count > 1 {
		what += fmt.Sprintf(" and of %d more", c.count-1)
	}
	err := &Error{c.first.Pos.after(len(c.first.Text)), what, "lines that end in LF alone; auditctl takes the CR as part of the last word"}
	return append(Errors{err}, errs...)
}
