package suggest

import "strings"

// interner numbers texts. Number 0 is the empty one.
type interner struct {
	ids   map[string]uint32
	texts []string
	bytes int // of all texts
}

func newInterner() *interner {
	return &interner{ids: map[string]uint32{"": 0}, texts: []string{""}}
}

// id is the number of a text, which it keeps a copy of.
func (n *interner) id(text []byte) uint32 {
	if id, ok := n.ids[string(text)]; ok {
		return id
	}
	return n.add(string(text))
}

// idOf is id for a text that may be a part of a longer one, which is not to be kept.
func (n *interner) idOf(text string) uint32 {
	if id, ok := n.ids[text]; ok {
		return id
	}
	return n.add(strings.Clone(text))
}

func (n *interner) add(text string) uint32 {
	id := uint32(len(n.texts))
	n.ids[text] = id
	n.texts = append(n.texts, text)
	n.bytes += len(text)
	return id
}

// find is the number of a text that has one.
func (n *interner) find(text []byte) (uint32, bool) {
	id, ok := n.ids[string(text)]
	return id, ok
}
