package match

import (
	"bytes"

	"github.com/auditprof/auditprof/internal/audit/event"
)

// changesPlaces tells whether name i is the second name of a renameat2 that exchanges two: its watch is bound to what came to it, and then
// loses that with what goes from it (fs/namei.c: vfs_rename, which tells of two moves, one after the other).
func (p *places) changesPlaces(i int) bool {
	before, after := 0, 0
	for j := range p.call.Names {
		switch {
		case p.call.Names[j].Type != event.NameCreate:
		case j < i:
			before++
		case j > i:
			after++
		}
	}
	return p.call.Success && before == 0 && after == 1
}

// renewed learns that an inode came into being, under a name that the log does not say: it is none of those that paths of rules had.
func (f *Facts) renewed(h *host, key fileKey, at int32) {
	if at != none {
		f.files.forget(at)
	}
	f.unbind(h, key)
	for n := range h.refs {
		if s := &h.refs[n]; s.key == key {
			s.now = false
		}
	}
}

// linkRun learns from an execve of a name that is not that of the program it ran: a symlink at its end or on its way.
func (f *Facts) linkRun(h *host, pl *place) {
	p := f.spell
	typed, real := p.buf[pl.typed.lo:pl.typed.hi], p.text(pl)
	if len(typed) == 0 || typed[0] != '/' || bytes.Equal(typed, real) {
		return
	}
	dir, base := split(typed)
	realDir, realBase := split(real)
	if !p.tellsApart(pl.hits, p.hitsOf(typed)) && !f.inUse(dir) && !f.inUse(realDir) {
		return
	}
	if f.addLink(h, string(typed), string(real), false) {
		f.changed(true)
	}
	if bytes.Equal(base, realBase) && !f.isReal(h, dir) {
		f.pair(h, dir, realDir, base)
		return
	}
	for _, r := range f.set.at[string(typed)] {
		if s := &h.refs[r.id]; !s.link {
			s.link = true
			f.changed(true)
		}
	}
}

// linkMade learns where a new symlink leads, from the text that symlink(2) was given, which is a name of the event without an inode.
func (f *Facts) linkMade(h *host, i int, full []byte) {
	p := f.spell
	if p.call.Names[i].Mode&modeType != modeLink {
		return
	}
	for j := range p.call.Names {
		nm := &p.call.Names[j]
		if nm.HasInode || !nm.HasName || nm.Type != event.NameUnknown {
			continue
		}
		target, ok := nm.Name.AppendUntrusted(nil)
		if !ok || len(target) == 0 {
			return
		}
		if target[0] != '/' {
			dir, _ := split(full)
			target = append(append(bytes.Clone(dir), '/'), target...)
		}
		target = cleanPath(target)
		if (f.set.touches(full) || f.set.touches(target)) && f.addLink(h, string(full), string(target), true) {
			f.changed(true)
		}
		return
	}
}

// removed learns that a name went away: a symlink no longer leads anywhere.
func (f *Facts) removed(h *host, i int, full []byte) {
	h.carried = ""
	if f.spell.call.Names[i].Mode&modeType == modeLink {
		h.carried = h.links.now.to[string(full)]
	}
	if h.links.dropLink(full) {
		f.changed(false)
	}
	if !f.spell.moves(i) {
		f.removeRules(h, full)
	}
}

// moved learns that an inode has another name now: a symlink leads on from there, and what is in a directory went with it.
func (f *Facts) moved(h *host, i int, full []byte) {
	p := f.spell
	if h.carried != "" && p.call.Names[i].Mode&modeType == modeLink && f.addLink(h, string(full), h.carried, true) {
		f.changed(true)
	}
	if p.call.Names[i].Mode&modeType != modeDir {
		return
	}
	for j := range p.call.Names {
		if old := p.name(j); p.call.Names[j].Type == event.NameDelete && old.whole == wholeName && sameInode(&p.call.Names[i], &p.call.Names[j]) {
			switch {
			case len(h.moves) == maxMoves:
				h.moves = h.moves[:copy(h.moves, h.moves[1:])]
			case !f.spend(maxMove):
				continue
			}
			from := p.text(old)
			f.moveRules(h, from, full)
			if len(from)+len(full) <= maxMove {
				h.moves = append(h.moves, move{from: string(from), to: string(full), seq: f.seq})
			}
		}
	}
}

// moveRules takes the rules of a directory and of what is below it along when it is renamed: they are bound to its inode
// (kernel/audit_tree.c). What path= is bound to in the directory itself is given up (kernel/audit_watch.c: audit_remove_parent_watches).
func (f *Facts) moveRules(h *host, from, to []byte) {
	for _, r := range f.set.refs {
		if r.kind == pathInode || r.kind == pathForm || r.kind == pathExe {
			continue
		}
		s := &h.refs[r.id]
		at := h.resolved(f, r)
		tail, below := tailBelow([]byte(at), string(from))
		switch {
		case s.dead || !below && at != string(from):
			continue
		case r.kind == pathWatch && at == string(from):
			continue // the watch stays with the name
		case r.kind == pathWatch && bytes.LastIndexByte(tail, '/') == 0:
			s.dead = true
		case f.spend(len(to) + len(tail)):
			s.moved = string(to) + string(tail)
		}
		f.changed(false)
	}
}

// removeRules gives up the rules of a directory, or of a symlink that they were bound to, that is removed.
func (f *Facts) removeRules(h *host, full []byte) {
	for _, r := range f.set.refs {
		if r.kind == pathDir && h.resolved(f, r) == string(full) && !h.refs[r.id].dead {
			h.refs[r.id].dead = true
			f.changed(false)
		}
	}
}
