package main

import (
	"fmt"
	"io"
	"slices"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/analyze/suggest/advice"
	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/compare"
	"github.com/auditprof/auditprof/reports/csv"
	"github.com/auditprof/auditprof/reports/html"
	"github.com/auditprof/auditprof/reports/markdown"
	"github.com/auditprof/auditprof/reports/pprof"
	"github.com/auditprof/auditprof/reports/text"
)

// form is one way to write a report: a name of --format, and the writer behind it.
type form[T any] struct {
	name   string
	leaves bool // meant to leave the host: redacted unless the user says otherwise
	binary bool // not for a terminal
	write  func(io.Writer, T) error
}

// runReport is a run with all that one of its forms may show.
type runReport struct {
	run     *result.Run
	slots   []result.Slot
	advice  *advice.Advice // nil for none
	remarks []string       // what could not be read
	text    text.Options
}

// profileReport is a profile with all that one of its forms may show.
type profileReport struct {
	profile *analyze.Profile
	advice  *advice.Advice
	text    text.ProfileOptions
}

// runForms are the forms of a run, the first is the default.
var runForms = []form[runReport]{
	{name: "text", write: func(w io.Writer, r runReport) error { return text.Write(w, r.run, r.text) }},
	{name: "json", write: writeRunJSON},
	{name: "md", leaves: true, write: func(w io.Writer, r runReport) error { return markdown.WriteRun(w, r.run, r.text) }},
	{name: "csv", write: func(w io.Writer, r runReport) error { return csv.WriteRun(w, r.run) }},
	{name: "pprof", leaves: true, binary: true, write: func(w io.Writer, r runReport) error { return pprof.WriteRun(w, r.run) }},
	{name: "html", leaves: true, write: func(w io.Writer, r runReport) error { return html.WriteRun(w, r.run, r.htmlOptions()) }},
}

// profileForms are the forms of a profile, the first is the default.
var profileForms = []form[profileReport]{
	{name: "text", write: func(w io.Writer, r profileReport) error { return text.WriteProfile(w, r.profile, r.text) }},
	{name: "json", write: func(w io.Writer, r profileReport) error { return r.profile.Write(w) }},
	{name: "md", leaves: true, write: func(w io.Writer, r profileReport) error { return markdown.WriteProfile(w, r.profile, r.text) }},
	{name: "csv", write: func(w io.Writer, r profileReport) error { return csv.Write(w, r.profile) }},
	{name: "pprof", leaves: true, binary: true, write: func(w io.Writer, r profileReport) error { return pprof.Write(w, r.profile) }},
	{name: "html", leaves: true, write: func(w io.Writer, r profileReport) error { return html.WriteProfile(w, r.profile, r.htmlOptions()) }},
}

func writeRunJSON(w io.Writer, r runReport) error {
	data, err := result.Encode(r.run)
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

func (r runReport) htmlOptions() html.RunOptions {
	return html.RunOptions{Slots: r.slots, Suggestion: r.advice, Remarks: r.remarks, Dir: r.text.OutDir}
}

func (r profileReport) htmlOptions() html.ProfileOptions {
	o := html.ProfileOptions{Logs: r.text.Logs, Rules: r.text.Rules, Target: r.text.Target, Remarks: r.text.Remarks, Suggestion: r.advice}
	for _, s := range r.text.Next {
		o.Next = append(o.Next, html.Step{Why: s.Why, Command: s.Command})
	}
	return o
}

// comparisonReport is a comparison with all that one of its forms may show.
type comparisonReport struct {
	comparison *compare.Comparison
	text       text.ComparisonOptions
}

// comparisonForms are the forms of a comparison, the first is the default.
var comparisonForms = []form[comparisonReport]{
	{name: "text", write: func(w io.Writer, r comparisonReport) error { return text.WriteComparison(w, r.comparison, r.text) }},
	{name: "json", write: func(w io.Writer, r comparisonReport) error { return r.comparison.Write(w) }},
	{name: "md", leaves: true, write: func(w io.Writer, r comparisonReport) error { return markdown.WriteComparison(w, r.comparison, r.text) }},
	{name: "html", leaves: true, write: func(w io.Writer, r comparisonReport) error { return html.WriteComparison(w, r.comparison) }},
}

// formNamed finds a form by the value of --format.
func formNamed[T any](forms []form[T], name string) (form[T], error) {
	i := slices.IndexFunc(forms, func(f form[T]) bool { return f.name == name })
	if i < 0 {
		return form[T]{}, fmt.Errorf("--format %q: %s", name, oneOf(name, formNames(forms)))
	}
	return forms[i], nil
}

// leaving are the names of the forms that are redacted unless the user says otherwise.
func leaving[T any](forms []form[T]) []string {
	return formNames(slices.DeleteFunc(slices.Clone(forms), func(f form[T]) bool { return !f.leaves }))
}

// formNames are the values that --format may have.
func formNames[T any](forms []form[T]) []string {
	var names []string
	for _, f := range forms {
		names = append(names, f.name)
	}
	return names
}
