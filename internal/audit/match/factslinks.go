package match

import (
	"bytes"
	"maps"
	"slices"
)

// links are what is known of symlinks of one host: those that are sure, and pairs of directories that have been seen to be one.
type links struct {
	now   linkMap // those that are there now
	first linkMap // those that were there when the log began: rules were bound to where these lead
	pairs []pair
}

// linkMap has the paths of symlinks, and what they lead to.
type linkMap struct {
	to   map[string]string
	lens []bool // whether any path has that length
}

// pair are two names of one directory: one of them leads through a symlink or a mount, and the log does not say which.
type pair struct {
	a, b  string
	base  string // of the file that showed it; a second one makes it sure that the directories are one, and not two files linked
	count int
}

// Bounds of what one host may teach.
const (
	maxLinks = 1024
	maxPairs = 64
	maxHops  = 16
)

// addLink enters a symlink; made: it came into being in the log. It reports whether that is new.
func (l *links) addLink(from, to string, made bool) bool {
	fresh := l.now.add(from, to)
	if fresh && !made {
		l.first.add(from, to)
	}
	return fresh
}

// add enters a symlink, and reports whether that is new.
func (m *linkMap) add(from, to string) bool {
	if from == to || from == "/" {
		return false
	}
	old, ok := m.to[from]
	if ok && old == to || !ok && len(m.to) >= maxLinks {
		return false
	}
	if m.to == nil {
		m.to = map[string]string{}
	}
	m.to[from] = to
	for len(m.lens) <= len(from) {
		m.lens = append(m.lens, false)
	}
	m.lens[len(from)] = true
	return true
}

// clone is a copy that changes on its own.
func (m *linkMap) clone() linkMap { return linkMap{to: maps.Clone(m.to), lens: slices.Clone(m.lens)} }

// dropLink forgets a symlink that went away.
func (l *links) dropLink(from []byte) bool {
	if _, ok := l.now.to[string(from)]; !ok {
		return false
	}
	delete(l.now.to, string(from))
	return true
}

// addPair enters that two directories are one, as files called base in them show, or their own inode where base is empty. It reports
// whether that is new.
func (l *links) addPair(a, b, base []byte) bool {
	if bytes.Equal(a, b) {
		return false
	}
	for i := range l.pairs {
		p := &l.pairs[i]
		if p.a == string(a) && p.b == string(b) || p.a == string(b) && p.b == string(a) {
			if p.base == string(base) && len(base) > 0 || p.count > 1 {
				return false
			}
			p.count++
			return true
		}
	}
	if len(l.pairs) >= maxPairs && !l.dropWeak() {
		return false
	}
	l.pairs = append(l.pairs, pair{a: string(a), b: string(b), base: string(base), count: 1 + boolInt(len(base) == 0)})
	return true
}

// dropWeak makes room by forgetting a pair that one file has shown, and reports whether there was one.
func (l *links) dropWeak() bool {
	n := slices.IndexFunc(l.pairs, func(p pair) bool { return p.count < 2 })
	if n < 0 {
		return false
	}
	l.pairs = slices.Delete(l.pairs, n, n+1)
	return true
}

// isDirected tells whether it is known which name of a pair is a symlink.
func (l *links) isDirected(p *pair) bool {
	return l.now.to[p.a] == p.b || l.now.to[p.b] == p.a
}

// paired tells whether files of two names, or a directory itself, have shown that two directories are one.
func (l *links) paired(a, b []byte) bool {
	for i := range l.pairs {
		if p := &l.pairs[i]; p.count > 1 && (p.a == string(a) && p.b == string(b) || p.a == string(b) && p.b == string(a)) {
			return true
		}
	}
	return false
}

// resolve follows the symlinks on a path, that at its end only where last is set. It appends the path to dst, and reports whether it met
// any.
func (m *linkMap) resolve(dst, path []byte, last bool) ([]byte, bool) {
	start := len(dst)
	dst = append(dst, path...)
	if len(m.to) == 0 {
		return dst, false
	}
	met := false
	for range maxHops {
		to, n := m.on(dst[start:], last)
		if n == 0 {
			break
		}
		met = true
		rest := string(dst[start+n:])
		dst = append(append(dst[:start], to...), rest...)
		dst = dst[:start+len(cleanPath(dst[start:]))]
	}
	return dst, met
}

// on is the target of the first symlink on a path, and the length of the path to it; 0 where there is none.
func (m *linkMap) on(path []byte, last bool) (string, int) {
	for n := 1; n <= len(path); n++ {
		if n == len(path) && !last || n < len(path) && path[n] != '/' || n >= len(m.lens) || !m.lens[n] {
			continue
		}
		if to, ok := m.to[string(path[:n])]; ok {
			return to, n
		}
	}
	return "", 0
}

// variants calls found with the path under the other name of each pair that it lies under.
func (l *links) variants(path []byte, found func(p *pair, head string, tail []byte)) {
	for i := range l.pairs {
		p := &l.pairs[i]
		if tail, ok := tailBelow(path, p.a); ok {
			found(p, p.b, tail)
		}
		if tail, ok := tailBelow(path, p.b); ok {
			found(p, p.a, tail)
		}
	}
}

// maxDetours bounds how many directories on the way to a file are tried under other names, one after the other.
const maxDetours = 2

// alike tells whether two paths are known to lead to one file through directories that have two names, so many of them at most.
func (l *links) alike(path []byte, other string, detours int) bool {
	is := false
	l.variants(path, func(p *pair, head string, tail []byte) {
		switch {
		case is || p.count < 2:
		case len(other) == len(head)+len(tail) && other[:len(head)] == head && other[len(head):] == string(tail):
			is = true
		case detours > 1:
			is = l.alike(append([]byte(head), tail...), other, detours-1)
		}
	})
	return is
}

// tailBelow is what of a path lies below a directory, from the slash on; ok is false where it does not, or is the directory itself.
func tailBelow(path []byte, dir string) (tail []byte, ok bool) {
	if dir == "/" {
		return path, len(path) > 1
	}
	if len(path) > len(dir) && path[len(dir)] == '/' && string(path[:len(dir)]) == dir {
		return path[len(dir):], true
	}
	return nil, false
}

// split cuts a path into its directory and the last component.
func split(path []byte) (dir, base []byte) {
	n := bytes.LastIndexByte(path, '/')
	if n <= 0 {
		return path[:max(n+1, 0)], path[n+1:]
	}
	return path[:n], path[n+1:]
}
