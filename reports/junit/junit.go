// Package junit writes a verdict as JUnit XML: one suite for each workload, one case for each metric.
//
// What comes in: a gate.Verdict. What goes out: the XML that CI servers read (testsuites, testsuite, testcase, failure, skipped, system-out). A
// check that fails is a failure, one that cannot be told an error unless the verdict lets it through, a warning passes with its text in system-out.
// It refuses to know what is judged. Names are hostile: control bytes are written as \xNN, since XML has no place for them.
package junit

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/auditprof/auditprof/bench/gate"
	"github.com/auditprof/auditprof/reports/escape"
	"github.com/auditprof/auditprof/reports/text"
)

type suites struct {
	XMLName  xml.Name `xml:"testsuites"`
	Name     string   `xml:"name,attr"`
	Tests    int      `xml:"tests,attr"`
	Failures int      `xml:"failures,attr"`
	Errors   int      `xml:"errors,attr"`
	Suites   []suite  `xml:"testsuite"`
}

type suite struct {
	Name     string     `xml:"name,attr"`
	Tests    int        `xml:"tests,attr"`
	Failures int        `xml:"failures,attr"`
	Errors   int        `xml:"errors,attr"`
	Cases    []testcase `xml:"testcase"`
}

type testcase struct {
	Name      string  `xml:"name,attr"`
	ClassName string  `xml:"classname,attr"`
	Time      string  `xml:"time,attr"`
	Failure   *result `xml:"failure"`
	Error     *result `xml:"error"`
	Out       string  `xml:"system-out,omitempty"`
}

type result struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

// Write writes the verdict. The error is that of w.
func Write(w io.Writer, v *gate.Verdict) error {
	all := suites{Name: "auditprof gate"}
	at := map[string]int{}
	for i := range v.Checks {
		c := &v.Checks[i]
		n, there := at[c.Subject]
		if !there {
			n = len(all.Suites)
			at[c.Subject] = n
			all.Suites = append(all.Suites, suite{Name: escape.Line(c.Subject)})
		}
		all.Suites[n].add(c, v)
	}
	for _, s := range all.Suites {
		all.Tests, all.Failures, all.Errors = all.Tests+s.Tests, all.Failures+s.Failures, all.Errors+s.Errors
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("write JUnit XML: %w", err)
	}
	e := xml.NewEncoder(w)
	e.Indent("", " ")
	if err := e.Encode(all); err != nil {
		return fmt.Errorf("write JUnit XML: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (s *suite) add(c *gate.Check, v *gate.Verdict) {
	name := c.Metric + ": " + c.Limit
	if c.Rule != "" {
		name += " (" + c.Rule + ")"
	}
	t := testcase{Name: escape.Line(name), ClassName: "auditprof." + escape.Line(c.Subject), Time: "0"}
	s.Tests++
	switch {
	case c.Status == gate.Fail:
		t.Failure = resultOf(c, v)
		s.Failures++
	case c.Status == gate.Inconclusive && !v.LetThrough:
		t.Error = resultOf(c, v)
		s.Errors++
	case c.Status == gate.Inconclusive, c.Status == gate.Warn:
		t.Out = resultOf(c, v).Text
	default:
		t.Out = escape.Line(text.ActualText(c))
	}
	s.Cases = append(s.Cases, t)
}

// resultOf is why a check is no pass: the numbers, the reason, what to do, and the losses or proposals that belong to it.
func resultOf(c *gate.Check, v *gate.Verdict) *result {
	lines := []string{c.Limit + ": " + text.ActualText(c)}
	for _, more := range []struct{ label, text string }{{"rule: ", c.RuleText}, {"why: ", c.Reason}, {"do: ", c.Cure}, {"budget: ", c.Place}} {
		if more.text != "" {
			lines = append(lines, more.label+more.text)
		}
	}
	if c.Subject == "seen" {
		for i := range v.Losses {
			if l := &v.Losses[i]; l.Kind == c.Metric && len(lines) < maxLines {
				lines = append(lines, l.String())
			}
		}
	}
	for i := range lines {
		lines[i] = escape.Line(lines[i])
	}
	return &result{Message: escape.Line(string(c.Status) + ": " + c.Limit + ", " + text.ActualText(c)), Type: string(c.Status), Text: strings.Join(lines, "\n")}
}

// maxLines is how long the text of one case may be.
const maxLines = 40
