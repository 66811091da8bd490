package detect

import "bytes"

// lead is a pattern of a condition with a path.
type lead struct {
	pattern *pattern
	cond    int
}

// nameTree finds the patterns that a name could match, part by part between slashes: a part of a pattern is a word, or * alone; behind any other the
// pattern is asked as a whole.
type nameTree struct {
	words map[string]*nameTree
	star  *nameTree
	here  []lead // patterns that end here
	rest  []lead // patterns of which the next part is neither a word nor *
}

// add enters a pattern that begins with a slash.
func (n *nameTree) add(l lead) {
	toks := l.pattern.toks[1:]
	for {
		end := 0
		for end < len(toks) && toks[end] != (token{tokChar, '/'}) {
			end++
		}
		word, plain := wordOf(toks[:end])
		switch {
		case end == 1 && toks[0].kind == tokStar:
			if n.star == nil {
				n.star = new(nameTree)
			}
			n = n.star
		case plain:
			n = n.word(word)
		default:
			n.rest = append(n.rest, l)
			return
		}
		if end == len(toks) {
			n.here = append(n.here, l)
			return
		}
		toks = toks[end+1:]
	}
}

func (n *nameTree) word(word string) *nameTree {
	if n.words == nil {
		n.words = map[string]*nameTree{}
	}
	if n.words[word] == nil {
		n.words[word] = new(nameTree)
	}
	return n.words[word]
}

// wordOf is the text of tokens without a wildcard.
func wordOf(toks []token) (string, bool) {
	word := make([]byte, len(toks))
	for i, k := range toks {
		if k.kind != tokChar {
			return "", false
		}
		word[i] = k.char
	}
	return string(word), true
}

// find appends the patterns that an absolute name could match.
func (n *nameTree) find(out []lead, name []byte) []lead {
	if len(name) == 0 || name[0] != '/' {
		return out
	}
	return n.below(out, name[1:])
}

func (n *nameTree) below(out []lead, name []byte) []lead {
	out = append(out, n.rest...)
	word, rest, more := bytes.Cut(name, []byte("/"))
	for _, next := range [...]*nameTree{n.words[string(word)], n.star} {
		switch {
		case next == nil:
		case more:
			out = next.below(out, rest)
		default:
			out = append(out, next.here...)
		}
	}
	return out
}
