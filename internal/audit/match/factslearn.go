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
	for _, hit := range p.hits[pl.hits.lo:pl.hits.hi] {
		s := &h.refs[hit.ref.id]
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

// learnReal learns from names that the kernel wrote without symlinks: the working directory and the executable.
func (f *Facts) learnReal(h *host, c *event.Call) {
	if c.Has&event.HasCwd != 0 {
		f.learnRealDir(h, f.cwdSum, c.Cwd.AppendUntrusted, false)
	}
	if c.Has&event.HasExe != 0 {
		f.learnRealDir(h, f.exeSum, c.Exe.AppendUntrusted, true)
	}
}

// learnRealDir is learnReal of one name, of which sum is a hash as written.
func (f *Facts) learnRealDir(h *host, sum uint64, text func([]byte) ([]byte, bool), file bool) {
	slot := &h.seen[sum%seenDirs]
	if *slot == sum {
		return
	}
	*slot = sum
	full, ok := text(f.text[:0])
	f.text = full
	if !ok || len(full) == 0 || full[0] != '/' || !isClean(full) || bytes.HasSuffix(full, deleted) {
		return
	}
	for n := 1; n <= len(full); n++ {
		if n < len(full) && full[n] != '/' {
			continue
		}
		f.realPrefix(h, full[:n], n < len(full) || !file)
	}
}

// realPrefix enters a name without symlinks.
func (f *Facts) realPrefix(h *host, prefix []byte, dir bool) {
	if sum := f.files.hash(h.index, prefix); dir && len(h.real) < maxReal {
		if _, known := h.real[sum]; !known && f.spend(mapEntry) {
			h.real[sum] = struct{}{}
		}
	}
	for _, r := range f.set.at[string(prefix)] {
		if s := &h.refs[r.id]; !s.real {
			s.real = true
			f.changed(s.waited || s.link)
		}
	}
	if !dir {
		return
	}
	for _, r := range f.set.within[string(prefix)] {
		if s := &h.refs[r.id]; !s.parent {
			s.parent = true
			f.changed(s.waited)
		}
	}
}

// aboutExe tells whether facts say more of the executable than exe= does.
func (f *Facts) aboutExe(h *host, c *event.Call) bool {
	if c.Has&event.HasExe == 0 || !f.set.hasExes {
		return false
	}
	sum := f.exeSum
	slot := &h.exes[sum%seenExes]
	if slot.hash == sum && slot.epoch == f.epoch {
		return slot.about
	}
	*slot = seenExe{hash: sum, epoch: f.epoch}
	for _, r := range f.set.refs {
		if r.kind == pathExe {
			with := f.spell.exe(r)
			without := f.spell.exePlain(r)
			if with.open != without.open || with.value != without.value {
				slot.about = true
				break
			}
		}
	}
	return slot.about
}

// learnIDs learns numbers of users and groups from what auditd added behind the record (auditd.conf(5), log_format = ENRICHED).
func (f *Facts) learnIDs(h *host, c *event.Call) {
	sys := c.Event.Syscall()
	if len(h.users) == len(f.ids) || sys == nil || len(sys.Enriched) == 0 {
		return
	}
	for _, field := range [...]struct {
		name  string
		id    uint32
		group bool
	}{
		{"AUID", c.AUID, false}, {"UID", c.UID, false}, {"EUID", c.EUID, false}, {"SUID", c.SUID, false}, {"FSUID", c.FSUID, false},
		{"GID", c.GID, true}, {"EGID", c.EGID, true}, {"SGID", c.SGID, true}, {"FSGID", c.FSGID, true},
	} {
		text, ok := sys.Interpreted(field.name)
		if !ok {
			continue
		}
		for _, want := range f.ids {
			if _, known := h.users[want]; !known && want.group == field.group && want.name == string(text) {
				h.users[want] = field.id
				f.changed(true)
			}
		}
	}
}
