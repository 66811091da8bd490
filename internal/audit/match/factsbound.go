package match

import (
	"cmp"
	"slices"

	"github.com/auditprof/auditprof/internal/audit/event"
)

// A path= rule is bound to the inode that its path leads to, whatever else the file is called (kernel/audit_watch.c). So what the log shows
// of that one path, before and after an event, says more of an event's file than all names that the file has had.

// binding is what the path of a watch led to for a while.
type binding struct {
	from, to uint32  // events of the log: the first and the last that showed it
	key      fileKey // of gone: what was there before
	gone     bool    // nothing was there
	made     bool    // it came about in event from, and until then it was otherwise; else it was found so
	own      bool    // seen by a call that follows no symlink at the end of a name
}

// is tells whether the binding is to an inode.
func (b *binding) is(key fileKey) bool { return !b.gone && b.key == key }

// goesOn enters a binding that is the same as before, and reports whether it is.
func (b *binding) goesOn(as binding) bool {
	if b.gone != as.gone || !b.gone && b.key != as.key {
		return false
	}
	b.to, b.own = max(b.to, as.to), b.own || as.own
	return true
}

// maxBindings bounds what is remembered of one watch: of one whose file is replaced ever again, the last.
const maxBindings = 128

// bindingBytes is what a binding takes, with its place in host.bound.
const bindingBytes = 64

// bind enters what watch r leads to in event seq. It reports whether that is new.
func (f *Facts) bind(h *host, r *watchRef, b binding) bool {
	s := &h.refs[r.id]
	if n := len(s.bound); n > 0 && s.bound[n-1].goesOn(b) {
		return false
	}
	switch {
	case len(s.bound) == maxBindings:
		h.forgetBound(r)
	case !f.spend(bindingBytes):
		s.bound, s.forgot = nil, true
		return false
	}
	s.bound = append(s.bound, b)
	h.addBound(b.key, r)
	return true
}

// addBound enters that an inode has been a watch's.
func (h *host) addBound(key fileKey, r *watchRef) {
	if old := h.bound[key]; !slices.Contains(old, r) {
		h.bound[key] = append(slices.Clip(old), r)
	}
}

// forgetBound forgets the older half of what a watch was bound to.
func (h *host) forgetBound(r *watchRef) {
	s := &h.refs[r.id]
	for _, b := range s.bound[:maxBindings/2] {
		if left := slices.DeleteFunc(slices.Clone(h.bound[b.key]), func(o *watchRef) bool { return o == r }); len(left) > 0 {
			h.bound[b.key] = left
		} else {
			delete(h.bound, b.key)
		}
	}
	s.bound, s.forgot = append(s.bound[:0], s.bound[maxBindings/2:]...), true
	for _, b := range s.bound {
		h.addBound(b.key, r)
	}
}

// watch enters what name i of an event, which is that of watch r or may be, shows of that.
func (f *Facts) watch(h *host, r *watchRef, i int, key fileKey, full []byte) {
	p := f.spell
	nm := &p.call.Names[i]
	own := nm.Mode&modeType == modeLink || p.isOwn(i)
	switch {
	case r.kind == pathDir && r.slash: // it is bound to what a symlink there leads to
		if nm.Mode&modeType != modeDir {
			return
		}
	case !own && (f.isLinked(h, p.text(p.name(i))) || h.refs[r.id].isLink()):
		return // it shows what the symlink leads to
	}
	b := binding{from: f.seq, to: f.seq, key: key, own: own}
	b.made = p.call.Success && nm.Type == event.NameCreate
	s := &h.refs[r.id]
	since := uint32(0)
	if n := len(s.bound); n > 0 {
		since = s.bound[n-1].to
	}
	if !f.isPath(h, full, r) {
		f.mayBind(h, r, full, b)
		return
	}
	at := f.files.find(key)
	used := at != none && f.files.list[at].seq > since && f.files.list[at].names != none // under another name, that it still has
	fresh := f.bind(h, r, b)
	f.news = f.news || fresh && used && !b.made
	if p.call.Success && nm.Type == event.NameDelete && !p.isReplaced(i) {
		f.bind(h, r, binding{from: f.seq, to: f.seq, key: key, gone: true, made: true, own: true})
	}
}

// unbind enters that an inode came into being: what had its number before had gone away, when is not known.
func (f *Facts) unbind(h *host, key fileKey) {
	for _, r := range h.bound[key] {
		if s := &h.refs[r.id]; len(s.bound) > 0 && s.bound[len(s.bound)-1].is(key) {
			f.bind(h, r, binding{from: f.seq, to: f.seq, key: key, gone: true, own: true})
		}
	}
}

// unbindLinked forgets what calls have shown of a watch that follow a symlink at the end of a name: there is one.
func (h *host) unbindLinked(r *watchRef) {
	s := &h.refs[r.id]
	kept := s.bound[:0]
	for _, b := range s.bound {
		if b.own {
			kept = append(kept, b)
		}
	}
	s.bound = kept
}

// watches enters what name i of an event shows of watches.
func (f *Facts) watches(h *host, i int, key fileKey) {
	full := f.spell.text(f.spell.name(i))
	dir, base := split(full)
	for _, r := range f.set.bases[string(base)] {
		if r.kind != pathWatch && r.kind != pathDir {
			continue
		}
		if own, _ := split([]byte(r.path)); string(own) == string(dir) || !f.spell.apart(own, dir) {
			f.watch(h, r, i, key, full)
		}
	}
}

// mayBind remembers what a name that ends like a watch's path led to: the log may yet show that their directories are one.
func (f *Facts) mayBind(h *host, r *watchRef, full []byte, b binding) {
	s := &h.refs[r.id]
	for n := len(s.maybe) - 1; n >= 0; n-- {
		if m := &s.maybe[n]; m.full == string(full) {
			if m.goesOn(b) {
				return
			}
			break
		}
	}
	if f.prior == nil && len(s.maybe) < maxMaybe && f.spend(bindingBytes+len(full)) {
		s.maybe = append(s.maybe, mayBinding{b, string(full)})
	}
}

// mayBinding is a binding of another name.
type mayBinding struct {
	binding
	full string
}

// maxMaybe bounds what is remembered of names that end like a watch's path.
const maxMaybe = 64

// bindings is what a first reading, which is complete, has seen of a watch: by all names that it knows for its path now.
func (f *Facts) bindings(h *host, r *watchRef) []binding {
	s := &h.refs[r.id]
	list := s.bound
	for _, m := range s.maybe {
		if f.isPath(h, []byte(m.full), r) {
			list = append(slices.Clip(list), m.binding)
		}
	}
	if len(list) == len(s.bound) {
		return list
	}
	slices.SortStableFunc(list, func(a, b binding) int { return cmp.Compare(a.from, b.from) })
	merged := list[:1]
	for _, b := range list[1:] {
		if last := &merged[len(merged)-1]; b.made || !last.goesOn(b) {
			merged = append(merged, b)
		}
	}
	return merged
}

// isPath tells whether a full name is that of a watch, by whatever names of directories that are known to be one.
func (f *Facts) isPath(h *host, full []byte, r *watchRef) bool {
	path := h.resolved(f, r)
	if path == string(full) || r.path == string(full) {
		return true
	}
	if len(h.links.now.to) > 0 {
		full, _ = h.links.now.resolve(nil, full, false)
		if path == string(full) {
			return true
		}
	}
	return h.links.alike(full, path, maxDetours)
}

// bound is what a watch's path may have led to at one moment.
type bound struct {
	known bool
	shown bool // the log shows it before and after that moment
	one   *binding
	other *binding // where the log shows it change, and not when: what it led to afterwards
}

// has tells whether an inode is the watch's, and whether that is open.
func (b *bound) has(key fileKey) (is, open bool) {
	is = b.one.is(key)
	if b.other == nil {
		return is, false
	}
	later := b.other.is(key)
	return is || later, is != later
}

// boundAt is what a watch is bound to in the event that is being decided: as it begins, or after it.
func (p *places) boundAt(w *watchRef, when phase) bound {
	if p.host == nil {
		return bound{}
	}
	s := &p.host.refs[w.id]
	if s.dead || s.unbound || p.host.isRebuilt(p.facts, w) {
		return bound{}
	}
	now := p.facts.seq
	before, after := around(s.bound, now, when)
	if p.host.firstBound != nil {
		b, a := around(p.host.firstBound[w.id], now, when)
		if before == nil || b != nil && b.to > before.to {
			before = b
		}
		after = a
	}
	switch {
	case before == nil && (after == nil || after.made || s.forgot):
		return bound{}
	case before == nil:
		return bound{known: true, one: after}
	case after == nil || before.to >= now:
		return bound{known: true, one: before, shown: before.to >= now}
	case after.made:
		return bound{known: true, one: before, other: &nothing}
	}
	return bound{known: true, one: before, other: after}
}

var nothing = binding{gone: true}

// around are the last binding that had begun when an event came, and the one behind that.
func around(list []binding, now uint32, when phase) (before, after *binding) {
	for n := range list {
		b := &list[n]
		if b.from > now || when == atRemoval && b.made && b.from == now {
			return before, b
		}
		before = b
	}
	return before, nil
}

// firstOf is what the path of a rule has led to, from the beginning of the log as far as it is known.
func (h *host) firstOf(r *pathRef) []binding {
	if h.firstBound != nil {
		return h.firstBound[r.id]
	}
	return h.refs[r.id].bound
}

// isTagged tells whether an inode is that of the directory, or of the symlink, that a dir= rule was bound to when it was loaded, under whatever
// name (kernel/audit_tree.c: audit_add_tree_rule).
func (p *places) isTagged(key fileKey, d *dirRef) bool {
	list := p.host.firstOf(d)
	s := &p.host.refs[d.id]
	if len(list) == 0 || list[0].made || !list[0].is(key) || s.forgot {
		return false
	}
	if !d.slash && !list[0].own && !s.plain && !s.real {
		return false // it may be what a symlink leads to, to which the rule is bound
	}
	for n := range list[1:] {
		if b := &list[n+1]; b.gone && !b.made && b.from <= p.facts.seq {
			return false // its number was used again
		}
	}
	return true
}

// isCovered tells whether a rule's path led to another file system when its directory was first seen: the one is mounted over the other, or
// they are in two mount namespaces.
func (p *places) isCovered(h *host, i int, d *dirRef) bool {
	if h == nil {
		return false
	}
	list := h.firstOf(d)
	return len(list) > 0 && !list[0].gone && list[0].key.dev != h.key(&p.call.Names[i]).dev
}

// isRebuilt tells whether a symlink on the way to a watch's path was made in the log: the watch is in the directory to which it was led
// before.
func (h *host) isRebuilt(f *Facts, w *watchRef) bool {
	if len(h.relinked) == 0 {
		return false
	}
	for dir, _ := split([]byte(w.path)); len(dir) > 1; dir, _ = split(dir) {
		if f.isRelinked(h, dir) {
			return true
		}
	}
	return false
}

// readBound is at by what the log shows of the watch's own path; ok is false where that says nothing.
func (p *places) readBound(i int, w *watchRef, when phase) (r reading, ok bool) {
	b := p.boundAt(w, when)
	if !b.known {
		return reading{}, false
	}
	nm, pl, key := &p.call.Names[i], p.name(i), p.host.key(&p.call.Names[i])
	is, open := b.has(key)
	typed := pl.whole == wholeName && !pl.byInode && string(p.text(pl)) == w.path
	r = reading{value: is, open: open, rests: AssumeInode}
	if typed || pl.whole == wholeName && !pl.byInode && !is {
		r.rests = AssumeNames
	}
	cands := p.candidates(i)
	switch {
	case open:
		r.why = WhyReuse
	case !is && b.one.gone && cands.lo == cands.hi:
		return reading{}, false
	case !is:
	case nm.Mode&modeType == modeDir && p.isMountPoint(i, w):
		r.value = false
	case !b.one.own && !p.isPlain(w) && p.otherFile(cands, w):
		r.open, r.why = true, WhySymlink
	case !typed && !b.shown && !p.keeps(cands, w):
		r.open, r.why = true, WhyReuse
	}
	return r, true
}

// isPlain tells whether a watch's path is known not to end in a symlink.
func (p *places) isPlain(w *watchRef) bool {
	s := &p.host.refs[w.id]
	return s.plain || s.real
}

// keeps tells whether a watch's path is one of the names that a file has, by what facts know without doubt.
func (p *places) keeps(cands span, w *watchRef) bool {
	for n := cands.lo; n < cands.hi; n++ {
		c := &p.cands[n]
		if c.kind != asTwin && !c.weak && !c.doubt && !c.off && p.facts.isPath(p.host, p.buf[c.text.lo:c.text.hi], w) {
			return true
		}
	}
	return false
}
