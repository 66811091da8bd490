package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/auditprof/auditprof/bench/gate"
	"github.com/auditprof/auditprof/reports/github"
	"github.com/auditprof/auditprof/reports/junit"
	"github.com/auditprof/auditprof/reports/markdown"
	"github.com/auditprof/auditprof/reports/sarif"
	"github.com/auditprof/auditprof/reports/text"
)

// verdictReport is a verdict with what its forms may need.
type verdictReport struct {
	verdict *gate.Verdict
	text    text.VerdictOptions
}

// verdictForms are the forms of a verdict, the first is the default.
var verdictForms = []form[verdictReport]{
	{name: "text", write: func(w io.Writer, r verdictReport) error { return text.WriteVerdict(w, r.verdict, r.text) }},
	{name: "json", write: func(w io.Writer, r verdictReport) error { return r.verdict.Write(w) }},
	{name: "md", leaves: true, write: func(w io.Writer, r verdictReport) error { return markdown.WriteVerdict(w, r.verdict) }},
	{name: "junit", leaves: true, write: func(w io.Writer, r verdictReport) error { return junit.Write(w, r.verdict) }},
	{name: "sarif", leaves: true, write: func(w io.Writer, r verdictReport) error { return sarif.Write(w, r.verdict, versionText()) }},
	{name: "github", leaves: true, write: func(w io.Writer, r verdictReport) error { return github.Write(w, r.verdict) }},
	{name: "github-summary", leaves: true, write: func(w io.Writer, r verdictReport) error { return github.WriteSummary(w, r.verdict) }},
}

// alsoForm is a form of the same verdict that goes to a file of its own.
type alsoForm struct {
	form form[verdictReport]
	file string
}

// alsoForms reads --also, FORM=FILE each.
func alsoForms(words []string) ([]alsoForm, error) {
	var list []alsoForm
	for _, word := range words {
		name, file, _ := strings.Cut(word, "=")
		if file == "" || file == "-" {
			return nil, fmt.Errorf("--also %q: give a form and a file, as junit=gate.xml", word)
		}
		to, err := formNamed(verdictForms, name)
		if err != nil {
			return nil, fmt.Errorf("--also %q: %s", word, oneOf(name, formNames(verdictForms)))
		}
		list = append(list, alsoForm{to, file})
	}
	return list, nil
}
