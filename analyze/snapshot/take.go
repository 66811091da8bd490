package snapshot

import (
	"os"
	"slices"
	"strings"
	"time"

	"github.com/auditprof/auditprof/internal/audit/match"
)

// Wanted is what the rules name.
type Wanted struct {
	Paths  []string // of -w, dir=, path= and exe=, as the kernel has them
	Users  []string
	Groups []string
	Files  []string // of which it is asked who may change them
}

// Take looks at this machine now. remarks are what could not be seen, one line each.
func Take(want Wanted) (s *match.Snapshot, remarks []string) {
	l := newLooker("/")
	s = &match.Snapshot{Version: match.SnapshotVersion, Taken: time.Now().UTC().Format(time.RFC3339)}
	s.Host, _ = os.Hostname() // unknown is "", as in a log without node=
	s.Kernel = firstLine("/proc/sys/kernel/osrelease")
	if s.Mounts = mounts("/proc/self/mountinfo"); len(s.Mounts) == 0 {
		l.remark("/proc/self/mountinfo could not be read: the snapshot has no mounts")
	}
	l.mounts = s.Mounts
	for _, p := range distinct(want.Paths) {
		if seen, ok := l.path(p); ok {
			s.Paths = append(s.Paths, seen)
		}
	}
	s.Files = files(l, want.Files)
	l.commonLinks()
	s.Links = l.links()
	accounts := databases(want)
	s.Users, s.Groups = accounts.users, accounts.groups
	return s, append(l.remarks, accounts.remarks...)
}

// distinct are the texts once each, in order.
func distinct(list []string) []string {
	out := slices.Clone(list)
	slices.Sort(out)
	return slices.Compact(out)
}

func firstLine(path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	line, _, _ := strings.Cut(string(text), "\n")
	return line
}
