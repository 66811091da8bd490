package match

import (
	"bytes"

	"github.com/auditprof/auditprof/internal/audit/event"
)

// candidate is one full name that a name of an event may have.
type candidate struct {
	text span // in places.buf
	hits span // in places.hits
	own  bool // the inode was seen under it by a call that follows no symlink at its end
}

// candidates are the full names that name i may have by what facts know: the one that it is typed as first, with the symlinks in it
// followed that are sure; or where it has none, those of its inode.
func (p *places) candidates(i int) span {
	pl := p.name(i)
	if pl.asked {
		return pl.cands
	}
	pl.asked = true
	lo := len(p.cands)
	if p.host != nil && p.mayHop(i) {
		p.inodeCandidates(i, lo)
	}
	if pl.whole == wholeName {
		p.typedCandidates(i, pl, lo)
	}
	if p.facts != nil && !pl.real {
		p.inodeCandidates(i, lo)
	}
	pl.cands = span{lo, len(p.cands)}
	return pl.cands
}

// mayHop tells whether name i is the parent of a file that is opened and may be made. Where a symlink is at the end of the file's name the
// record has the directory that the link is in by its name, and that in which the link's target is by its inode
// (kernel/auditsc.c: __audit_inode, which uses one entry for both).
func (p *places) mayHop(i int) bool {
	return p.does.opens && p.call.Names[i].Type == event.NameParent
}

// typedCandidates are a name as typed, and under the other name of a directory that it lies in.
func (p *places) typedCandidates(i int, pl *place, lo int) {
	nm := &p.call.Names[i]
	if p.host == nil || pl.real {
		p.addTyped(lo, candidate{text: span{pl.lo, pl.hi}, hits: pl.hits, own: pl.real || p.isOwn(i)})
		return
	}
	start := len(p.buf)
	follow := !p.isOwn(i) && nm.Mode&modeType != modeLink
	var met bool
	p.buf, met = p.host.links.resolve(p.buf, p.text(pl), follow)
	c := candidate{text: span{start, len(p.buf)}, hits: pl.hits, own: p.isOwn(i)}
	if met {
		c.hits = p.hitsOf(p.buf[start:])
	}
	p.addTyped(lo, c)
	for _, other := range p.host.twins[p.facts.files.hash(0, p.text(pl))] {
		p.addCandidate(lo, false, other, nil)
	}
	p.host.links.variants(p.buf[c.text.lo:c.text.hi], func(head string, tail []byte) {
		p.addCandidate(lo, false, head, tail)
	})
}

// addTyped adds a candidate unless it is one of those from lo on.
func (p *places) addTyped(lo int, c candidate) {
	for n := lo; n < len(p.cands); n++ {
		old := &p.cands[n]
		if bytes.Equal(p.buf[old.text.lo:old.text.hi], p.buf[c.text.lo:c.text.hi]) {
			old.own = old.own || c.own
			return
		}
	}
	p.cands = append(p.cands, c)
}

// inodeCandidates are the names that the inode of name i has had: before this event, else after it.
func (p *places) inodeCandidates(i int, lo int) {
	if p.host == nil || !p.call.Names[i].HasInode {
		return
	}
	key := p.host.key(&p.call.Names[i])
	at, life := p.facts.files.find(key), uint32(0)
	if at != none {
		life = p.facts.files.young.files[at].life
		p.earlierNames(at, lo)
	}
	if p.facts.prior != nil {
		p.laterNames(key, life, lo)
	}
}

// earlierNames adds the names that a file has, or the last one that it had.
func (p *places) earlierNames(at int32, lo int) {
	h := p.facts.files.young
	fl := &h.files[at]
	for m := fl.names; m != none; m = h.names[m].next {
		p.addMoved(lo, h.names[m].own, h.nameText(m), fl.seq)
	}
	if fl.names == none && fl.ghost != none {
		p.addMoved(lo, true, h.nameText(fl.ghost), fl.seq)
	}
}

// laterNames adds the names that an inode has at the end of the log, if its number was not used anew since; or where it has none yet, the
// first that it will have.
func (p *places) laterNames(key fileKey, life uint32, lo int) {
	at := p.facts.prior.files.find(key)
	if at == none {
		return
	}
	h := p.facts.prior.files.young
	fl := &h.files[at]
	if len(p.cands) == lo && life == 0 && fl.first != none {
		p.addCandidate(lo, h.names[fl.first].own, "", h.nameText(fl.first))
	}
	if life != fl.life {
		return
	}
	for m := fl.names; m != none; m = h.names[m].next {
		p.addCandidate(lo, h.names[m].own, "", h.nameText(m))
	}
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
	p.addCandidate(lo, own, "", text)
}

// addCandidate adds head+tail to the candidates from lo on, unless it is one.
func (p *places) addCandidate(lo int, own bool, head string, tail []byte) {
	start := len(p.buf)
	p.buf = append(append(p.buf, head...), tail...)
	if p.host != nil {
		resolved, met := p.host.links.resolve(p.buf, p.buf[start:], !own)
		if met {
			start = len(p.buf)
			p.buf = resolved
		} else {
			p.buf = resolved[:len(p.buf)]
		}
	}
	text := p.buf[start:]
	for n := lo; n < len(p.cands); n++ {
		c := &p.cands[n]
		if bytes.Equal(p.buf[c.text.lo:c.text.hi], text) {
			c.own = c.own || own
			return
		}
	}
	p.cands = append(p.cands, candidate{text: span{start, len(p.buf)}, hits: p.hitsOf(text), own: own})
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
	found := p.cands[lo:]
	p.cands = p.cands[:lo]
	if len(found) != 1 {
		return
	}
	base := p.text(pl)
	if n := bytes.LastIndexByte(base, '/'); n >= 0 {
		base = base[n+1:]
	}
	if parent == i {
		base = nil
	}
	start := len(p.buf)
	p.buf = append(p.buf, p.buf[found[0].text.lo:found[0].text.hi]...)
	if len(base) > 0 {
		p.buf = append(append(p.buf, '/'), base...)
	}
	pl.whole, pl.byInode = wholeName, true
	pl.lo, pl.hi = start, start+len(cleanPath(p.buf[start:]))
}
