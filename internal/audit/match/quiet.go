package match

// Most events touch no file of any path= rule. That is seen once for each name, in place of once for each rule.

// quiet tells whether no active rule of the inode hash can match any name, by nothing but the names themselves.
func (j *Judge) quiet() bool {
	p := j.places
	if p.host != nil || j.missing || j.worlds.bends > 0 {
		return false
	}
	for _, n := range j.active {
		if j.m.forms[n].watch.kind != pathWatch {
			return false
		}
	}
	for i := range j.call.Names {
		if j.call.Names[i].HasInode && !p.touchesNoWatch(i) {
			return false
		}
	}
	j.worlds.rests |= AssumeNames
	return true
}

// touchesNoWatch tells whether a name is known in full and is no rule's path.
func (p *places) touchesNoWatch(i int) bool {
	pl := p.name(i)
	if pl.whole != wholeName || pl.real {
		return false
	}
	for n := pl.hits.lo; n < pl.hits.hi; n++ {
		if p.hits[n].exact {
			return false
		}
	}
	return true
}
