package ruleset

import (
	"strings"

	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// WithSnapshot adds what a snapshot of the target host knows of users, groups and paths. auditctl asks whether the path of a -w is a
// directory with symlinks followed (src/auditctl.c: audit_setup_watch_name); of a path that was missing nothing is known.
func (o Options) WithSnapshot(s *match.Snapshot) Options {
	users, groups, dirs := map[string]uint32{}, map[string]uint32{}, map[string]bool{}
	for _, u := range s.Users {
		users[u.Name] = u.UID
	}
	for _, g := range s.Groups {
		groups[g.Name] = g.GID
	}
	for _, p := range s.Paths {
		if p.FollowedKind != "" {
			dirs[strings.TrimRight(p.Path, "/")] = p.FollowedKind == match.SnapshotDir
		}
	}
	o.User = func(name string) (uint32, bool) { id, ok := users[name]; return id, ok }
	o.Group = func(name string) (uint32, bool) { id, ok := groups[name]; return id, ok }
	o.IsDir = func(path string) (dir, known bool) { dir, known = dirs[path]; return dir, known }
	return o
}

// Paths are the paths that the rules test, as the kernel has them.
func (s *Set) Paths() []string {
	var out []string
	for _, r := range s.Rules {
		for _, f := range r.Forms[0].Fields {
			if f.Type == rule.FieldWatch || f.Type == rule.FieldDir || f.Type == rule.FieldExe {
				out = append(out, f.Str)
			}
		}
	}
	return out
}

// Names are the users and groups that the rules name and whose numbers are not known.
func (s *Set) Names() (users, groups []string) {
	for _, r := range s.Rules {
		for _, u := range r.Unknown {
			if u.Group {
				groups = append(groups, u.Name)
			} else {
				users = append(users, u.Name)
			}
		}
	}
	return users, groups
}
