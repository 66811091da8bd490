package policy

import (
	"github.com/auditprof/auditprof/internal/audit/match"
)

// mountedFrom are the other names that a folder has where its file system, or a part of it, is mounted a second time (mount --bind): dir= is
// bound to inodes (kernel/audit_tree.c), so what goes there goes under every name.
func (h *host) mountedFrom(p string) (names []string) {
	own := h.mountOf(p)
	if own == nil {
		return nil
	}
	inside := moved(p, own.Path, rootOf(own))
	for i := range h.mounts {
		m := &h.mounts[i]
		if m.DevMajor == own.DevMajor && m.DevMinor == own.DevMinor && within(inside, rootOf(m)) {
			names = append(names, moved(inside, rootOf(m), m.Path))
		}
	}
	return names
}

// mountOf is the mount that a path is in: the deepest, the last of several on one another. nil where the snapshot has none.
func (h *host) mountOf(p string) *match.SnapshotMount {
	var best *match.SnapshotMount
	for i := range h.mounts {
		if m := &h.mounts[i]; within(p, m.Path) && (best == nil || len(m.Path) >= len(best.Path)) {
			best = m
		}
	}
	return best
}

func rootOf(m *match.SnapshotMount) string {
	if m.Root == "" {
		return "/"
	}
	return m.Root
}

// moved is a path in one folder as it is in another.
func moved(p, from, to string) string {
	rest := p[len(from):] // begins with a slash, or is empty
	switch {
	case from == "/" && p != "/":
		rest = p
	case from == "/":
		rest = ""
	}
	if to == "/" && rest != "" {
		return rest
	}
	return to + rest
}
