package snapshot

import (
	"encoding/binary"
	"os"
	"slices"
	"strings"
	"syscall"

	"github.com/auditprof/auditprof/internal/audit/match"
)

// Files says who may change what is at the paths, on this machine now: each path once, in order, those left out that are no absolute paths. A
// component that cannot be looked at counts as writable by others.
func Files(paths []string) []match.SnapshotAccess {
	return files(newLooker("/"), paths)
}

func files(l *looker, paths []string) []match.SnapshotAccess {
	var out []match.SnapshotAccess
	for _, p := range distinct(paths) {
		if strings.HasPrefix(p, "/") && !strings.Contains(p, "\x00") {
			out = append(out, l.access(p))
		}
	}
	return out
}

// access is one path. Every component is looked at on the way that a lookup takes: that of links too, and the folders of what they lead to.
func (l *looker) access(p string) match.SnapshotAccess {
	a := match.SnapshotAccess{Path: p, Kind: match.SnapshotMissing}
	real, err := l.walk(p, func(component string) { l.judge(&a, component) })
	slices.Sort(a.Owners)
	a.Owners = slices.Compact(a.Owners)
	if err != nil {
		return a
	}
	st, err := os.Lstat(l.at(real))
	if err != nil {
		return a
	}
	a.Real, a.Kind = real, kind(st.Mode())
	if sys, ok := st.Sys().(*syscall.Stat_t); ok {
		a.UID, a.GID, a.Mode = sys.Uid, sys.Gid, sys.Mode&0o7777
	}
	return a
}

// judge notes who may write one component.
func (l *looker) judge(a *match.SnapshotAccess, component string) {
	st, err := os.Lstat(l.at(component))
	if missing(err) {
		return // who may write its folder may make it, and that has been looked at
	}
	owner, shared := uint32(0), true
	if err == nil {
		owner, shared = l.writers(component, st)
	}
	if owner != 0 {
		a.Owners = append(a.Owners, owner)
	}
	a.Shared = a.Shared || shared
	if a.WritableBy == "" && (owner != 0 || shared) {
		a.WritableBy = component
	}
}

// writers are the owner of a component and whether others than he and root may write it. The mode of a symlink says nothing.
func (l *looker) writers(component string, st os.FileInfo) (owner uint32, shared bool) {
	sys, ok := st.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, true
	}
	if st.Mode()&os.ModeSymlink != 0 {
		return sys.Uid, false
	}
	shared = sys.Mode&0o002 != 0 || sys.Mode&0o020 != 0 && sys.Gid != 0
	return sys.Uid, shared || l.aclGrantsWrite(component)
}

// aclGrantsWrite tells whether a POSIX access control list gives anybody but the owner and root's group the right to write
// (include/uapi/linux/posix_acl_xattr.h: a 32-bit version, then tag, rights and id of each entry, little-endian). The mask that bounds these
// entries is the group's bits of the mode; it is not asked, which errs on the safe side.
func (l *looker) aclGrantsWrite(component string) bool {
	buf := make([]byte, 4096)
	n, err := syscall.Getxattr(l.at(component), "system.posix_acl_access", buf)
	if err == syscall.ERANGE {
		return true // more entries than anybody would read
	}
	if err != nil || n < 4 {
		return false
	}
	for entry := buf[4:n]; len(entry) >= 8; entry = entry[8:] {
		tag, rights, id := binary.LittleEndian.Uint16(entry), binary.LittleEndian.Uint16(entry[2:]), binary.LittleEndian.Uint32(entry[4:])
		const user, group, write = 0x02, 0x08, 0x02
		if rights&write != 0 && (tag == user || tag == group) && id != 0 {
			return true
		}
	}
	return false
}
