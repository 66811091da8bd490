package detect

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// expression reads the condition of a Sigma rule, which puts searches together: selection and not 1 of filter_*.
type expression struct {
	reader   *sigmaReader
	names    []string // of the searches, sorted
	searches map[string][]Condition
	at       *yaml.Node // for errors

	words []string
	depth int
	bad   bool
}

// Bounds of an expression. Beyond maxTerms alternatives, or maxTests tests in them, a rule counts as not understood.
const (
	maxTerms = 512
	maxTests = 20_000
	maxDepth = 50
)

// read is the alternatives of an expression: an event is one of the rule's if one of them describes it.
func (x *expression) read(text string) []Condition {
	text, count, counts := strings.Cut(text, "|")
	x.words = strings.Fields(strings.NewReplacer("(", " ( ", ")", " ) ").Replace(text))
	x.bad = false
	out := x.or()
	if len(x.words) > 0 {
		x.fail("%s is not expected here", printable(x.words[0]))
	}
	if x.bad {
		return nil
	}
	if counts {
		x.reader.doubt("|" + count) // fewer events are enough to lose it; each counts
	}
	if len(out) > maxTerms {
		return []Condition{x.anything("more alternatives than are looked at")}
	}
	return out
}

func (x *expression) fail(format string, args ...any) {
	if !x.bad {
		x.reader.fail(x.at, "condition: "+format+"; it is made of names of searches, and, or, not, ( ), 1 of and all of", args...)
	}
	x.bad = true
}

// anything stands for what is not understood of a rule.
func (x *expression) anything(why string) Condition {
	return Condition{tests: []test{x.reader.doubt(why)}}
}

func (x *expression) next() string {
	if len(x.words) == 0 {
		return ""
	}
	return x.words[0]
}

// take goes on behind a word, if it is the next.
func (x *expression) take(word string) bool {
	if !strings.EqualFold(x.next(), word) {
		return false
	}
	x.words = x.words[1:]
	return true
}

func (x *expression) or() []Condition {
	out := x.and()
	for x.take("or") {
		if out = append(out, x.and()...); len(out) > maxTerms {
			out = []Condition{x.anything("more alternatives than are looked at")}
		}
	}
	return out
}

func (x *expression) and() []Condition {
	out := x.not()
	for x.take("and") {
		out = x.both(out, x.not())
	}
	return out
}

// both is the alternatives that are one of a and one of b.
func (x *expression) both(a, b []Condition) []Condition {
	if len(a)*len(b) > maxTerms || sizeOf(a)*len(b)+sizeOf(b)*len(a) > maxTests {
		return []Condition{x.anything("more alternatives than are looked at")}
	}
	var out []Condition
	for _, l := range a {
		for _, r := range b {
			out = append(out, Condition{tests: append(append([]test(nil), l.tests...), r.tests...), not: append(append([]Condition(nil), l.not...), r.not...)})
		}
	}
	return out
}

// sizeOf is how many tests conditions hold.
func sizeOf(list []Condition) (n int) {
	for i := range list {
		n += 1 + len(list[i].tests) + sizeOf(list[i].not)
	}
	return n
}

func (x *expression) not() []Condition {
	if x.take("not") {
		return []Condition{{not: x.deeper(x.not)}}
	}
	return x.primary()
}

func (x *expression) deeper(read func() []Condition) []Condition {
	if x.depth++; x.depth > maxDepth {
		x.fail("more than %d levels", maxDepth)
		x.words = nil
	}
	defer func() { x.depth-- }()
	if x.bad {
		return nil
	}
	return read()
}

func (x *expression) primary() []Condition {
	if x.take("(") {
		out := x.deeper(x.or)
		if !x.take(")") {
			x.fail("a parenthesis is not closed")
		}
		return out
	}
	word := x.next()
	if word == "" {
		x.fail("it ends where a search is expected")
		return nil
	}
	x.words = x.words[1:]
	if x.take("of") {
		return x.quantified(word)
	}
	search, ok := x.searches[word]
	if !ok {
		x.fail("%s is no search of this rule", printable(word))
	}
	return slices.Clone(search)
}

// quantified is what "1 of selection_*" and its kin ask.
func (x *expression) quantified(many string) []Condition {
	target := x.next()
	if target == "" {
		x.fail("it ends behind of")
		return nil
	}
	x.words = x.words[1:]
	p := parseText(target, false)
	var out []Condition
	found := 0
	for _, name := range x.names {
		if strings.EqualFold(target, "them") && strings.HasPrefix(name, "_") || !strings.EqualFold(target, "them") && !p.match([]byte(name)) {
			continue
		}
		if found++; found > 1 && strings.EqualFold(many, "all") {
			out = x.both(out, x.searches[name])
			continue
		}
		out = append(out, x.searches[name]...)
	}
	switch {
	case found == 0:
		x.fail("%s is no search of this rule", printable(target))
	case !strings.EqualFold(many, "all") && !strings.EqualFold(many, "any") && many != "1":
		x.reader.doubt(many + " of " + target) // one of them is fewer than that: too many events count, never too few
	}
	return out
}
