package detect

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxFileBytes is the size of the largest file of detections, maxNodes how many values it may hold.
const (
	maxFileBytes = 1 << 20
	maxNodes     = 200_000
)

// Error is one thing in a file that is not as it should be: where, what, and what would be legal.
type Error struct {
	File      string
	Line, Col int // from 1, Col in characters; 0 is not known
	What      string
}

// Error is file:line:col: what.
func (e *Error) Error() string {
	switch {
	case e.Line == 0:
		return e.File + ": " + e.What
	case e.Col == 0:
		return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.What)
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Col, e.What)
}

// maxErrors is how many errors of one file are told.
const maxErrors = 20

// document is one YAML file being read, with all that was wrong so far.
type document struct {
	file string
	errs []error
}

func (d *document) fail(n *yaml.Node, format string, args ...any) {
	if len(d.errs) < maxErrors {
		d.errs = append(d.errs, &Error{d.file, n.Line, n.Column, fmt.Sprintf(format, args...)})
	}
}

func (d *document) err() error { return errors.Join(d.errs...) }

// readAll reads a file of detections as a whole.
func readAll(name string, r io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxFileBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if len(text) > maxFileBytes {
		return nil, &Error{File: name, What: fmt.Sprintf("more than %d bytes: a file of detections is smaller, give several", maxFileBytes)}
	}
	return text, nil
}

// parse reads all documents of a YAML text. Aliases are refused: a few of them can stand for any amount of memory.
func (d *document) parse(text string) []*yaml.Node {
	dec := yaml.NewDecoder(strings.NewReader(text))
	var docs []*yaml.Node
	count := 0
	for {
		var doc yaml.Node
		if err := dec.Decode(&doc); err == io.EOF {
			return docs
		} else if err != nil {
			d.errs = append(d.errs, d.syntax(err))
			return nil
		}
		if bad := tooMuch(&doc, &count); bad != nil {
			d.fail(bad, "%s", complaint(bad))
			return nil
		}
		if len(doc.Content) == 1 {
			docs = append(docs, doc.Content[0])
		}
	}
}

// tooMuch returns the first alias, or the first value beyond the bound.
func tooMuch(n *yaml.Node, count *int) *yaml.Node {
	if *count++; *count > maxNodes || n.Kind == yaml.AliasNode {
		return n
	}
	for _, c := range n.Content {
		if bad := tooMuch(c, count); bad != nil {
			return bad
		}
	}
	return nil
}

func complaint(n *yaml.Node) string {
	if n.Kind == yaml.AliasNode {
		return "*" + printable(n.Value) + " is an alias, which is not read here: write the values themselves"
	}
	return fmt.Sprintf("more than %d values: give several files", maxNodes)
}

// syntax gives an error of the YAML parser its place: its text is "yaml: line 3: what".
func (d *document) syntax(err error) error {
	what := strings.TrimPrefix(err.Error(), "yaml: ")
	line := 0
	if rest, ok := strings.CutPrefix(what, "line "); ok {
		number, text, _ := strings.Cut(rest, ": ")
		if n, err := strconv.Atoi(number); err == nil {
			line, what = n, text
		}
	}
	return &Error{d.file, line, 0, "not YAML: " + printable(what)}
}

// scalars are the values of a field: one, or a list of them.
func (d *document) scalars(n *yaml.Node, name string) []*yaml.Node {
	list := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		list = n.Content
		if len(list) == 0 {
			d.fail(n, "%s is an empty list, which no event can pass: give a value, or leave %s out", name, name)
		}
	}
	for _, v := range list {
		if v.Kind != yaml.ScalarNode || v.Tag == "!!null" {
			d.fail(v, "%s takes a value or a list of values, this is %s", name, kindName(v))
			return nil
		}
	}
	return list
}

func kindName(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Tag == "!!null":
		return "nothing"
	}
	return "a value"
}

// each calls do for each field of a mapping, and complains of those that are there twice.
func (d *document) each(n *yaml.Node, do func(key, value *yaml.Node)) {
	have := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind != yaml.ScalarNode {
			d.fail(key, "a field's name is %s: give a word", kindName(key))
			continue
		}
		if line, twice := have[key.Value]; twice {
			d.fail(key, "%s is here a second time, the first is in line %d: give one, with a list of values", printable(key.Value), line)
			continue
		}
		have[key.Value] = key.Line
		do(key, n.Content[i+1])
	}
}

// printable is a text of a file as an error quotes it.
func printable(text string) string {
	const most = 80
	if len(text) > most {
		text = text[:most] + "..."
	}
	quoted := strconv.QuoteToASCII(text)
	return quoted[1 : len(quoted)-1]
}
