package analyze

import (
	"slices"
	"strconv"
	"strings"
)

// Share returns a profile that may leave its host: without sessions, without the numbers and names of users, without lines of the log and
// names of files that were read. Names of hosts, programs, scripts, files, rules and keys stay; where a path has the name of a user in it, that
// is written as *, and files below are counted there.
func (p *Profile) Share() *Profile {
	s := p.clone()
	s.Shared = true
	s.Unexplained = []string{}
	s.Conflicts.Input = ""
	for i := range s.Log.Skipped {
		s.Log.Skipped[i].Input = ""
	}
	s.Sessions = Table{Rows: []Named{}, Other: s.Total, Cut: s.Sessions.Cut + uint64(len(s.Sessions.Rows))}
	m := newMask(p)
	m.users(s)
	m.names(s)
	s.tidy()
	return s
}

// mask hides users.
type mask struct {
	known map[string]bool // names of people, as the log has them
}

func newMask(p *Profile) mask {
	m := mask{map[string]bool{}}
	for _, u := range p.Users.Rows {
		for _, id := range [...]struct{ number, name string }{{u.AUID, u.AUIDName}, {u.UID, u.UIDName}} {
			if userClass(id.number) == "login" && id.name != "" {
				m.known[id.name] = true
			}
		}
	}
	return m
}

func (m mask) users(s *Profile) {
	for i := range s.Users.Rows {
		u := &s.Users.Rows[i]
		u.User, u.AUIDName, u.UIDName = u.class(), "", ""
	}
	for i := range s.Cells {
		s.Cells[i].User = s.Cells[i].class()
	}
}

func (u User) class() User { return User{userClass(u.AUID), userClass(u.UID)} }

// userClass is the kind of account behind a uid: the ranges of Debian and systemd (login.defs(5), systemd's UIDS-GIDS.md).
func userClass(uid string) string {
	n, err := strconv.ParseUint(uid, 10, 32)
	switch {
	case err != nil:
		return uid // unset, a class already, or not said
	case n == 0:
		return "root"
	case n < 1000, n >= 60000:
		return "system"
	}
	return "login"
}

func (m mask) names(s *Profile) {
	for i := range s.Rules {
		s.Rules[i].Text = m.rule(s.Rules[i].Text)
	}
	for i := range s.Keys.Rows {
		s.Keys.Rows[i].Name = m.path(s.Keys.Rows[i].Name)
	}
	for i := range s.Conflicts.Keys {
		s.Conflicts.Keys[i].Name = m.path(s.Conflicts.Keys[i].Name)
	}
	for i := range s.Exes.Rows {
		s.Exes.Rows[i].Name = m.path(s.Exes.Rows[i].Name)
	}
	for i := range s.Paths.Rows {
		s.Paths.Rows[i].Path = atUser(m.path(s.Paths.Rows[i].Path))
	}
	for _, c := range s.StartedBy.Rows {
		for i := range c.Programs {
			c.Programs[i] = m.path(c.Programs[i])
		}
	}
	for i := range s.Cells {
		s.Cells[i].Exe = m.path(s.Cells[i].Exe)
	}
}

// homes are the ends of directories whose entries are called after users.
var homes = []string{"/home", "/run/user", "/var/mail", "/spool/mail", "/spool/cron", "/spool/cron/crontabs", "/spool/at", "/AccountsService/users",
	"/AccountsService/icons", "/systemd/linger", "/sudo/ts", "/sudo/lectured", "/run/faillock", "/faillock", "/run/screen"}

// systemDirs hold no directory of a user: there a person's name is that of a program.
var systemDirs = []string{"/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc", "/proc", "/sys", "/dev"}

// path hides the parts of a path that name a user.
func (m mask) path(path string) string {
	parts := strings.Split(path, "/")
	changed := false
	for i, part := range parts {
		if part == "" || part == "*" || part == "crontabs" {
			continue
		}
		above := strings.Join(parts[:i], "/")
		if isHomes(above) || m.known[part] && !isSystem(above) {
			parts[i], changed = "*", true
		}
	}
	if !changed {
		return path
	}
	return strings.Join(parts, "/")
}

// atUser is a path up to its first hidden part: what somebody has in a directory of their own is nobody else's.
func atUser(path string) string {
	if at := strings.Index(path+"/", "/*/"); at >= 0 {
		return path[:at+len("/*")]
	}
	return path
}

func isHomes(dir string) bool {
	return slices.ContainsFunc(homes, func(end string) bool { return strings.HasSuffix(dir, end) })
}

func isSystem(dir string) bool {
	return slices.ContainsFunc(systemDirs, func(d string) bool { return dir == d || strings.HasPrefix(dir, d+"/") })
}

// idFields are the fields of a rule that hold a user or a group.
var idFields = []string{"auid", "loginuid", "uid", "euid", "suid", "fsuid", "obj_uid", "gid", "egid", "sgid", "fsgid", "obj_gid"}

// rule hides users in the text of a rule: names but root and unset, numbers of people that are asked for by themselves, paths. Bounds like
// auid>=1000 stay.
func (m mask) rule(text string) string {
	words := strings.Split(text, " ")
	for i, word := range words {
		at := strings.IndexAny(word, "=<>!&")
		if at < 0 {
			words[i] = m.path(word)
			continue
		}
		value := strings.TrimLeft(word[at:], "=<>!&")
		op := word[at : len(word)-len(value)]
		if slices.Contains(idFields, word[:at]) {
			value = hideID(op, value)
		} else {
			value = m.path(value)
		}
		words[i] = word[:at] + op + value
	}
	return strings.Join(words, " ")
}

func hideID(op, value string) string {
	_, err := strconv.ParseInt(value, 10, 64)
	bound := strings.ContainsAny(op, "<>&")
	switch {
	case value == "root", value == "unset", value == "-1", userClass(value) == "root", slices.Contains(idFields, value): // -C compares two
		return value
	case err == nil && (bound || userClass(value) != "login"):
		return value
	}
	return "*"
}
