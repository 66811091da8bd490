package match

import "github.com/auditprof/auditprof/internal/audit/event"

// Rules on one file do not keep their order. Whenever a file comes to a watched name or goes from it, the kernel makes the watch and
// its rules anew and puts them first into the list of their inode, the last first: after an even number of times the later rule is
// asked first (kernel/audit_watch.c: audit_update_watch). And where one file is watched under two spellings of its path, only the
// spelling that was loaded last is bound to the new file; the others stay with the old.

// updates is how often the log has shown that a file came to a watched name or went from it, the event that is being decided included.
func (p *places) updates(w *watchRef) int {
	if p.host == nil {
		return 0
	}
	s := &p.host.refs[w.id]
	if s.updates == 0 && s.has && s.first != s.key {
		return 1
	}
	return int(s.updates)
}

// remade tells whether the kernel has made the rules of a watch anew, by what the log shows of its path; removal: while a file goes away.
func (p *places) remade(w *watchRef, removal bool) reading {
	if p.host == nil {
		return reading{}
	}
	s := &p.host.refs[w.id]
	return reading{value: int(s.updates)-boolInt(removal) > 0, open: s.updates == 0 && len(s.bound) > 1, why: WhyOrder, rests: AssumeInode}
}

// isReplaced tells whether what carried name i gave way to another file in the same call: a rename over it, which is one change of the
// name and not two.
func (p *places) isReplaced(i int) bool {
	for k := range p.call.Names {
		if p.call.Names[k].Type == event.NameCreate && string(p.text(p.name(k))) == string(p.text(p.name(i))) {
			return true
		}
	}
	return false
}

// givesWay tells whether what carried name i was replaced by a rename, of which the kernel tells watches only that something came there
// (fs/namei.c: vfs_rename). Of two names that change places it tells that both went.
func (p *places) givesWay(i int) bool {
	made := 0
	for k := range p.call.Names {
		made += boolInt(p.call.Names[k].Type == event.NameCreate)
	}
	return made == 1 && p.isReplaced(i)
}

// turnsRound tells whether two rules on a file may have changed places: those of one watch whenever its file was replaced a second time, those
// of two, which a hard link brings to one file, whenever either was.
func (j *Judge) turnsRound(w, other *watchRef) bool {
	if w == other {
		return w.kind == pathWatch && j.updates(w) > 1
	}
	return w.kind == pathWatch && j.updates(w) > 0 || other.kind == pathWatch && j.updates(other) > 0
}

// updates is places.updates as it is when the rules are asked: while a file goes away, this event's own comes after.
func (j *Judge) updates(w *watchRef) int {
	n := j.places.updates(w)
	if j.removal {
		n--
	}
	return n
}

// stale tells whether a watch may have been left behind with an older file, because another spelling of its path was loaded later.
func (j *Judge) stale(w *watchRef) bool {
	if w.kind != pathWatch {
		return false
	}
	n := j.places.updates(w)
	if !j.m.twins[w.id] {
		other := j.places.respelled(w)
		if other == nil {
			return false
		}
		n += j.places.updates(other)
	}
	if j.removal {
		n--
	}
	return n > 0
}

// respelled is another watch of the same file, through another name of its directory as far as facts know; nil where there is none.
func (p *places) respelled(w *watchRef) *watchRef {
	if p.host == nil || len(p.set.bases[w.base]) < 2 {
		return nil
	}
	path := p.host.resolved(p.facts, w)
	dir, _ := split([]byte(path))
	for _, r := range p.set.bases[w.base] {
		if r.kind != pathWatch || r.path == w.path {
			continue
		}
		if at := p.host.resolved(p.facts, r); at == path {
			return r
		} else if other, _ := split([]byte(at)); p.host.links.paired(dir, other) {
			return r
		}
	}
	return nil
}

// keptOld tells whether a watch that was left behind may still be bound to the file of name i, which had the watched name first.
func (j *Judge) keptOld(i int, w *watchRef) bool {
	p := j.places
	if p.host == nil || !j.stale(w) {
		return false
	}
	s, n := &p.host.refs[w.id], &j.call.Names[i]
	return s.has && n.HasInode && s.first == p.host.key(n)
}

// turned is the form that is asked first of those of the inode hash that match a name. n is the first of them in the order of loading,
// and at is its place in j.active.
func (j *Judge) turned(i int, n int32, at int) int32 {
	for k := at + 1; k < len(j.active); k++ {
		other := j.active[k]
		f := &j.m.forms[other]
		if f.rule == j.m.forms[n].rule || !j.turnsRound(j.m.forms[n].watch, f.watch) || !j.matchesName(f, i) {
			continue
		}
		a := atom{kind: atomOrder, name: int32(i), of: n, with: uint32(other)}
		if j.worlds.ask(a, reading{open: true, why: WhyOrder}) {
			n = other
		}
	}
	return n
}

// findTwins notes the watches that another spelling of the same path comes after, as far as the text shows it. All rules with one
// spelling share the watch of the first of them (kernel/audit_watch.c: audit_add_to_parent).
func (m *Matcher) findTwins() {
	m.twins = make([]bool, len(m.paths.refs))
	last := map[string]int{} // path → id of its watch that was made last
	seen := make([]bool, len(m.paths.refs))
	for i := range m.forms {
		w := m.forms[i].watch
		if w == nil || w.kind != pathWatch || seen[w.id] {
			continue
		}
		seen[w.id] = true
		if before, ok := last[w.path]; ok {
			m.twins[before] = true
		}
		last[w.path] = w.id
	}
}
