package match

import (
	"bytes"

	"github.com/auditprof/auditprof/internal/audit/event"
)

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
		case p.isTagged(p.host.key(&p.call.Names[i]), d):
			return reading{value: true, rests: AssumeInode}
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
	if d.slash && nm.Mode&modeType != modeDir && p.isPath(first, d) {
		return reading{rests: AssumeInode} // the rule is bound to a directory, which this is no more
	}
	if first.kind == asTyped && p.isPath(first, d) && p.isCovered(p.host, i, d) {
		return reading{open: true, why: WhySymlink}
	}
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
	return p.doubtBelow(r, pl, first, d)
}

// doubtBelow opens a reading of which the name itself, or the rule's path, is not sure.
func (p *places) doubtBelow(r reading, pl *place, first *candidate, d *dirRef) reading {
	switch {
	case pl.astray:
		r.open, r.why = true, pl.why
	case first.doubt && first.kind == asTyped:
		r.open, r.why = true, WhySymlink
	case !r.value && !r.open && p.unseenBelow(first, d):
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

// isPath tells whether a full name is a rule's path.
func (p *places) isPath(c *candidate, r *pathRef) bool {
	return string(p.buf[c.text.lo:c.text.hi]) == r.path
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

// apart tells whether two directories are known to be two, by their inodes. That of a symlink says nothing of what it leads to, nor that of
// what came in its place of what it led to when rules were loaded.
func (p *places) apart(a, b []byte) bool {
	if p.facts.wasLinked(p.host, a) || p.facts.wasLinked(p.host, b) {
		return false
	}
	keyA, okA := p.facts.inodeOf(p.host, a)
	keyB, okB := p.facts.inodeOf(p.host, b)
	return okA && okB && keyA != keyB
}
