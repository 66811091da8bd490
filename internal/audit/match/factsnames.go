package match

import (
	"bytes"

	"github.com/auditprof/auditprof/internal/audit/event"
)

// learnName takes in name i, which has an inode. It reports whether facts say more of it than the event does.
func (f *Facts) learnName(h *host, i int) bool {
	nm := &f.spell.call.Names[i]
	f.files.makeRoom()
	key := h.key(nm)
	at := f.files.find(key)
	raw := f.raw(i)
	if at != none && nm.Type != event.NameDelete && nm.Type != event.NameCreate {
		fl := &f.files.list[at]
		if n := fl.spelled(raw); n >= 0 && fl.epoch == f.epoch {
			fl.seq = f.seq
			return fl.abouts[n]
		}
	}
	pl := f.spell.name(i)
	if pl.whole != wholeName || f.spell.mayHop(i) {
		if nm.Type == event.NameCreate && !f.spell.sharesInode(i) {
			f.renewed(h, key, at)
		} else if at != none && pl.whole == wholeTail {
			f.outlived(at, f.spell.text(pl))
		}
		c := f.spell.candidates(i)
		return c.lo != c.hi
	}
	return f.learnFull(h, i, key, at, raw)
}

// learnFull is learnName of a name that is known in full and not known to be its inode's.
func (f *Facts) learnFull(h *host, i int, key fileKey, at int32, raw uint64) bool {
	nm := &f.spell.call.Names[i]
	if at == none {
		at = f.files.add(key)
	}
	f.sight(h, i, key)
	fresh := f.attach(h, i, at)
	fl := &f.files.list[at]
	fl.seq = f.seq
	if fl.names != none {
		if _, ok := f.waits[key]; ok {
			delete(f.waits, key)
			f.news = f.news || nm.Type != event.NameCreate || f.spell.sharesInode(i) // else it was another file that was waited for
		}
	}
	if fresh && !(nm.Type == event.NameCreate && f.spell.sharesInode(i)) {
		f.relate(h, i, at)
	}
	about := f.aboutName(h, i)
	fl = &f.files.list[at]
	if fl.epoch != f.epoch || fresh {
		fl.raws, fl.epoch = [2]uint64{}, f.epoch
	}
	if nm.Type != event.NameDelete && nm.Type != event.NameCreate && fl.spelled(raw) < 0 {
		fl.raws, fl.abouts = [2]uint64{raw, fl.raws[0]}, [2]bool{about, fl.abouts[0]}
	}
	return about
}

// outlived learns that a file whose name went away is used by another one: it had more than one.
func (f *Facts) outlived(at int32, tail []byte) {
	fl := &f.files.list[at]
	if fl.names != none || fl.ghost == none || !fl.gone {
		return
	}
	_, base := split(tail)
	if _, old := split(f.files.nameText(fl.ghost)); !bytes.Equal(base, old) {
		fl.ghost = none
		fl.life++
	}
}

// attach gives the inode of name i that name, or takes it away where it went away. It reports whether the inode has it anew.
func (f *Facts) attach(h *host, i int, at int32) bool {
	p := f.spell
	c, nm := p.call, &p.call.Names[i]
	full := p.text(p.name(i))
	if len(h.links.now.to) > 0 { // a name is remembered without the symlinks on its way
		f.text, _ = h.links.now.resolve(f.text[:0], full, false)
		full = f.text
	}
	hash := f.files.hash(h.index, full)
	switch {
	case nm.Type == event.NameDelete && c.Success:
		f.noteLink(h, hash, full, nm, true)
		n, fresh := f.files.attach(at, hash, full, true)
		if fresh {
			f.relate(h, i, at)
		}
		if n != none {
			f.files.detach(n, true)
			f.detachSpellings(h, at, full)
		}
		delete(h.linked, hash)
		f.removed(h, i, full)
		return false
	case nm.Type == event.NameCreate && c.Success && !p.sharesInode(i):
		f.files.forget(at)
		f.linkMade(h, i, full)
	case nm.Type == event.NameCreate && c.Success:
		f.moved(h, i, full)
	}
	f.noteLink(h, hash, full, nm, p.isOwn(i))
	n, fresh := f.files.attach(at, hash, full, p.isOwn(i))
	switch {
	case n == none:
	case nm.Type == event.NameCreate:
		f.files.names[n].made = true
	case fresh && nm.Mode&modeType != modeDir && nm.Mode&modeType != modeLink:
		f.files.doubtOthers(at, n)
	}
	return fresh
}

// detachSpellings takes away from a file the names that are the one that went away, through other names of its directory.
func (f *Facts) detachSpellings(h *host, at int32, full []byte) {
	fs := f.files
	h.links.variants(full, func(_ *pair, head string, tail []byte) {
		for m := fs.list[at].names; m != none; m = fs.names[m].next {
			if text := fs.nameText(m); len(text) == len(head)+len(tail) && string(text[:len(head)]) == head && string(text[len(head):]) == string(tail) {
				fs.detach(m, true)
				break
			}
		}
	})
}

// maxLinked bounds the names that are remembered as those of symlinks.
const maxLinked = 4096

// noteLink remembers whether a name is that of a symlink, as far as the event tells. Where a directory has that name and another one, it
// leads to the other.
func (f *Facts) noteLink(h *host, hash uint64, full []byte, nm *event.Name, own bool) {
	if nm.Mode&modeType != modeLink {
		if own {
			delete(h.linked, hash)
			delete(h.laterLinked, hash)
		}
		return
	}
	made := nm.Type == event.NameCreate
	if made {
		if len(h.relinked) < maxLinked && f.spend(mapEntry) {
			h.relinked[hash] = struct{}{}
		}
	} else if _, later := h.relinked[hash]; !later && len(h.firstLinked) < maxLinked && f.spend(mapEntry) {
		h.firstLinked[hash] = struct{}{}
	}
	if _, known := h.linked[hash]; !known {
		for _, r := range f.set.at[string(full)] {
			h.unbindLinked(r)
		}
	}
	if _, known := h.linked[hash]; !known && len(h.linked) < maxLinked && f.spend(mapEntry) {
		h.linked[hash] = struct{}{}
		f.directPairs(h, full, made)
		f.news = f.news || !made && f.files.named(hash, full) != none // it was taken for the name of what it leads to
	}
}

// directPairs finds where a symlink leads, if it is one name of a directory that has two.
func (f *Facts) directPairs(h *host, full []byte, made bool) {
	for i := range h.links.pairs {
		p := &h.links.pairs[i]
		other := p.b
		switch {
		case p.count < 2, p.a != string(full) && p.b != string(full):
			continue
		case p.b == string(full):
			other = p.a
		}
		if !f.isLinked(h, []byte(other)) && f.addLink(h, string(full), other, made) {
			f.changed(true)
		}
	}
}

// isLinked tells whether a name is known to be that of a symlink.
func (f *Facts) isLinked(h *host, full []byte) bool {
	_, ok := h.linked[f.files.hash(h.index, full)]
	return ok
}

// wasLinked tells whether a name is that of a symlink, or was when the log began.
func (f *Facts) wasLinked(h *host, full []byte) bool {
	sum := f.files.hash(h.index, full)
	_, now := h.linked[sum]
	_, first := h.firstLinked[sum]
	_, told := h.toldLinked[sum]
	return now || first || told
}

// isLaterLinked tells, in a second reading, whether the first found out that a name is that of a symlink, which it did not see come.
func (f *Facts) isLaterLinked(h *host, full []byte) bool {
	_, ok := h.laterLinked[f.files.hash(h.index, full)]
	return ok
}

// raw is a hash of how an event spells name i: what is spelled alike has the same full name.
func (f *Facts) raw(i int) uint64 {
	p := f.spell
	nm := &p.call.Names[i]
	if !nm.HasName {
		return 1
	}
	sum := f.files.hash(uint32(nm.Type), nm.Name.Text)
	if len(nm.Name.Text) == 0 || nm.Name.Text[0] != '/' || nm.Name.Quote == 0 || nm.Type == event.NameParent {
		sum = sum*31 + f.cwdSum
		if p.hasDirfd(i) {
			sum = sum*31 + 1
		}
	}
	if p.isOwn(i) {
		sum = sum*31 + 2
	}
	if p.does.exec {
		sum = sum*31 + f.exeSum
	}
	return sum
}

// isOwn tells whether name i is its inode's own, and not that of a symlink to it: a name that came or went, one that a call used which
// follows no symlink at its end, a symlink itself, a directory that something was looked up in by a name without symlinks.
func (p *places) isOwn(i int) bool {
	nm := &p.call.Names[i]
	switch nm.Type {
	case event.NameCreate, event.NameDelete:
		return true
	case event.NameNormal:
		return nm.Mode&modeType == modeLink || p.does.own
	}
	return false
}

// sharesInode tells whether another name of the event, older than the new name i, has its inode: a rename, a link.
func (p *places) sharesInode(i int) bool {
	for j := range p.call.Names {
		if j != i && p.call.Names[j].Type != event.NameParent && sameInode(&p.call.Names[i], &p.call.Names[j]) {
			return true
		}
	}
	return false
}

// aboutName tells whether facts say more of name i, which is full, than the event does.
func (f *Facts) aboutName(h *host, i int) bool {
	p := f.spell
	pl := p.name(i)
	cands := p.candidates(i)
	key := h.key(&p.call.Names[i])
	if len(h.inodes[key]) > 0 || pl.byInode || cands.lo == cands.hi {
		return true
	}
	for _, r := range h.bound[key] {
		if hit := p.hit(pl.hits, r); hit == nil || !hit.exact {
			return true
		}
	}
	for n := cands.lo; n < cands.hi; n++ {
		if p.cands[n].doubt || p.tellsApart(pl.hits, p.cands[n].hits) {
			return true
		}
	}
	for n := pl.hits.lo; n < pl.hits.hi; n++ {
		r := p.hits[n].ref
		if s := &h.refs[r.id]; s.isLink() || s.dead || s.moved != "" || s.unbound || s.updates > 0 && (r.kind == pathForm || r.exe) ||
			p.hits[n].exact && r.kind == pathDir && p.isCovered(h, i, r) {
			return true
		}
	}
	if len(h.links.first.to) > 0 || len(h.moves) > 0 {
		for _, r := range f.set.refs {
			if r.kind <= pathWatch && h.resolved(f, r) != r.path && p.under(&p.cands[cands.lo], r) {
				return true
			}
		}
	}
	return f.aboutUnseen(h, pl)
}

// aboutUnseen tells whether a name ends like, or lies below a directory called like, a path of a rule that has not been seen.
func (f *Facts) aboutUnseen(h *host, pl *place) bool {
	text, whole := f.spell.text(pl), true
	for len(text) > 1 {
		_, base := split(text)
		for _, r := range f.set.bases[string(base)] {
			if h.refs[r.id].unseen() && (r.kind == pathDir || r.kind == pathWatch && whole) {
				return true
			}
		}
		whole = false
		text = text[:len(text)-len(base)-1]
	}
	return false
}

// moves tells whether name i, which goes away, comes to another place in the same call.
func (p *places) moves(i int) bool {
	for j := range p.call.Names {
		if p.call.Names[j].Type == event.NameCreate && sameInode(&p.call.Names[i], &p.call.Names[j]) {
			return true
		}
	}
	return false
}
