package policy

import (
	"cmp"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/match"
)

// host is what a snapshot says, in the form in which it is asked.
type host struct {
	files  map[string]*match.SnapshotAccess
	users  map[uint32]*match.SnapshotUser
	homes  []home // by folder
	links  []match.SnapshotLink
	mounts []match.SnapshotMount
	look   func(path string) *match.SnapshotAccess
}

// home is the home of an account.
type home struct {
	dir string
	uid uint32
}

func newHost(s *match.Snapshot) host {
	h := host{files: map[string]*match.SnapshotAccess{}, users: map[uint32]*match.SnapshotUser{}}
	if s == nil {
		return h
	}
	for i := range s.Files {
		h.files[s.Files[i].Path] = &s.Files[i]
	}
	for i := range s.Users {
		u := &s.Users[i]
		h.users[u.UID] = u
		if dir := strings.TrimRight(u.Home, "/"); !nowhere[dir] {
			h.homes = append(h.homes, home{dir, u.UID})
		}
	}
	slices.SortFunc(h.homes, func(a, b home) int { return cmp.Or(strings.Compare(a.dir, b.dir), cmp.Compare(a.uid, b.uid)) })
	h.links, h.mounts = s.Links, s.Mounts
	return h
}

// access is who may change what is at a path, nil where nobody has looked.
func (h *host) access(p string) *match.SnapshotAccess {
	if f := h.files[p]; f != nil || h.look == nil {
		return f
	}
	f := h.look(p)
	h.files[p] = f
	return f
}

// nowhere are homes in passwd(5) that say that there is none, without a slash at the end.
var nowhere = map[string]bool{"": true, "/nonexistent": true, "/dev/null": true, "/proc": true, "/dev": true,
	"/bin": true, "/sbin": true, "/usr/bin": true, "/usr/sbin": true, "/usr/games": true}

// isPerson tells whether the snapshot has the user as one with a home among people's, whatever the number: hosts of long ago gave people those
// from 500 on.
func (h *host) isPerson(uid uint32) bool {
	u := h.users[uid]
	return u != nil && uid != 0 && within(u.Home, "/home") && !noShell[u.Shell]
}

// noShell are the shells of accounts that cannot log in (nologin(8), false(1)).
var noShell = map[string]bool{"/usr/sbin/nologin": true, "/sbin/nologin": true, "/usr/bin/nologin": true, "/bin/false": true, "/usr/bin/false": true}

// real is a path with the symlinks of the snapshot resolved, once each.
func (h *host) real(p string) string {
	for range 8 {
		next := p
		for _, l := range h.links {
			if within(p, l.Path) {
				next = strings.TrimSuffix(l.Target, "/") + strings.TrimPrefix(p, l.Path)
				break
			}
		}
		if next == p {
			break
		}
		p = next
	}
	if p == "" {
		return "/"
	}
	return p
}

// within tells whether a path is a folder or below it. Both are clean.
func within(p, folder string) bool {
	if folder == "/" {
		return strings.HasPrefix(p, "/")
	}
	return p == folder || strings.HasPrefix(p, folder) && p[len(folder)] == '/'
}
