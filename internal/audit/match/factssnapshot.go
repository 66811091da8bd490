package match

import (
	"slices"
	"strings"
)

// know begins a host with what a snapshot of it says.
func (h *host) know(set *pathSet, s *Snapshot, ids []nameID) {
	if s == nil || !isHost(s.Host, h.name) {
		return
	}
	for _, l := range s.Links {
		h.links.addLink(l.Path, l.Target, false)
	}
	byText := map[string]*SnapshotPath{}
	for i := range s.Paths {
		byText[s.Paths[i].Path] = &s.Paths[i]
	}
	for _, r := range set.refs {
		if p := byText[r.text]; p != nil && r.kind != pathInode {
			h.knowPath(&h.refs[r.id], r, p)
		}
	}
	for _, u := range s.Users {
		h.knowID(ids, nameID{u.Name, false}, u.UID)
		h.groups[u.UID] = append(slices.Clone(u.Groups), u.GID)
	}
	for _, g := range s.Groups {
		h.knowID(ids, nameID{g.Name, true}, g.GID)
	}
}

// isHost tells whether a snapshot is of the host that a node= names. Either may have no name, or the one without its domain.
func isHost(snapshot, node string) bool {
	short := func(name string) string { name, _, _ = strings.Cut(name, "."); return name }
	return snapshot == "" || node == "" || short(snapshot) == short(node)
}

// knowPath enters what a path of a rule is. What carries it now need not have carried it when an event was: its inode says yes, and never no.
func (h *host) knowPath(state *refState, r *pathRef, p *SnapshotPath) {
	state.parent = true // no symlink on the way that is not among the links
	kind := p.Kind
	switch kind {
	case SnapshotMissing:
		return
	case SnapshotSymlink:
		state.link, kind = true, p.FollowedKind
	default:
		state.plain = true
	}
	state.dir, state.file = kind == SnapshotDir, kind != SnapshotDir && kind != "" && kind != SnapshotMissing
	if p.Inode != 0 && !(r.slash && state.link) {
		key := fileKey{inode: p.Inode, dev: p.DevMajor<<20 | p.DevMinor&0xfffff, host: h.index}
		h.inodes[key] = append(h.inodes[key], r)
	}
}

// knowID enters the number of a name that rules use.
func (h *host) knowID(ids []nameID, id nameID, number uint32) {
	if slices.Contains(ids, id) {
		h.users[id] = number
	}
}

// hasInode tells whether the snapshot has an inode for a rule's path.
func (h *host) hasInode(key fileKey, r *pathRef) bool { return slices.Contains(h.inodes[key], r) }

// inGroup tells whether the process has a group among its supplementary ones, which no record holds: as far as the snapshot says which
// groups its users have.
func (p *places) inGroup(gid uint32) reading {
	if p.host == nil || len(p.host.groups) == 0 {
		p.open = true
		return reading{open: true, why: WhyGroup}
	}
	c := p.call
	with, without := false, false
	for _, uid := range [...]uint32{c.AUID, c.UID, c.EUID, c.SUID, c.FSUID} {
		if uid == unset {
			continue
		}
		if slices.Contains(p.host.groups[uid], gid) {
			with = true
		} else {
			without = true
		}
	}
	if with && without {
		return reading{open: true, why: WhyGroup}
	}
	return reading{value: with, rests: AssumeGroups}
}
