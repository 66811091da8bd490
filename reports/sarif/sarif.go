// Package sarif writes what a verdict says of lines of rule files as SARIF 2.1.0, which code review shows beside the line.
//
// What comes in: a gate.Verdict's problems. What goes out: one run of the OASIS format (Static Analysis Results Interchange Format 2.1.0, sections
// 3.14 to 3.30, 3.49): tool, rules, results with place. It refuses to know figures of cost, which fit no line, and what has no file. At most 5,000
// results, as many as code scanning shows. Names are hostile: files become URIs of percent-encoded bytes, texts are escaped.
package sarif

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/auditprof/auditprof/bench/gate"
	"github.com/auditprof/auditprof/reports/escape"
)

// maxResults is how many results GitHub code scanning shows of one run.
const maxResults = 5000

// kinds are the problems that there are, in the order of their index.
var kinds = []struct{ id, name, text string }{
	{"not-loaded", "RuleNotLoaded", "A line that auditctl or the kernel refuses: what it should record is not recorded."},
	{"unseen", "NoLongerRecorded", "A rule takes events that the rules before the change recorded."},
	{"disables-audit", "RecordingLimited", "A control line turns recording off or limits it."},
	{"volume", "VolumeOverBudget", "What the rule writes is over the budget."},
}

type log struct {
	Schema  string `json:"$schema"`
	Version string `json:"version"`
	Runs    []run  `json:"runs"`
}

type run struct {
	Tool    tool     `json:"tool"`
	Results []result `json:"results"`
}

type tool struct {
	Driver driver `json:"driver"`
}

type driver struct {
	Name           string `json:"name"`
	Version        string `json:"version"`
	InformationURI string `json:"informationUri"`
	Rules          []rule `json:"rules"`
}

type rule struct {
	ID               string  `json:"id"`
	Name             string  `json:"name"`
	ShortDescription message `json:"shortDescription"`
}

type message struct {
	Text string `json:"text"`
}

type result struct {
	RuleID    string     `json:"ruleId"`
	RuleIndex int        `json:"ruleIndex"`
	Level     string     `json:"level"`
	Message   message    `json:"message"`
	Locations []location `json:"locations"`
}

type location struct {
	Physical physical `json:"physicalLocation"`
}

type physical struct {
	Artifact artifact `json:"artifactLocation"`
	Region   *region  `json:"region,omitempty"`
}

type artifact struct {
	URI string `json:"uri"`
}

type region struct {
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn,omitempty"`
}

// Write writes the problems of a verdict. version is that of this program.
func Write(w io.Writer, v *gate.Verdict, version string) error {
	d := driver{Name: "auditprof", Version: escape.Line(version), InformationURI: "https://github.com/auditprof/auditprof"}
	index := map[string]int{}
	for i, k := range kinds {
		index[k.id] = i
		d.Rules = append(d.Rules, rule{k.id, k.name, message{k.text}})
	}
	r := run{Tool: tool{d}, Results: []result{}}
	for _, p := range v.Problems {
		i, known := index[p.ID]
		if !known || p.File == "" || len(r.Results) == maxResults {
			continue
		}
		r.Results = append(r.Results, result{p.ID, i, level(p.Level), message{escape.Line(p.Text)}, []location{{place(p)}}})
	}
	e := json.NewEncoder(w)
	e.SetIndent("", " ")
	if err := e.Encode(log{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []run{r}}); err != nil {
		return fmt.Errorf("write SARIF: %w", err)
	}
	return nil
}

// level is one of the words of section 3.27.10.
func level(word string) string {
	switch word {
	case "error", "warning", "note":
		return word
	}
	return "none"
}

func place(p gate.Problem) physical {
	out := physical{Artifact: artifact{uri(p.File)}}
	if p.Line > 0 {
		out.Region = &region{StartLine: p.Line, StartColumn: max(p.Col, 0)}
	}
	return out
}

// uri is a path as a relative reference, or a file: URI where it is absolute.
func uri(path string) string {
	u := url.URL{Path: filepath.ToSlash(filepath.Clean(path))}
	if strings.HasPrefix(u.Path, "/") {
		u.Scheme = "file"
	}
	return u.String()
}
