package gate

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxErrors is how many errors of one file are told.
const maxErrors = 20

// document is a YAML file being read, with all that was wrong so far.
type document struct {
	file string
	errs []error
}

func (d *document) err() error { return errors.Join(d.errs...) }

func (d *document) place(n *yaml.Node) Place { return Place{d.file, n.Line, n.Column} }

func (d *document) fail(n *yaml.Node, format string, args ...any) {
	d.failAt(d.place(n), format, args...)
}

func (d *document) failAt(p Place, format string, args ...any) {
	if len(d.errs) < maxErrors {
		d.errs = append(d.errs, fmt.Errorf("%s: %s", p, fmt.Sprintf(format, args...)))
	}
}

// parse reads the one document of a file. Aliases are refused: a few of them can stand for any amount of memory.
func (d *document) parse(text []byte) *yaml.Node {
	dec := yaml.NewDecoder(bytes.NewReader(text))
	var doc, more yaml.Node
	err := dec.Decode(&doc)
	switch {
	case errors.Is(err, io.EOF) || err == nil && len(doc.Content) == 0:
		d.failAt(Place{d.file, 1, 1}, "nothing in it: begin with version: %s, or let auditprof gate init RUN write a first one", BudgetVersion)
		return nil
	case err != nil:
		d.syntax(err)
		return nil
	}
	if err := dec.Decode(&more); err == nil {
		d.fail(&more, "a second document: a budget is one")
		return nil
	} else if !errors.Is(err, io.EOF) {
		d.syntax(err)
		return nil
	}
	count := 0
	if bad := tooMuch(&doc, &count); bad != nil {
		what := fmt.Sprintf("more than %d values: no budget is that large", maxBudgetNodes)
		if bad.Kind == yaml.AliasNode {
			what = "*" + printable(bad.Value) + " is an alias, which is not read here: write the values themselves"
		}
		d.fail(bad, "%s", what)
		return nil
	}
	return doc.Content[0]
}

// tooMuch returns the first alias, or the first value beyond the bound.
func tooMuch(n *yaml.Node, count *int) *yaml.Node {
	if *count++; *count > maxBudgetNodes || n.Kind == yaml.AliasNode {
		return n
	}
	for _, c := range n.Content {
		if bad := tooMuch(c, count); bad != nil {
			return bad
		}
	}
	return nil
}

var syntaxLine = regexp.MustCompile(`^(?:yaml: )?line (\d+): (.*)`)

// parserSays are errors of go.yaml.in/yaml/v3's parser (parserc.go), whose line counts from 0 where that of its scanner counts from 1 (decode.go, fail).
var parserSays = regexp.MustCompile(`^(did not find expected (key|node content|'-' indicator|',' or '[\]}]'|<document start>)|found duplicate %|found undefined tag|found incompatible YAML)`)

// syntax gives an error of the YAML parser its place: its text is "yaml: line 3: what".
func (d *document) syntax(err error) {
	p, what := Place{File: d.file}, strings.TrimPrefix(err.Error(), "yaml: ")
	if m := syntaxLine.FindStringSubmatch(err.Error()); m != nil {
		p.Line, _ = strconv.Atoi(m[1])
		what = m[2]
		if parserSays.MatchString(what) {
			p.Line++
		}
	} else if parserSays.MatchString(what) {
		p.Line = 1
	}
	d.failAt(p, "this is no YAML: %s", printable(what))
}

// fields walks a mapping whose keys are known.
func (d *document) fields(n *yaml.Node, what string, known []string, do func(key, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		d.fail(n, "this is %s, and should be %s: %s", kindOf(n), what, strings.Join(known, ", "))
		return
	}
	d.each(n, func(key, value *yaml.Node) {
		if !slices.Contains(known, key.Value) {
			d.fail(key, "%s is no field of %s: one of %s%s", quote(key.Value), what, strings.Join(known, ", "), nearest(key.Value, known))
			return
		}
		do(key, value)
	})
}

// each walks a mapping and refuses keys that come twice.
func (d *document) each(n *yaml.Node, do func(key, value *yaml.Node)) {
	lines := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Kind != yaml.ScalarNode || key.Value == "" {
			d.fail(key, "a name is expected, this is %s", kindOf(key))
			continue
		}
		if line, twice := lines[key.Value]; twice {
			d.fail(key, "%s is there already, in line %d", quote(key.Value), line)
			continue
		}
		lines[key.Value] = key.Line
		do(key, value)
	}
}

// text is a scalar that is not empty.
func (d *document) text(n *yaml.Node, name string) string {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" || strings.TrimSpace(n.Value) == "" || len(n.Value) > maxText {
		d.fail(n, "%s takes a text of at most %d bytes, this is %s", name, maxText, kindOf(n))
		return ""
	}
	return strings.TrimSpace(n.Value)
}

func kindOf(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode && len(n.Content) == 0:
		return "an empty list"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Tag == "!!null" || n.Value == "":
		return "nothing"
	}
	return "the text " + quote(n.Value)
}

// printable is a text without what a terminal would act on.
func printable(s string) string {
	q := quote(s)
	return q[1 : len(q)-1]
}
