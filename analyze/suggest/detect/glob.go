package detect

import (
	"fmt"
	"slices"
	"strings"
)

// maxPattern bounds the length of a pattern in bytes: the longest path.
const maxPattern = 4096

// glob is a pattern of names. It is matched against the whole name.
type glob struct {
	toks []token
	lead string // the bytes that it begins with
	fold bool   // upper and lower case are one
	tail bool   // nothing follows lead but one token that is anything: the common case
	text string // as written
}

// token is one step of a glob: a byte, or a wildcard.
type token struct {
	kind tokenKind
	char byte
}

type tokenKind uint8

const (
	tokChar tokenKind = iota
	tokOne            // any one byte
	tokStep           // any one byte but /
	tokStar           // any bytes but /
	tokAny            // any bytes
)

// parsePath reads a pattern of the keep file: * is any bytes within one name between slashes, ** any bytes, ? one byte that is no slash, and
// behind \ a byte stands for itself.
func parsePath(text string) (glob, error) {
	if len(text) > maxPattern {
		return glob{}, fmt.Errorf("%d bytes, no path has more than %d", len(text), maxPattern)
	}
	var toks []token
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && i+1 < len(text):
			i++
			toks = append(toks, token{tokChar, text[i]})
		case c == '*' && i+1 < len(text) && text[i+1] == '*':
			for i+1 < len(text) && text[i+1] == '*' {
				i++
			}
			toks = append(toks, token{kind: tokAny})
		case c == '*':
			toks = append(toks, token{kind: tokStar})
		case c == '?':
			toks = append(toks, token{kind: tokStep})
		default:
			toks = append(toks, token{tokChar, c})
		}
	}
	return newGlob(toks, false, text), nil
}

// newGlob makes a glob of its tokens.
func newGlob(toks []token, fold bool, text string) glob {
	g := glob{toks: toks, fold: fold, text: text}
	n := 0
	for n < len(toks) && toks[n].kind == tokChar {
		n++
	}
	lead := make([]byte, n)
	for i := range lead {
		lead[i] = toks[i].char
		if fold {
			lead[i] = lower(lead[i])
			toks[i].char = lead[i]
		}
	}
	if fold {
		for i := n; i < len(toks); i++ {
			toks[i].char = lower(toks[i].char)
		}
	}
	g.lead = string(lead)
	g.tail = len(toks) == n+1 && toks[n].kind == tokAny
	return g
}

// literal returns the one name that the glob matches, if it is only one.
func (g *glob) literal() (string, bool) { return g.lead, len(g.toks) == len(g.lead) && !g.fold }

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// leads tells whether a name begins as the glob does.
func (g *glob) leads(name []byte) bool {
	if len(name) < len(g.lead) {
		return false
	}
	if !g.fold {
		return string(name[:len(g.lead)]) == g.lead
	}
	for i := range g.lead {
		if lower(name[i]) != g.lead[i] {
			return false
		}
	}
	return true
}

// match tells whether the glob is a name's. On a mismatch the last * takes one byte more, if that is no slash, else the last **. No earlier
// wildcard needs to be tried again: a * ends before a slash whatever it is tried with, and what follows a ** may begin at its first chance.
func (g *glob) match(name []byte) bool {
	if !g.leads(name) {
		return false
	}
	if g.tail {
		return true
	}
	type retry struct{ tok, pos int }
	none := retry{-1, 0}
	star, all := none, none
	t, p := len(g.lead), len(g.lead)
	for {
		if t < len(g.toks) {
			switch k := g.toks[t]; {
			case k.kind == tokAny:
				t++
				all, star = retry{t, p}, none
				continue
			case k.kind == tokStar:
				t++
				star = retry{t, p}
				continue
			case p < len(name) && g.takes(k, name[p]):
				t, p = t+1, p+1
				continue
			}
		} else if p == len(name) {
			return true
		}
		switch {
		case star.tok >= 0 && star.pos < len(name) && name[star.pos] != '/':
			star.pos++
			t, p = star.tok, star.pos
		case all.tok >= 0 && all.pos < len(name):
			all.pos++
			star = none
			t, p = all.tok, all.pos
		default:
			return false
		}
	}
}

func (g *glob) takes(k token, c byte) bool {
	switch k.kind {
	case tokOne:
		return true
	case tokStep:
		return c != '/'
	}
	return k.char == c || g.fold && k.char == lower(c)
}

// below tells whether the glob may be that of dir or of a name below it: what is left of it behind "dir/" matches some name.
func (g *glob) below(dir string) bool {
	if !g.fold && !agree(g.lead, dir) {
		return false
	}
	if g.match([]byte(dir)) {
		return true
	}
	state, next := g.closure(make([]bool, len(g.toks)+1), 0), make([]bool, len(g.toks)+1)
	for i := range len(dir) {
		state, next = g.step(state, next, dir[i]), state
	}
	return slices.Contains(g.step(state, next, '/'), true)
}

// agree tells whether one of two texts begins the other.
func agree(a, b string) bool {
	n := min(len(a), len(b))
	return a[:n] == b[:n]
}

// step is which tokens may come next behind one more byte, in the memory of next.
func (g *glob) step(state, next []bool, c byte) []bool {
	clear(next)
	for t, k := range g.toks {
		switch {
		case !state[t]:
		case k.kind == tokAny, k.kind == tokStar && c != '/':
			g.closure(next, t)
		case k.kind != tokStar && g.takes(k, c):
			g.closure(next, t+1)
		}
	}
	return next
}

// closure marks a token and, behind a wildcard that may be empty, the ones that follow.
func (g *glob) closure(state []bool, t int) []bool {
	for ; t < len(state) && !state[t]; t++ {
		state[t] = true
		if t == len(g.toks) || g.toks[t].kind != tokStar && g.toks[t].kind != tokAny {
			break
		}
	}
	return state
}

// anchored tells whether the glob says where a name begins, at a slash.
func (g *glob) anchored() bool { return strings.HasPrefix(g.lead, "/") }

// parseText reads a pattern in which * is any bytes and ? any one, and behind \ one of these three stands for itself. Fold makes upper and lower
// case one.
func parseText(text string, fold bool) glob {
	var toks []token
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && i+1 < len(text) && strings.IndexByte(`*?\`, text[i+1]) >= 0:
			i++
			toks = append(toks, token{tokChar, text[i]})
		case c == '*':
			if n := len(toks); n == 0 || toks[n-1].kind != tokAny {
				toks = append(toks, token{kind: tokAny})
			}
		case c == '?':
			toks = append(toks, token{kind: tokOne})
		default:
			toks = append(toks, token{tokChar, c})
		}
	}
	return newGlob(toks, fold, text)
}

// exactly is the glob of one text.
func exactly(text string) glob {
	toks := make([]token, len(text))
	for i := range toks {
		toks[i].char = text[i]
	}
	return newGlob(toks, false, text)
}
