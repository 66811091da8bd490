package detect

import (
	"slices"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/match"
)

// Host is what must be known of the machine that wrote a log to read detections for it. The zero Host is an x86_64 of which nothing is known.
type Host struct {
	Machine uint32                                    // AUDIT_ARCH_* of its kernel; 0 is names.ArchX86_64
	User    func(name string) (id uint32, known bool) // numbers of users; nil: only root is known
	Links   []match.SnapshotLink                      // symlinks, of a snapshot
	Homes   []string                                  // home directories of its users, of a snapshot: ~ in a pattern is these too
}

// user is the number of a user.
func (h *Host) user(name string) (uint32, bool) {
	if name == "root" {
		return 0, true
	}
	if h.User == nil {
		return 0, false
	}
	return h.User(name)
}

// conventional are links that most distributions have, and that programs and rules go through or not as they like (file-hierarchy(7)).
var conventional = []match.SnapshotLink{
	{Path: "/bin", Target: "/usr/bin"}, {Path: "/sbin", Target: "/usr/sbin"}, {Path: "/lib", Target: "/usr/lib"}, {Path: "/lib64", Target: "/usr/lib64"},
	{Path: "/var/run", Target: "/run"}, {Path: "/var/lock", Target: "/run/lock"}, {Path: "/var/mail", Target: "/var/spool/mail"},
}

// maxLinks is how many links one name may go through (include/linux/namei.h: MAXSYMLINKS).
const maxLinks = 40

// links leads names through symlinks that are known, so that two names of one file are compared as one.
type links struct {
	to    map[string]string
	depth int // slashes of the deepest link
}

func (h *Host) links() links {
	l := links{to: map[string]string{}}
	for _, x := range slices.Concat(conventional, h.Links) {
		if x.Path != x.Target && len(x.Path) > 1 {
			l.to[x.Path] = x.Target
			l.depth = max(l.depth, strings.Count(x.Path, "/"))
		}
	}
	return l
}

// follow is a name with the known links on its way followed. Of a pattern only the part before its first wildcard is looked at: glob says where
// that ends; a link is followed only where a slash or the end of the name is behind it.
func (l links) follow(name string, literal int) string {
	for range maxLinks {
		at := l.first([]byte(name[:literal]), literal == len(name))
		if at == 0 {
			return name
		}
		to := l.to[name[:at]]
		literal += len(to) - at
		name = to + name[at:]
	}
	return name
}

// first is the length of the shortest beginning of a name that is a link, 0 where there is none.
func (l links) first(name []byte, whole bool) int {
	depth := 1
	for i := 1; i < len(name) && depth <= l.depth; i++ {
		if name[i] != '/' {
			continue
		}
		if _, ok := l.to[string(name[:i])]; ok {
			return i
		}
		depth++
	}
	if depth <= l.depth && whole {
		if _, ok := l.to[string(name)]; ok {
			return len(name)
		}
	}
	return 0
}

// homes are where ~ in a pattern may be: root's, those of people, and the folders in which services have theirs (/etc/passwd of Debian, Fedora and
// SUSE: /var/lib/postgresql, /var/www, /srv/ftp, /opt/app, /var/spool/postfix, /usr/share/foo, and / of many).
var homes = []string{"/root", "/home/*", "/export/home/*", "/var/lib/*", "/var/*", "/var/cache/*", "/var/spool/*", "/srv/*", "/opt/*", "/usr/share/*", "/etc/*", ""}

// tilde is the patterns that one with ~/ in front stands for.
func (h *Host) tilde(pattern string) []string {
	rest, ok := strings.CutPrefix(pattern, "~/")
	if !ok {
		return []string{pattern}
	}
	var out []string
	for _, home := range homes {
		out = append(out, home+"/"+rest)
	}
	for _, home := range h.Homes {
		if strings.HasPrefix(home, "/") {
			out = append(out, escapePath(strings.TrimRight(home, "/"))+"/"+rest)
		}
	}
	return out
}

// escapePath makes a name a pattern of that name alone.
func escapePath(name string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`).Replace(name)
}
