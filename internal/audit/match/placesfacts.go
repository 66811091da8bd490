package match

import (
	"bytes"

	"github.com/auditprof/auditprof/internal/audit/event"
)

// candidate is one full name that a name of an event may have.
type candidate struct {
	text span // in places.buf
	hits span // in places.hits
	kind candidateKind
	// head is the length of the directory of which a symlink or a mount leads to that of another candidate, for a name through it.
	head  int
	of    int  // of asPair: index into places.cands of the one that it is another path of
	weak  bool // of asPair: one file has shown it, which may have been linked itself
	off   bool // it does not end as the tail that the event has: another link to the file
	doubt bool // see name.doubt
	own   bool // the inode was seen under it by a call that follows no symlink at its end
}

// candidateKind is where a candidate is from.
type candidateKind uint8

const (
	asTyped   candidateKind = iota // what the event says, sure symlinks followed
	asPair                         // another one, under the other name of a directory that it lies in
	asFile                         // a name of the inode in another event
	asTwin                         // a name that once had the same inode as the one that is typed: a link, maybe
	asSibling                      // asFile, and it ends like the one that is typed: their directories are one
)

// candidates are the full names that name i may have by what facts know: the one that it is typed as first, or where it has none, those
// of its inode; and all of them under other names of directories.
func (p *places) candidates(i int) span {
	pl := p.name(i)
	if pl.asked {
		return pl.cands
	}
	pl.asked = true
	lo := len(p.cands)
	hop := p.host != nil && p.mayHop(i)
	if hop {
		p.inodeCandidates(i, lo)
	}
	if pl.whole == wholeName {
		p.typedCandidate(i, pl, lo)
	}
	if p.host != nil && !pl.real {
		if !hop {
			p.inodeCandidates(i, lo)
		}
		p.twinCandidates(i, pl, lo)
		if pl.whole == wholeTail {
			p.markEndings(pl, lo)
		}
		p.pairCandidates(lo)
		if pl.whole == wholeName && pl.why == WhySymlink {
			p.dropLinks(lo)
		}
	}
	pl.cands = span{lo, len(p.cands)}
	return pl.cands
}

// dropLinks takes out of the candidates of a name that is a symlink's, and followed, those that are that name by another path.
func (p *places) dropLinks(lo int) {
	kept := p.cands[:lo]
	for _, c := range p.cands[lo:] {
		text := p.buf[c.text.lo:c.text.hi]
		linked := p.facts.isLinked(p.host, text)
		p.host.links.variants(text, func(pair *pair, head string, tail []byte) {
			linked = linked || pair.count > 1 && p.facts.isLinked(p.host, append([]byte(head), tail...))
		})
		if !linked || c.own {
			kept = append(kept, c)
		}
	}
	if len(kept) == len(p.cands) {
		return
	}
	p.cands = kept
	for n := lo; n < len(kept); n++ {
		if kept[n].kind == asPair { // of one that may be gone
			kept[n].kind = asTwin
		}
	}
}

// mayHop tells whether name i is the parent of a file that is opened and may be made. Where a symlink is at the end of the file's name the
// record has the directory that the link is in by its name, and that in which the link's target is by its inode
// (kernel/auditsc.c: __audit_inode, which uses one entry for both).
func (p *places) mayHop(i int) bool {
	return p.does.opens && p.call.Names[i].Type == event.NameParent
}

// typedCandidate adds a name as typed.
func (p *places) typedCandidate(i int, pl *place, lo int) {
	c := candidate{text: span{pl.lo, pl.hi}, hits: pl.hits, own: pl.real || p.isOwn(i)}
	if p.host == nil || pl.real {
		p.cands = append(p.cands, c)
		return
	}
	nm := &p.call.Names[i]
	if !c.own && nm.Mode&modeType != modeLink {
		if p.facts.isLinked(p.host, p.text(pl)) && p.host.links.now.to[string(p.text(pl))] == "" {
			pl.why = WhySymlink
			return // it is a symlink, and this is what it leads to
		}
		c.doubt = p.facts.isLaterLinked(p.host, p.text(pl))
	}
	start := len(p.buf)
	var met bool
	p.buf, met = p.host.links.now.resolve(p.buf, p.text(pl), !p.isOwn(i) && nm.Mode&modeType != modeLink)
	c.text = span{start, len(p.buf)}
	if met {
		c.hits = p.hitsOf(p.buf[start:])
	}
	if old := p.candidate(lo, c.text); old != nil {
		old.own = old.own || c.own
	} else {
		p.cands = append(p.cands, c)
	}
}

// twinCandidates adds the other names that a name as typed, or where there is none the inode's, has shared an inode with, unless it is the
// inode's own.
func (p *places) twinCandidates(i int, pl *place, lo int) {
	if len(p.cands) > lo && p.cands[lo].own {
		return
	}
	if pl.whole == wholeName {
		p.addTwins(i, lo, p.text(pl))
		for _, r := range p.host.bound[p.host.key(&p.call.Names[i])] {
			if r.kind == pathWatch && len(p.cands) > lo {
				p.addFile(lo, asTwin, false, []byte(r.path))
			}
		}
	} else if len(p.cands) > lo {
		first := p.cands[lo].text
		p.addTwins(i, lo, p.buf[first.lo:first.hi])
	}
}

// addTwins adds the names that have shared an inode with a name.
func (p *places) addTwins(i, lo int, full []byte) {
	for _, other := range p.host.twins[p.facts.files.hash(0, full)] {
		if n := p.facts.files.named(p.facts.files.hash(p.host.index, []byte(other)), []byte(other)); n != none {
			h := p.facts.files
			if h.list[h.names[n].file].key != p.host.key(&p.call.Names[i]) {
				continue // a link would lead to what has that name now
			}
		}
		p.addFile(lo, asTwin, false, []byte(other))
	}
}

// candidate is the one from lo on that has a text, nil where there is none.
func (p *places) candidate(lo int, text span) *candidate {
	for n := lo; n < len(p.cands); n++ {
		if c := &p.cands[n]; bytes.Equal(p.buf[c.text.lo:c.text.hi], p.buf[text.lo:text.hi]) {
			return c
		}
	}
	return nil
}

// pairCandidates adds the candidates from lo on under other names of the directories that they lie in.
func (p *places) pairCandidates(lo int) {
	if len(p.host.links.pairs) == 0 {
		return
	}
	for n, end := lo, len(p.cands); n < end; n++ {
		c := p.cands[n]
		p.host.links.variants(p.buf[c.text.lo:c.text.hi], func(pair *pair, head string, tail []byte) {
			if p.host.links.isDirected(pair) {
				return // the link is followed
			}
			start := len(p.buf)
			p.buf = append(append(p.buf, head...), tail...)
			text := span{start, len(p.buf)}
			weak := pair.count < 2 || c.weak
			switch old := p.candidate(lo, text); {
			case old == nil:
				p.cands = append(p.cands, candidate{
					text: text, hits: p.hitsOf(p.buf[start:]), kind: asPair, head: len(head), of: n, weak: weak, off: c.off, own: c.own,
				})
			case !weak && n == lo && (old.kind == asFile || old.kind == asTwin):
				old.kind, old.head, old.of = asPair, len(head), n
			}
		})
	}
}

// markEndings marks those of the candidates from lo on that do not end like the tail of a name, if any other does.
func (p *places) markEndings(pl *place, lo int) {
	if p.isDirectory {
		return
	}
	tail := p.text(pl)
	_, base := split(tail)
	fits := false
	for n := lo; n < len(p.cands); n++ {
		c := &p.cands[n]
		text := p.buf[c.text.lo:c.text.hi]
		_, b := split(text)
		c.off = !bytes.Equal(b, base)
		fits = fits || !c.off
		if endsWith(string(text), tail) && n > lo {
			p.cands[lo], p.cands[n] = p.cands[n], p.cands[lo]
		}
	}
	pl.astray = !fits && len(p.cands) > lo
}

// inodeCandidates are the names that the inode of name i has had: before this event, else after it.
func (p *places) inodeCandidates(i int, lo int) {
	nm := &p.call.Names[i]
	if p.host == nil || !nm.HasInode || nm.Type == event.NameCreate && !p.sharesInode(i) {
		return // what has just come into being has had no other name
	}
	key := p.host.key(&p.call.Names[i])
	p.isDirectory = p.call.Names[i].Mode&modeType == modeDir
	at, life := p.facts.files.find(key), uint32(0)
	if at != none {
		life = p.facts.files.list[at].life
		p.earlierNames(at, lo)
	}
	if p.facts.prior != nil {
		p.laterNames(i, key, life, lo)
	}
}

// earlierNames adds the names that a file has, or the last one that it had.
func (p *places) earlierNames(at int32, lo int) {
	h := p.facts.files
	fl := &h.list[at]
	for m := fl.names; m != none; m = h.names[m].next {
		if p.isLinked(&h.names[m]) {
			continue
		}
		before := len(p.cands)
		p.addMoved(lo, h.names[m].own, h.nameText(m), fl.seq)
		if c := &p.cands[len(p.cands)-1]; len(p.cands) > before && h.names[m].doubt {
			c.doubt = true
			if p.cands[lo].kind == asTyped {
				c.kind = asTwin
			}
		}
	}
	if fl.names == none && fl.ghost != none {
		p.addMoved(lo, true, h.nameText(fl.ghost), fl.seq)
	}
}

// laterNames adds the names that an inode has at the end of the log, if its number was not used anew since; or where it has none yet, the
// first that it will have.
func (p *places) laterNames(i int, key fileKey, life uint32, lo int) {
	at := p.facts.prior.files.find(key)
	if at == none {
		return
	}
	h := p.facts.prior.files
	fl := &h.list[at]
	if len(p.cands) == lo && life == 0 && fl.first != none && !h.names[fl.first].made && !p.isLinked(&h.names[fl.first]) {
		p.addFile(lo, asFile, h.names[fl.first].own, h.nameText(fl.first))
	}
	kind := asFile
	switch {
	case life < fl.life && len(p.cands) > lo && p.cands[lo].kind != asTyped:
		kind = asTwin // its name went away, and what goes on under its number may be the same file
	case life != fl.life:
		return
	case len(p.cands) > lo && p.cands[lo].kind == asTyped && p.call.Names[i].Mode&modeType != modeDir:
		kind = asTwin // it may have come there later
	}
	for m := fl.names; m != none; m = h.names[m].next {
		if !h.names[m].made && !p.isLinked(&h.names[m]) { // else it comes later
			p.addFile(lo, kind, h.names[m].own, h.nameText(m))
		}
	}
}

// isLinked tells whether a name of a file is known to be that of a symlink to it.
func (p *places) isLinked(nm *name) bool {
	if nm.own {
		return false
	}
	_, linked := p.host.linked[nm.hash]
	_, later := p.host.laterLinked[nm.hash]
	return linked || later
}

// addMoved adds a name that was learnt at event seq, where it is now if a directory above it was renamed since.
func (p *places) addMoved(lo int, own bool, text []byte, seq uint32) {
	for n := range p.host.moves {
		m := &p.host.moves[n]
		if m.seq <= seq {
			continue
		}
		if tail, ok := tailBelow(text, m.from); ok {
			text = append([]byte(m.to), tail...)
		}
	}
	p.addFile(lo, asFile, own, text)
}

// addFile adds a name of an inode to the candidates from lo on, unless it is one.
// Two names of a directory are those of one directory: there are no links to them.
func (p *places) addFile(lo int, kind candidateKind, own bool, text []byte) {
	isDir := p.isDirectory
	start := len(p.buf)
	p.buf, _ = p.host.links.now.resolve(p.buf, text, !own)
	c := candidate{text: span{start, len(p.buf)}, kind: kind, own: own}
	if old := p.candidate(lo, c.text); old != nil {
		old.own = old.own || own
		if old.kind == asTwin {
			old.kind = kind
		}
		return
	}
	c.hits = p.hitsOf(p.buf[start:])
	if kind == asFile && isDir {
		c.kind, c.head = asSibling, len(p.buf)-start
	} else if kind == asFile && lo < len(p.cands) && p.cands[lo].kind == asTyped && !(own && p.cands[lo].own) {
		dir, base := split(p.buf[start:])
		typedDir, typed := split(p.buf[p.cands[lo].text.lo:p.cands[lo].text.hi])
		if bytes.Equal(typed, base) && !p.apart(dir, typedDir) {
			c.kind, c.head = asSibling, len(dir)
		}
	}
	p.cands = append(p.cands, c)
}

// spellByParent finds the full name of a name relative to a directory that only the process knows, by the inode of that directory: the
// PARENT record of a name that comes or goes.
func (p *places) spellByParent(i int, pl *place) {
	if p.host == nil {
		return
	}
	nm := &p.call.Names[i]
	parent := i
	if nm.Type == event.NameCreate || nm.Type == event.NameDelete {
		parent = p.parentOf(i)
	} else if nm.Type != event.NameParent {
		return
	}
	if parent < 0 || !p.call.Names[parent].HasInode {
		return
	}
	lo := len(p.cands)
	p.inodeCandidates(parent, lo)
	if len(p.cands) == lo {
		return
	}
	base := p.text(pl)
	if n := bytes.LastIndexByte(base, '/'); n >= 0 {
		base = base[n+1:]
	}
	if parent == i {
		base = nil
	}
	// The directory's first name makes the name; it lies under the others too, which the links say.
	dir := p.cands[lo].text
	p.cands = p.cands[:lo]
	start := len(p.buf)
	p.buf = append(p.buf, p.buf[dir.lo:dir.hi]...)
	if len(base) > 0 {
		p.buf = append(append(p.buf, '/'), base...)
	}
	pl.whole, pl.byInode = wholeName, true
	pl.lo, pl.hi = start, start+len(cleanPath(p.buf[start:]))
}
