package detect

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// search is the conditions of one search: a mapping (all its fields), a list (one of its members), or words that stand anywhere in an event.
func (r *sigmaReader) search(n *yaml.Node) []Condition {
	switch n.Kind {
	case yaml.MappingNode:
		return []Condition{r.fields(n)}
	case yaml.SequenceNode:
		var out []Condition
		words := test{field: ofText}
		for _, item := range n.Content {
			switch item.Kind {
			case yaml.MappingNode:
				out = append(out, r.fields(item))
			case yaml.ScalarNode:
				words.texts = append(words.texts, r.word(item.Value))
				words.said = said(words.said, "anywhere", item.Value)
			default:
				r.fail(item, "a search holds fields or words, this is %s", kindName(item))
			}
		}
		if len(words.texts) > 0 {
			out = append(out, Condition{tests: []test{words}})
		}
		return out
	case yaml.ScalarNode:
		return []Condition{{tests: []test{{field: ofText, texts: []pattern{r.word(n.Value)}, said: said("", "anywhere", n.Value)}}}}
	}
	r.fail(n, "a search is %s", kindName(n))
	return nil
}

// said adds a value to what a report says of a test.
func said(so, name, value string) string {
	const most = 120
	switch {
	case so == "":
		return name + " " + printable(value)
	case len(so) > most:
		return strings.TrimSuffix(so, " …") + " …"
	}
	return so + " or " + printable(value)
}

// word is the pattern of a word anywhere in an event.
func (r *sigmaReader) word(text string) pattern { return pattern{glob: parseText("*"+text+"*", true)} }

// fields is the condition of a mapping of fields.
func (r *sigmaReader) fields(n *yaml.Node) Condition {
	registers := r.meansRegisters(n)
	var c Condition
	r.each(n, func(key, value *yaml.Node) {
		name, modifiers, _ := strings.Cut(key.Value, "|")
		f := sigmaField{reader: r, name: name, key: key.Value, registers: registers}
		if !f.modify(modifiers) {
			c.tests = append(c.tests, r.doubt(key.Value))
			return
		}
		values := r.values(value, key.Value)
		if f.all {
			for _, v := range values {
				c.tests = append(c.tests, f.test([]*yaml.Node{v}))
			}
			return
		}
		if len(values) > 0 {
			c.tests = append(c.tests, f.test(values))
		}
	})
	return c
}

// values are those of a field, of which null is one.
func (r *sigmaReader) values(n *yaml.Node, name string) []*yaml.Node {
	if n.Kind == yaml.ScalarNode {
		return []*yaml.Node{n}
	}
	if n.Kind == yaml.SequenceNode && len(n.Content) > 0 {
		for _, v := range n.Content {
			if v.Kind != yaml.ScalarNode {
				r.fail(v, "%s takes a value or a list of values, this is %s", printable(name), kindName(v))
				return nil
			}
		}
		return n.Content
	}
	r.fail(n, "%s takes a value or a list of values, this is %s", printable(name), emptyOr(n))
	return nil
}

// meansRegisters tells whether a0 to a3 in a mapping are the registers of a call, and not arguments of a program: it is about SYSCALL records.
func (r *sigmaReader) meansRegisters(n *yaml.Node) bool {
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, _, _ := strings.Cut(n.Content[i].Value, "|")
		if strings.EqualFold(name, "syscall") || name == "type" && strings.EqualFold(n.Content[i+1].Value, "SYSCALL") {
			return true
		}
	}
	return false
}
