// Package github writes a verdict for GitHub Actions: workflow commands that become annotations beside lines, and a step summary.
//
// What comes in: a gate.Verdict. What goes out: lines ::error file=…,line=…::text, escaped as the runner wants it (actions/toolkit
// packages/core/src/command.ts: escapeData, escapeProperty), at most 10 of a kind, which is what one step may show; and Markdown below the 1 MiB of a
// step summary. It refuses to know what is judged. Text is hostile: a newline in it would begin another command.
package github

import (
	"fmt"
	"io"
	"strings"

	"github.com/auditprof/auditprof/bench/gate"
	"github.com/auditprof/auditprof/reports/escape"
	"github.com/auditprof/auditprof/reports/markdown"
	"github.com/auditprof/auditprof/reports/text"
)

// maxOfAKind is how many annotations of one kind a step may make; the runner drops the others.
const maxOfAKind = 10

// maxText bounds one annotation.
const maxText = 4000

// annotations collects commands, the most important first.
type annotations struct {
	lines []string
	count map[string]int
	left  map[string]int
}

// Write writes the annotations of a verdict: problems with their place, then checks without one. The error is that of w.
func Write(w io.Writer, v *gate.Verdict) error {
	a := annotations{count: map[string]int{}, left: map[string]int{}}
	for _, p := range v.Problems {
		a.add(levelOf(p.Level), p.File, p.Line, p.Col, "auditprof "+p.ID, p.Text)
	}
	for i := range v.Checks {
		c := &v.Checks[i]
		if c.Status == gate.Pass {
			continue
		}
		file, line, col := placeOf(c.Place)
		what := fmt.Sprintf("%s of %s: %s. %s", c.Limit, c.Subject, text.ActualText(c), c.Reason)
		a.add(checkLevel(c, v), file, line, col, "auditprof gate: "+string(c.Status), what)
	}
	for _, p := range v.Proposals {
		a.add("notice", "", 0, 0, "auditprof proposes", strings.Join(p.Lines, " and ")+" before "+p.Before)
	}
	for _, kind := range []string{"error", "warning", "notice"} {
		if a.left[kind] > 0 {
			a.lines = append(a.lines, fmt.Sprintf("auditprof: %d more of the kind %s are in the report", a.left[kind], kind))
		}
	}
	last := "auditprof gate: " + escape.Line(string(v.Outcome)+": "+v.Of)
	a.lines = append(a.lines, strings.ReplaceAll(last, "##[", `#\x23[`)) // ##[name] is a command wherever it stands in a line
	_, err := io.WriteString(w, strings.Join(a.lines, "\n")+"\n")
	return err
}

// WriteSummary writes the Markdown of a step summary: the verdict as a comment has it, which is far below the limit.
func WriteSummary(w io.Writer, v *gate.Verdict) error { return markdown.WriteVerdict(w, v) }

func (a *annotations) add(kind, file string, line, col int, title, what string) {
	if a.count[kind] == maxOfAKind {
		a.left[kind]++
		return
	}
	a.count[kind]++
	var properties []string
	for _, p := range []struct {
		name, value string
		is          bool
	}{{"file", file, file != ""}, {"line", fmt.Sprint(line), file != "" && line > 0}, {"col", fmt.Sprint(col), file != "" && line > 0 && col > 0}, {"title", title, true}} {
		if p.is {
			properties = append(properties, p.name+"="+property(p.value))
		}
	}
	a.lines = append(a.lines, "::"+kind+" "+strings.Join(properties, ",")+"::"+data(what))
}

// data escapes the text of a command, property one of its properties.
func data(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(escape.Cut(escape.Line(s), maxText))
}

func property(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(escape.Line(s))
}

func levelOf(word string) string {
	if word == "error" || word == "warning" {
		return word
	}
	return "notice"
}

func checkLevel(c *gate.Check, v *gate.Verdict) string {
	if c.Status == gate.Fail || c.Status == gate.Inconclusive && !v.LetThrough {
		return "error"
	}
	return "warning"
}

// placeOf takes file:line:col apart.
func placeOf(at string) (file string, line, col int) {
	parts := strings.Split(at, ":")
	if len(parts) < 3 {
		return at, 0, 0
	}
	n := len(parts)
	if _, err := fmt.Sscan(parts[n-2]+" "+parts[n-1], &line, &col); err != nil {
		return at, 0, 0
	}
	return strings.Join(parts[:n-2], ":"), line, col
}
