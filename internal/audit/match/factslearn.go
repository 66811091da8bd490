package match

import (
	"bytes"
	"slices"

	"github.com/auditprof/auditprof/internal/audit/event"
)

// relate looks at the other names of an inode that has name i anew: two that rules tell apart are news, and two that end alike show that
// their directories are one.
func (f *Facts) relate(h *host, i int, at int32) {
	p := f.spell
	pl := p.name(i)
	full := p.text(pl)
	dir, base := split(full)
	fl := &f.files.list[at]
	for m := fl.names; m != none; m = f.files.names[m].next {
		other := f.files.nameText(m)
		if bytes.Equal(other, full) {
			continue
		}
		otherDir, otherBase := split(other)
		isDir := p.call.Names[i].Mode&modeType == modeDir
		if !p.tellsApart(pl.hits, p.hitsOf(other)) && !f.inUse(dir) && !f.inUse(otherDir) && !(isDir && (f.inUse(full) || f.inUse(other))) {
			continue
		}
		if f.files.names[m].doubt {
			continue
		}
		f.twin(h, full, other)
		switch {
		case isDir:
			f.pair(h, full, other, nil)
		case bytes.Equal(base, otherBase) && !(f.files.names[m].own && p.isOwn(i)):
			f.pair(h, dir, otherDir, base)
		}
	}
}

// Bounds of twins: names that have them, and how many each has.
const (
	maxTwins = 2048
	maxTwin  = 4
)

// twin enters that two names have been those of one inode. It is news once.
func (f *Facts) twin(h *host, a, b []byte) {
	one, other := f.addTwin(h, a, b), f.addTwin(h, b, a)
	f.news = f.news || one || other
}

// addTwin enters another name of an inode, and reports whether that is new.
func (f *Facts) addTwin(h *host, full, other []byte) bool {
	sum := f.files.hash(0, full)
	old := h.twins[sum]
	if len(old) == maxTwin || len(old) == 0 && len(h.twins) >= maxTwins || slices.Contains(old, string(other)) || !f.spend(mapEntry+len(other)) {
		return false
	}
	h.twins[sum] = append(old, string(other))
	return true
}

// inUse tells whether paths of rules lie below a directory.
func (f *Facts) inUse(dir []byte) bool { return len(f.set.above[string(dir)]) > 0 }

// tellsApart tells whether rules see a difference between two names.
func (p *places) tellsApart(a, b span) bool {
	if a.hi-a.lo != b.hi-b.lo {
		return true
	}
	for n := range a.hi - a.lo {
		if p.hits[a.lo+n] != p.hits[b.lo+n] {
			return true
		}
	}
	return false
}

// pair enters that two names lead to one directory: a symlink or a mount. Which it is, and which of them it is, can be told only where
// one of them has been seen to be a symlink.
func (f *Facts) pair(h *host, a, b, base []byte) {
	switch {
	case f.isLinked(h, a) && f.isRelinked(h, a): // rules were bound to what was there before
		f.linkTo(h, a, b, true)
		return
	case f.isLinked(h, b) && f.isRelinked(h, b):
		f.linkTo(h, b, a, true)
		return
	}
	if !h.links.addPair(a, b, base) || !f.spend(len(a)+len(b)+len(base)) {
		return
	}
	f.changed(true)
	if !h.links.paired(a, b) {
		return
	}
	switch aLinked, bLinked := f.isLinked(h, a), f.isLinked(h, b); {
	case aLinked && !bLinked:
		f.linkTo(h, a, b, false)
	case bLinked && !aLinked:
		f.linkTo(h, b, a, false)
	}
}

// linkTo enters a symlink between two names of a directory.
func (f *Facts) linkTo(h *host, from, to []byte, made bool) {
	if f.addLink(h, string(from), string(to), made) {
		f.changed(true)
	}
}

// addLink enters a symlink, see links.addLink.
func (f *Facts) addLink(h *host, from, to string, made bool) bool {
	if old, known := h.links.now.to[from]; known && old == to {
		return false
	}
	return f.spend(2*(len(from)+len(to)+mapEntry)) && h.links.addLink(from, to, made)
}

// isRelinked tells whether a symlink came into being in the log.
func (f *Facts) isRelinked(h *host, full []byte) bool {
	_, ok := h.relinked[f.files.hash(h.index, full)]
	return ok
}

// isReal tells whether a working directory or an executable has shown that a directory's name has no symlink on the way.
func (f *Facts) isReal(h *host, dir []byte) bool {
	_, ok := h.real[f.files.hash(h.index, dir)]
	return ok || string(dir) == "/"
}

// sight enters what carries paths of rules.
func (f *Facts) sight(h *host, i int, key fileKey) {
	p := f.spell
	nm := &p.call.Names[i]
	pl := p.name(i)
	gone := nm.Type == event.NameDelete && p.call.Success
	if nm.Type == event.NameCreate && p.call.Success && !p.sharesInode(i) {
		f.unbind(h, key)
	}
	f.watches(h, i, key)
	for _, hit := range p.hits[pl.hits.lo:pl.hits.hi] {
		s := &h.refs[hit.ref.id]
		if hit.exact && gone {
			s.kind(nm.Mode)
		}
		if hit.exact && (nm.Type == event.NameCreate || gone && !p.isReplaced(i)) {
			s.update()
		}
		if gone {
			if hit.exact {
				s.now = false
				s.bind(nm.Mode)
			}
			continue
		}
		if hit.exact && nm.Type == event.NameCreate {
			s.unbound = p.changesPlaces(i)
		}
		earlier := s.sighted
		if s.sight() {
			f.changed(s.waited)
		}
		if hit.exact && (nm.Mode&modeType == modeLink || p.isOwn(i) || !f.isLinked(h, p.text(pl))) && s.carry(key, nm.Mode, p.isOwn(i), nm.Type == event.NameCreate) {
			f.changed(s.waited || s.link && earlier)
		}
	}
	if pl.real && !gone {
		f.linkRun(h, pl)
	}
}
