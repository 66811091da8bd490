package detect

import (
	"regexp"

	"go.yaml.in/yaml/v3"
)

// readList reads a list of detections in YAML: the form of keep files, and of the built-in list.
func (r *conditionReader) readList(text string, from Source) []Detection {
	docs := r.parse(text)
	if len(r.errs) > 0 {
		return nil
	}
	if len(docs) == 0 {
		r.errs = append(r.errs, &Error{r.file, 1, 1, "nothing in it: give a list of conditions, each with a name"})
		return nil
	}
	if len(docs) > 1 {
		r.fail(docs[1], "a second document: put all conditions into one list")
	}
	if list := docs[0]; list.Kind != yaml.SequenceNode || len(list.Content) == 0 {
		r.fail(list, "this is %s, and should be a list of conditions: - name: …", emptyOr(list))
		return nil
	}
	var out []Detection
	lines := map[string]int{}
	for _, item := range docs[0].Content {
		d, ok := r.readItem(item, from)
		if line, twice := lines[d.Name]; twice && d.Name != "" {
			r.fail(item, "the name %s is that of line %d: give each its own", printable(d.Name), line)
		}
		lines[d.Name] = item.Line
		if ok {
			out = append(out, d)
		}
	}
	return out
}

func emptyOr(n *yaml.Node) string {
	if n.Kind == yaml.SequenceNode {
		return "an empty list"
	}
	return kindName(n)
}

// techniques are names of MITRE ATT&CK techniques.
var techniques = regexp.MustCompile(`^T[0-9]{4}(\.[0-9]{3})?$`)

// readItem reads one detection.
func (r *conditionReader) readItem(item *yaml.Node, from Source) (Detection, bool) {
	before := len(r.errs)
	d := Detection{Source: from, Line: item.Line}
	if from != FromBuiltin {
		d.File = r.file
	}
	if item.Kind != yaml.MappingNode {
		r.fail(item, "this is %s, and should be a condition: name: … and fields", kindName(item))
		return d, false
	}
	var base Condition
	var others []Condition
	r.each(item, func(key, value *yaml.Node) {
		switch key.Value {
		case "name":
			d.Name = r.word(value, "name")
		case "about":
			d.About = r.word(value, "about")
		case "mitre":
			if d.Mitre = r.word(value, "mitre"); d.Mitre != "" && !techniques.MatchString(d.Mitre) {
				r.fail(value, "mitre: %s is no technique such as T1548 or T1548.003", printable(d.Mitre))
			}
		case "any":
			others = r.readAlternatives(value)
		default:
			base.add(r.readField(key, value))
		}
	})
	if d.Name == "" && len(r.errs) == before {
		r.fail(item, "a condition has no name: give it one, reports say it")
	}
	d.conds = base.with(others)
	if len(d.conds[0].tests) == 0 && len(r.errs) == before {
		r.fail(item, "a condition without a field is every event: give one of %s", keepFieldNames())
	}
	return d, len(r.errs) == before
}

// word is the text of a field that takes one.
func (r *conditionReader) word(n *yaml.Node, name string) string {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" || n.Value == "" || len(n.Value) > maxPattern {
		r.fail(n, "%s takes a text of at most %d bytes, this is %s", name, maxPattern, kindName(n))
		return ""
	}
	return n.Value
}

// readAlternatives reads the conditions of any: one of them, and the fields beside it, must be true.
func (r *conditionReader) readAlternatives(list *yaml.Node) []Condition {
	if list.Kind != yaml.SequenceNode || len(list.Content) == 0 {
		r.fail(list, "any takes a list of conditions, this is %s", emptyOr(list))
		return nil
	}
	var out []Condition
	for _, item := range list.Content {
		if item.Kind != yaml.MappingNode || len(item.Content) == 0 {
			r.fail(item, "any takes a list of conditions with fields, this is %s", kindName(item))
			continue
		}
		var c Condition
		r.each(item, func(key, value *yaml.Node) { c.add(r.readField(key, value)) })
		out = append(out, c)
	}
	return out
}

func (c *Condition) add(t *test) {
	if t != nil {
		c.tests = append(c.tests, *t)
	}
}

// with is the condition with each of the others.
func (c *Condition) with(others []Condition) []Condition {
	if len(others) == 0 {
		return []Condition{*c}
	}
	var out []Condition
	for _, o := range others {
		out = append(out, Condition{tests: append(append([]test(nil), c.tests...), o.tests...)})
	}
	return out
}
