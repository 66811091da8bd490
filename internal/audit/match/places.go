package match

import (
	"bytes"

	"github.com/auditprof/auditprof/internal/audit/event"
)

// reading is the answer to one question that a rule asks of the names of an event.
type reading struct {
	value bool
	open  bool       // the other value is plausible too
	why   Why        // where it is open
	rests Assumption // what it takes for granted where it is not open; 0: the log says so
}

// phase is when the kernel evaluates names against watches.
type phase uint8

const (
	// atExit is the end of the syscall: a watch is bound to what carries its name now.
	atExit phase = iota
	// atRemoval is the moment when a watched name goes away, by unlink, rmdir or the old name of a rename, while the watch is still bound
	// to what had it (kernel/audit_watch.c: audit_update_watch). There is such a moment only where such a call succeeded.
	atRemoval
)

// places answers what rules ask of the names of one event: which file or directory each is. It is used by one goroutine, and again for
// the next event. Name i is the name of item order i, an index into Call.Names.
type places struct {
	set   *pathSet
	facts *Facts // nil: only the event itself is asked
	host  *host  // of the event, nil without facts
	call  *event.Call
	does  nameCall
	names []place
	buf   []byte
	hits  []hit
	cands []candidate

	scratch     []byte
	isDirectory bool // the name whose candidates are looked for is one of a directory

	open  bool  // something was open
	asked []int // ids of the paths that were asked for and left open
}

// newPlaces returns places without an event. f may be nil: then only the event itself is asked.
func newPlaces(set *pathSet, f *Facts) *places { return &places{set: set, facts: f} }

// reset begins with an event. What was read of the one before is forgotten.
func (p *places) reset(c *event.Call) {
	p.call = c
	p.does = nameCall{}
	if !c.Uring {
		p.does = nameCallNumbers.of(c.Arch, c.Syscall)
	}
	if p.facts != nil {
		p.host = p.facts.host(c.Event.Node)
	}
	p.buf, p.hits, p.cands, p.asked = p.buf[:0], p.hits[:0], p.cands[:0], p.asked[:0]
	p.open = false
	if cap(p.names) < len(c.Names) {
		p.names = make([]place, len(c.Names)+8)
	}
	p.names = p.names[:len(c.Names)]
	clear(p.names)
}

// ask notes what was open about a path.
func (p *places) ask(r reading, of *pathRef) reading {
	if r.open {
		p.open = true
		if p.host != nil {
			p.asked = append(p.asked, of.id)
		}
	}
	return r
}

// below tells whether name i is the directory of a dir= rule or in it, at any depth. A name that was never found is in none
// (kernel/auditsc.c: handle_path is asked for inodes only).
func (p *places) below(i int, d *dirRef) reading {
	if !p.call.Names[i].HasInode {
		return reading{}
	}
	return p.ask(p.readBelow(i, d), d)
}

func (p *places) readBelow(i int, d *dirRef) reading {
	pl := p.name(i)
	cands := p.candidates(i)
	if p.host != nil {
		switch s := &p.host.refs[d.id]; {
		case s.dead:
			return reading{rests: AssumeInode}
		case s.isLink() && !d.slash:
			return p.readLink(i, cands, d)
		}
	}
	if p.host != nil && p.host.hasInode(p.host.key(&p.call.Names[i]), d) {
		return reading{value: true, rests: AssumeInode}
	}
	nm := &p.call.Names[i]
	if h := p.hit(pl.hits, d); h != nil && h.exact && nm.Type == event.NameDelete && p.call.Success && !p.moves(i) {
		return reading{rests: AssumeNames} // it took the rule with it (kernel/auditsc.c: __audit_syscall_exit kills trees first)
	}
	if cands.lo == cands.hi {
		return reading{open: true, why: pl.why}
	}
	first := &p.cands[cands.lo]
	r := reading{value: p.under(first, d), rests: AssumeNames}
	if pl.whole != wholeName || pl.byInode {
		r.rests = AssumeInode
	}
	for n := cands.lo + 1; n < cands.hi; n++ {
		c := &p.cands[n]
		value, base := p.under(c, d), c
		if c.kind == asPair {
			base = &p.cands[c.of]
			value = value || p.under(base, d) != value && p.settles(base, c, d)
		}
		switch {
		case value == r.value, base.off && first.own, p.isOtherLink(first, base):
		case value && base == first && p.settles(first, c, d), c.kind == asSibling && p.settles(first, c, d):
			return reading{value: true, rests: AssumeInode}
		default:
			r.open, r.why = true, WhySymlink
		}
	}
	switch {
	case pl.astray:
		r.open, r.why = true, pl.why
	case first.doubt && first.kind == asTyped:
		r.open, r.why = true, WhySymlink
	}
	if !r.value && !r.open && p.unseenBelow(first, d) {
		r.open, r.why = true, WhyUnseen
	}
	return r
}

// isOtherLink tells whether a candidate is another hard link to a file that is where its own name is: the directory of that has no symlink
// on its way, or is known to be another than the candidate's.
func (p *places) isOtherLink(first, c *candidate) bool {
	if c.kind != asFile && c.kind != asTwin || first.kind != asTyped || !first.own {
		return false
	}
	dir, _ := split(p.buf[first.text.lo:first.text.hi])
	other, _ := split(p.buf[c.text.lo:c.text.hi])
	return p.facts.isReal(p.host, dir) || p.apart(dir, other)
}

// readLink is below for a dir= whose path ends in a symlink: the rule is bound to that, and nothing lies below it.
func (p *places) readLink(i int, cands span, d *dirRef) reading {
	r := reading{rests: AssumeInode}
	if p.call.Names[i].Mode&modeType == modeLink {
		for n := cands.lo; n < cands.hi; n++ {
			text := p.cands[n].text
			r.value = r.value || string(p.buf[text.lo:text.hi]) == d.path
		}
	}
	return r
}

// settles weighs two paths to a file through one directory under two names, of which one is below a rule's and the other is not. It
// tells whether the file is in the rule's directory all the same: that lies in the one that has two names, by whichever it is called; or
// is that one, and is no symlink or follows it.
func (p *places) settles(than, c *candidate, d *dirRef) bool {
	if c.kind != asPair && c.kind != asSibling || c.weak {
		return false
	}
	head := c.head
	if p.under(than, d) {
		head = than.text.hi - than.text.lo - (c.text.hi - c.text.lo - c.head)
	}
	s := &p.host.refs[d.id]
	return len(d.path) > head || len(d.path) == head && (d.slash || s.real || s.plain && s.dir)
}

// under tells whether a full name is a dir= rule's directory or below it, as far as symlinks on the way to it are known. The rule
// follows one at the end of its path only where that ends with a slash (kernel/audit_tree.c: audit_add_tree_rule).
func (p *places) under(c *candidate, d *dirRef) bool {
	if p.host == nil {
		return p.hit(c.hits, d) != nil
	}
	path := p.host.resolved(p.facts, d)
	if path == d.path {
		return p.hit(c.hits, d) != nil
	}
	text := p.buf[c.text.lo:c.text.hi]
	_, in := tailBelow(text, path)
	return in || string(text) == path
}

// hit is how a rule's path lies on the way to a name, nil where it does not.
func (p *places) hit(hits span, r *pathRef) *hit {
	for n := hits.lo; n < hits.hi; n++ {
		if p.hits[n].ref == r {
			return &p.hits[n]
		}
	}
	return nil
}

// unseenBelow tells whether a name lies below a directory called like that of a rule, whose own path was never seen: it may be the same.
func (p *places) unseenBelow(c *candidate, d *dirRef) bool {
	if p.host == nil || d.base == "" || !p.host.refs[d.id].unseen() {
		return false
	}
	text := p.buf[c.text.lo:c.text.hi]
	for {
		n := bytes.Index(text, []byte(d.base))
		if n < 0 {
			return false
		}
		end := n + len(d.base)
		if n > 0 && text[n-1] == '/' && (end == len(text) || text[end] == '/') {
			above := p.buf[c.text.lo : c.text.hi-len(text)+n-1]
			if dir, _ := split([]byte(d.path)); !p.apart(above, dir) {
				return true
			}
		}
		text = text[end:]
	}
}

// apart tells whether two directories are known to be two, by their inodes.
func (p *places) apart(a, b []byte) bool {
	keyA, okA := p.facts.inodeOf(p.host, a)
	keyB, okB := p.facts.inodeOf(p.host, b)
	return okA && okB && keyA != keyB
}

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

// exe tells whether the process's executable is the file of an exe= rule.
func (p *places) exe(w *exeRef) reading { return p.ask(p.readExe(w), w) }

func (p *places) readExe(w *exeRef) reading {
	r := p.exePlain(w)
	if p.host == nil || r.value || r.open {
		return r
	}
	start := len(p.buf)
	p.buf, _ = p.call.Exe.AppendUntrusted(p.buf)
	name := p.buf[start:]
	if string(bytes.TrimSuffix(name, deleted)) == p.host.resolved(p.facts, w) {
		return reading{value: true, rests: AssumeExe}
	}
	s := &p.host.refs[w.id]
	if _, base := split(name); string(base) == w.base && !s.parent && !s.real && p.host.resolved(p.facts, w) == w.path {
		return reading{open: true, why: WhyUnseen}
	}
	return r
}

// exePlain is exe by what the event itself says.
func (p *places) exePlain(w *exeRef) reading {
	start := len(p.buf)
	buf, ok := p.call.Exe.AppendUntrusted(p.buf)
	p.buf = buf
	if p.call.Has&event.HasExe == 0 || !ok {
		return reading{}
	}
	name, gone := bytes.CutSuffix(p.buf[start:], deleted)
	same := string(name) == w.path
	if gone && same {
		return reading{open: true, why: WhyExe}
	}
	return reading{value: same, rests: AssumeExe}
}

// isDir tells whether a -w of unknown kind watches a directory.
func (p *places) isDir(f *formRef) reading {
	if p.host != nil {
		switch s := &p.host.refs[f.id]; {
		case s.dir && !s.file:
			return reading{value: true, rests: AssumeKind}
		case s.file && !s.dir:
			return reading{rests: AssumeKind}
		}
	}
	for i := range p.call.Names {
		if !p.call.Names[i].HasInode || p.name(i).whole != wholeName {
			continue
		}
		if h := p.hit(p.names[i].hits, f); h != nil {
			return reading{value: !h.exact || p.call.Names[i].Mode&modeType == modeDir, rests: AssumeKind}
		}
	}
	return p.ask(reading{value: f.slash, open: true, why: WhyForm}, f)
}

// userID is the number of a user's or a group's name, as far as the log or the snapshot tells.
func (p *places) userID(name string, group bool) (id uint32, known bool) {
	if p.host != nil {
		if id, known = p.host.users[nameID{name, group}]; known {
			return id, true
		}
	}
	p.open = true
	return 0, false
}

// wantsFacts tells whether facts could know more of what was asked since reset: it is what Decision.Open reports.
func (p *places) wantsFacts() bool { return p.open && p.facts == nil }

// undecided says that the event remained undecided: what was asked since reset and not known is waited for, see Facts.News.
func (p *places) undecided() {
	if p.host == nil {
		return
	}
	for _, id := range p.asked {
		p.host.refs[id].waited = true
	}
	for i := range p.call.Names {
		if nm := &p.call.Names[i]; nm.HasInode && p.name(i).whole != wholeName {
			p.facts.wait(p.host.key(nm))
		}
	}
}

// File types as PATH's mode= has them (include/uapi/linux/stat.h).
const (
	modeType = 0o170000
	modeDir  = 0o040000
	modeLink = 0o120000
)

// sameInode tells whether two names of an event are one file.
func sameInode(a, b *event.Name) bool {
	return a.HasInode && b.HasInode && a.Inode == b.Inode && a.DevMajor == b.DevMajor && a.DevMinor == b.DevMinor
}

// endsWith tells whether tail is path or the end of it from a slash on.
func endsWith(path string, tail []byte) bool {
	n := len(path) - len(tail)
	return n > 0 && path[n-1] == '/' && path[n:] == string(tail)
}
