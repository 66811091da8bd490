package match

import (
	"bytes"

	"github.com/auditprof/auditprof/internal/audit/event"
)

// side is which of the two names that a call was given one of its PATH records belongs to.
type side uint8

const (
	sideUnknown side = iota
	sideFirst        // the only one, or the one that is there before: of a rename, of a link
	sideSecond       // the one that comes into being
)

// side tells which name of the call name i belongs to. A rename has PARENT records for both, in an order that its compiler chose
// (fs/namei.c: do_renameat2, both names are read as arguments of one call), DELETE of the old name, DELETE of what the new one replaces
// and CREATE; a link has its target, then PARENT and CREATE.
func (p *places) side(i int) side {
	if p.does.second == 0 {
		return sideFirst
	}
	names := p.call.Names
	switch names[i].Type {
	case event.NameCreate:
		return sideSecond
	case event.NameNormal:
		return sideFirst
	case event.NameDelete:
		return p.sideOfDeleted(i)
	case event.NameParent:
		return p.sideOfParent(i)
	}
	return sideUnknown
}

// sideOfDeleted tells the old name of a rename, whose inode the new name has, from the name that was replaced, which is the new one.
func (p *places) sideOfDeleted(i int) side {
	names := p.call.Names
	for j := range names {
		if names[j].Type != event.NameCreate {
			continue
		}
		if sameInode(&names[i], &names[j]) {
			return sideFirst
		}
		if bytes.Equal(names[i].Name.Text, names[j].Name.Text) {
			return sideSecond
		}
	}
	return sideUnknown
}

// sideOfParent finds the names that came or went in a directory, and whose they are.
func (p *places) sideOfParent(i int) side {
	found := sideUnknown
	for j := range p.call.Names {
		if t := p.call.Names[j].Type; t != event.NameCreate && t != event.NameDelete || !p.isParent(i, j) {
			continue
		}
		s := p.side(j)
		if found != sideUnknown && s != found {
			return sideUnknown
		}
		found = s
	}
	return found
}

// isParent tells whether PARENT record i may be that of name j, by what was typed: the kernel writes the directory part of the name with
// its slash, and the working directory, without a slash at its end, where there is none (kernel/auditsc.c: audit_log_name).
func (p *places) isParent(i, j int) bool {
	parent, okParent := p.call.Names[i].Name.AppendUntrusted(p.scratch[:0])
	p.scratch = parent
	child, ok := p.call.Names[j].Name.AppendUntrusted(p.scratch)
	p.scratch = child
	parent, child = child[:len(parent)], child[len(parent):]
	if !ok || !okParent || len(parent) == 0 || len(child) == 0 {
		return false
	}
	child = bytes.TrimRight(child, "/")
	n := bytes.LastIndexByte(child, '/')
	if n < 0 {
		return parent[len(parent)-1] != '/' || len(parent) == 1
	}
	return bytes.Equal(bytes.TrimRight(parent, "/"), bytes.TrimRight(child[:n+1], "/"))
}

// parentOf is the PARENT record of a name that comes or goes, -1 where it cannot be told.
func (p *places) parentOf(i int) int {
	found := -1
	for j := range p.call.Names {
		if p.call.Names[j].Type != event.NameParent || !p.isParent(j, i) {
			continue
		}
		if found >= 0 && !sameInode(&p.call.Names[found], &p.call.Names[j]) {
			return -1
		}
		found = j
	}
	return found
}
