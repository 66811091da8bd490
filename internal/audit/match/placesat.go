package match

import (
	"bytes"

	"github.com/auditprof/auditprof/internal/audit/event"
)

// at tells whether name i is the file of a path= or inode= rule.
func (p *places) at(i int, w *watchRef, when phase) reading {
	nm := &p.call.Names[i]
	if !nm.HasInode || when == atRemoval && nm.Type == event.NameCreate {
		return reading{}
	}
	if w.kind == pathInode {
		return reading{value: uint32(nm.Inode) == w.inode}
	}
	return p.ask(p.readAt(i, w, when), w)
}

func (p *places) readAt(i int, w *watchRef, when phase) reading {
	nm := &p.call.Names[i]
	if when == atExit && p.shares(i, w) {
		return reading{value: true, rests: AssumeNames}
	}
	if p.host != nil && nm.Type != event.NameDelete && p.host.hasInode(p.host.key(nm), w) {
		return reading{value: true, rests: AssumeInode}
	}
	if r, ok := p.readBound(i, w, when); ok {
		return r
	}
	pl := p.name(i)
	cands := p.candidates(i)
	exact := -1
	for n := cands.lo; n < cands.hi && exact < 0; n++ {
		if p.is(&p.cands[n], w) {
			exact = n
		}
	}
	switch {
	case exact >= 0 && p.cands[exact].kind == asTyped && when == atExit && nm.Type == event.NameDelete && p.call.Success:
		return reading{rests: AssumeNames} // it took the watch's file with it
	case exact >= 0:
		return p.readExact(i, w, exact)
	case pl.why == WhySymlink && string(p.text(pl)) == w.path:
		return reading{rests: AssumeInode} // bound to the symlink, and this is what it leads to
	case pl.real && p.typedIs(pl, w):
		return p.readRun(pl, w)
	case pl.whole == wholeTail && endsWith(w.path, p.text(pl)), cands.lo == cands.hi:
		return p.readUnnamed(i, pl, w)
	case p.unseenAt(&p.cands[cands.lo], w):
		return reading{open: true, why: WhyUnseen}
	case pl.whole != wholeName || pl.byInode:
		return reading{rests: AssumeInode}
	}
	return reading{rests: AssumeNames}
}

// goes tells whether name i, which goes away, is a watch's path: not another name of its file.
func (p *places) goes(i int, w *watchRef) reading {
	return p.ask(p.readGoes(i, w), w)
}

func (p *places) readGoes(i int, w *watchRef) reading {
	pl := p.name(i)
	if _, base := split(p.text(pl)); pl.whole != wholeNone && string(base) != w.base {
		return reading{rests: AssumeNames}
	}
	cands := p.candidates(i)
	if cands.lo == cands.hi {
		return reading{open: true, why: pl.why}
	}
	first := &p.cands[cands.lo]
	switch {
	case p.is(first, w):
		return reading{value: true, open: first.off, why: WhyReuse, rests: AssumeNames}
	case p.unseenAt(first, w):
		return reading{open: true, why: WhyUnseen}
	}
	for n := cands.lo + 1; n < cands.hi; n++ {
		if p.is(&p.cands[n], w) {
			return reading{open: true, why: WhySymlink}
		}
	}
	return reading{rests: AssumeNames}
}

// readExact is at where one of the candidates is the watch's path. A watch is bound to what carries the name, a symlink at its end not
// followed; a call that follows it finds something else.
func (p *places) readExact(i int, w *watchRef, exact int) reading {
	pl := p.name(i)
	c := &p.cands[exact]
	plain := c.own
	if p.host != nil {
		s := &p.host.refs[w.id]
		if s.dead || s.unbound && c.kind == asTyped {
			return reading{rests: AssumeInode}
		}
		if s.isLink() && s.updates == 0 {
			return reading{value: p.call.Names[i].Mode&modeType == modeLink, rests: AssumeInode}
		}
		plain = plain || s.plain || s.real
	}
	if c.kind == asTwin || c.weak || c.doubt {
		return reading{value: c.kind == asTyped, open: true, why: WhySymlink}
	}
	r := reading{value: true, rests: AssumeInode}
	if c.kind == asTyped && pl.whole == wholeName && !pl.byInode {
		r.rests = AssumeNames
	}
	if p.call.Names[i].Mode&modeType == modeDir && p.isMountPoint(i, w) {
		return reading{rests: AssumeInode}
	}
	// A symlink that ends in another name, and a mount, would have shown itself by that name.
	isDir := p.call.Names[i].Mode&modeType == modeDir
	if (isDir || !plain && c.kind != asPair && c.kind != asSibling) && p.otherFile(pl.cands, w) {
		r = reading{value: c.kind == asTyped, open: true, why: WhySymlink}
	}
	return r
}

// isMountPoint tells whether another file system is mounted on a watch's path: the watch is bound to the directory that the mount hides
// (kernel/audit_watch.c: audit_get_nd follows no mount at the end of the path).
func (p *places) isMountPoint(i int, w *watchRef) bool {
	if p.host == nil {
		return false
	}
	dir, _ := split([]byte(w.path))
	above, ok := p.facts.inodeOf(p.host, dir)
	return ok && above.dev != p.host.key(&p.call.Names[i]).dev
}

// otherFile tells whether any of the candidates ends in another name than the watch's path does.
func (p *places) otherFile(cands span, w *watchRef) bool {
	for n := cands.lo; n < cands.hi; n++ {
		if _, base := split(p.buf[p.cands[n].text.lo:p.cands[n].text.hi]); string(base) != w.base {
			return true
		}
	}
	return false
}

// readRun is at for a program that was run by the watch's path, which is not its own name: a symlink is at the end of the path, and the
// watch is bound to that; or on the way to it, which watches follow.
func (p *places) readRun(pl *place, w *watchRef) reading {
	if _, base := split(p.text(pl)); string(base) != w.base {
		return reading{rests: AssumeExe}
	}
	if p.host != nil && p.host.refs[w.id].parent {
		return reading{rests: AssumeExe}
	}
	return reading{value: true, open: true, why: WhySymlink}
}

// readUnnamed is at for a file without a name that anybody knows.
func (p *places) readUnnamed(i int, pl *place, w *watchRef) reading {
	if pl.whole == wholeTail && !endsWith(w.path, p.text(pl)) {
		return reading{rests: AssumeNames}
	}
	nm := &p.call.Names[i]
	if p.host == nil {
		return reading{open: true, why: pl.why}
	}
	if nm.Type == event.NameCreate && !p.sharesInode(i) {
		return reading{open: p.inDirOf(w), why: pl.why, rests: AssumeInode}
	}
	s := &p.host.refs[w.id]
	if s.now {
		return reading{value: s.key == p.host.key(nm), rests: AssumeInode}
	}
	return reading{open: true, why: pl.why}
}

// inDirOf tells whether any directory that the call looked names up in may be the one that a watch's path is in.
func (p *places) inDirOf(w *watchRef) bool {
	dir, _ := split([]byte(w.path))
	for i := range p.call.Names {
		if p.call.Names[i].Type != event.NameParent || !p.call.Names[i].HasInode {
			continue
		}
		cands := p.candidates(i)
		if cands.lo == cands.hi {
			return true
		}
		for n := cands.lo; n < cands.hi; n++ {
			if text := p.cands[n].text; bytes.Equal(p.buf[text.lo:text.hi], dir) {
				return true
			}
		}
	}
	return false
}

// is tells whether a full name is a watch's path, symlinks followed that are known on the way to both.
func (p *places) is(c *candidate, w *watchRef) bool {
	if p.host == nil {
		h := p.hit(c.hits, w)
		return h != nil && h.exact
	}
	return string(p.buf[c.text.lo:c.text.hi]) == p.host.resolved(p.facts, w)
}

func (p *places) typedIs(pl *place, w *watchRef) bool {
	return string(p.buf[pl.typed.lo:pl.typed.hi]) == w.path
}

// unseenAt tells whether a name ends like a watch whose own path was never seen: it may be the same file.
func (p *places) unseenAt(c *candidate, w *watchRef) bool {
	if p.host == nil || w.base == "" || !p.host.refs[w.id].unseen() {
		return false
	}
	dir, base := split(p.buf[c.text.lo:c.text.hi])
	if string(base) != w.base {
		return false
	}
	if own, _ := split([]byte(w.path)); p.apart(dir, own) {
		return false
	}
	return true
}

// shares tells whether another name of the event is bound to the watch and has the same inode: the new name of a rename, a link.
func (p *places) shares(i int, w *watchRef) bool {
	nm := &p.call.Names[i]
	for j := range p.call.Names {
		other := &p.call.Names[j]
		if j == i || !sameInode(nm, other) || other.Type == event.NameDelete && p.call.Success {
			continue
		}
		if pl := p.name(j); pl.whole == wholeName {
			cands := p.candidates(j)
			if cands.lo < cands.hi && p.is(&p.cands[cands.lo], w) {
				return true
			}
		}
	}
	return false
}
