package scenarios

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// Bounds of a scenario file. It must fit, as text, into one environment variable of the second stage: 128 KiB (execve(2), MAX_ARG_STRLEN), and
// in JSON a character may take six bytes.
const (
	MaxFileBytes = 16 << 10
	maxNodes     = 4000
	maxErrors    = 20
)

// Error is one thing in a scenario file that is not as it should be: where, what, and what would be legal.
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

// document is one scenario file being read, with all that was wrong so far.
type document struct {
	file string
	errs []error
}

func (d *document) fail(n *yaml.Node, format string, args ...any) {
	if len(d.errs) < maxErrors {
		d.errs = append(d.errs, &Error{d.file, n.Line, n.Column, fmt.Sprintf(format, args...)})
	}
}

// failFile is an error of no place.
func (d *document) failFile(format string, args ...any) {
	d.errs = append(d.errs, &Error{File: d.file, What: fmt.Sprintf(format, args...)})
}

func (d *document) err() error { return errors.Join(d.errs...) }

// parse reads the one YAML document of a text, nil where it cannot. Aliases are refused: a few of them can stand for any amount of memory.
func (d *document) parse(text string) *yaml.Node {
	if len(text) > MaxFileBytes {
		d.failFile("%d bytes: a scenario has at most %d", len(text), MaxFileBytes)
		return nil
	}
	if !utf8.ValidString(text) {
		d.failFile("not UTF-8")
		return nil
	}
	dec := yaml.NewDecoder(strings.NewReader(text))
	var doc yaml.Node
	if err := dec.Decode(&doc); err == io.EOF {
		d.failFile("empty: a scenario has at least a mix or a command")
		return nil
	} else if err != nil {
		d.errs = append(d.errs, d.syntax(err))
		return nil
	}
	count := 0
	if bad := tooMuch(&doc, &count); bad != nil {
		d.fail(bad, "%s", complaint(bad))
		return nil
	}
	var second yaml.Node
	if err := dec.Decode(&second); err == nil {
		d.fail(&second, "a second document: one file is one scenario")
		return nil
	} else if err != io.EOF {
		d.errs = append(d.errs, d.syntax(err))
		return nil
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		d.fail(&doc, "a scenario is a mapping of fields, as mix: {stat: 1}")
		return nil
	}
	return doc.Content[0]
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
	return fmt.Sprintf("more than %d values", maxNodes)
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

func kindName(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.ShortTag() == "!!null":
		return "nothing"
	}
	return strconv.Quote(printable(n.Value))
}

// each calls do for each field of a mapping, and complains of those that are there twice.
func (d *document) each(n *yaml.Node, what string, do func(key, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode || len(n.Content) == 0 {
		d.fail(n, "%s takes fields with values, this is %s", what, kindName(n))
		return
	}
	have := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind != yaml.ScalarNode {
			d.fail(key, "a field's name is %s: give a word", kindName(key))
			continue
		}
		if line, twice := have[key.Value]; twice {
			d.fail(key, "%s is here a second time, the first is in line %d", printable(key.Value), line)
			continue
		}
		have[key.Value] = key.Line
		do(key, n.Content[i+1])
	}
}

// text is a string value of one line without control characters, "" and a complaint where it is none.
func (d *document) text(n *yaml.Node, what string, most int) string {
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!str" || n.Value == "" {
		d.fail(n, "%s takes a text, this is %s: a number or a date needs quotes", what, kindName(n))
		return ""
	}
	if len(n.Value) > most {
		d.fail(n, "%s has %d bytes: at most %d", what, len(n.Value), most)
		return ""
	}
	for _, r := range n.Value {
		if !strconv.IsPrint(r) {
			d.fail(n, "%s holds %q: printable characters only", what, r)
			return ""
		}
	}
	return n.Value
}

// number is a whole number within bounds, and a complaint where it is none.
func (d *document) number(n *yaml.Node, what string, least, most int64) int64 {
	v, err := strconv.ParseInt(n.Value, 10, 64)
	octal := len(n.Value) > 1 && n.Value[0] == '0' // 010 is 8 to some readers and 10 to others
	if n.ShortTag() != "!!int" || octal || err != nil || v < least || v > most {
		d.fail(n, "%s is %s: a whole number from %d to %d", what, kindName(n), least, most)
		return least
	}
	return v
}

// truth is true or false.
func (d *document) truth(n *yaml.Node, what string) bool {
	if n.ShortTag() != "!!bool" {
		d.fail(n, "%s is %s: true or false", what, kindName(n))
	}
	return n.Value == "true"
}

// choice is one of a few words.
func (d *document) choice(n *yaml.Node, what string, words ...string) string {
	for _, w := range words {
		if n.Kind == yaml.ScalarNode && n.Value == w {
			return w
		}
	}
	d.fail(n, "%s is %s: %s", what, kindName(n), strings.Join(words, " or "))
	return words[0]
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
