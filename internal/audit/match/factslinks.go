package match

import "bytes"

// links are what is known of symlinks of one host: those that are sure, and pairs of directories that have been seen to be one.
type links struct {
	sure  map[string]string // path of a symlink, to what it leads to
	lens  []bool            // whether any path of sure has that length
	pairs []pair
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

// addLink enters a symlink. It reports whether that is new.
func (l *links) addLink(from, to string) bool {
	if from == to || from == "/" {
		return false
	}
	old, ok := l.sure[from]
	if ok && old == to || !ok && len(l.sure) >= maxLinks {
		return false
	}
	if l.sure == nil {
		l.sure = map[string]string{}
	}
	l.sure[from] = to
	for len(l.lens) <= len(from) {
		l.lens = append(l.lens, false)
	}
	l.lens[len(from)] = true
	return true
}

// dropLink forgets a symlink that went away.
func (l *links) dropLink(from []byte) bool {
	if _, ok := l.sure[string(from)]; !ok {
		return false
	}
	delete(l.sure, string(from))
	return true
}

// addPair enters that two directories are one, as files called base in them show. It reports whether that is new.
func (l *links) addPair(a, b, base []byte) bool {
	if bytes.Equal(a, b) {
		return false
	}
	for i := range l.pairs {
		p := &l.pairs[i]
		if p.a == string(a) && p.b == string(b) || p.a == string(b) && p.b == string(a) {
			if p.base == string(base) || p.count > 1 {
				return false
			}
			p.count++
			return true
		}
	}
	if len(l.pairs) >= maxPairs {
		return false
	}
	l.pairs = append(l.pairs, pair{a: string(a), b: string(b), base: string(base), count: 1})
	return true
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

// resolve follows the sure symlinks on a path, that at its end only where last is set. It appends the path to dst, and reports whether
// it met any.
func (l *links) resolve(dst, path []byte, last bool) ([]byte, bool) {
	start := len(dst)
	dst = append(dst, path...)
	if len(l.sure) == 0 {
		return dst, false
	}
	met := false
	for range maxHops {
		to, n := l.first(dst[start:], last)
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

// first is the target of the first symlink on a path, and the length of the path to it; 0 where there is none.
func (l *links) first(path []byte, last bool) (string, int) {
	for n := 1; n <= len(path); n++ {
		if n == len(path) && !last || n < len(path) && path[n] != '/' || n >= len(l.lens) || !l.lens[n] {
			continue
		}
		if to, ok := l.sure[string(path[:n])]; ok {
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
