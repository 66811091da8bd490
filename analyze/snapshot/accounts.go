package snapshot

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/auditprof/auditprof/internal/audit/match"
)

// Bounds of what is kept: a directory service may have millions.
const (
	maxUsers  = 50_000
	maxGroups = 50_000
	maxBytes  = 8 << 20 // of one database
)

// getentLimit is longer than any directory service that works takes.
const getentLimit = 10 * time.Second

// accounts are the users and groups of this machine.
type accounts struct {
	users   []match.SnapshotUser
	groups  []match.SnapshotGroup
	remarks []string
}

// databases asks for all users and groups, and by name for those of the rules that a directory service knows and does not list.
func databases(want Wanted) accounts {
	passwd, group := database("passwd", "/etc/passwd"), database("group", "/etc/group")
	for _, name := range distinct(want.Users) {
		passwd = withName(passwd, "passwd", name)
	}
	for _, name := range distinct(want.Groups) {
		group = withName(group, "group", name)
	}
	a := readAccounts(passwd, group)
	for _, name := range distinct(want.Users) {
		if !slices.ContainsFunc(a.users, func(u match.SnapshotUser) bool { return u.Name == name }) {
			a.remarks = append(a.remarks, fmt.Sprintf("this host has no user %q: the rules that name it do not load here", name))
		}
	}
	for _, name := range distinct(want.Groups) {
		if !slices.ContainsFunc(a.groups, func(g match.SnapshotGroup) bool { return g.Name == name }) {
			a.remarks = append(a.remarks, fmt.Sprintf("this host has no group %q: the rules that name it do not load here", name))
		}
	}
	return a
}

// database is the text of a whole database, by getent as the C library has it, else the file.
func database(name, file string) string {
	if out := getent(name); out != "" {
		return out
	}
	f, err := os.Open(file)
	if err != nil {
		return ""
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxBytes))
	if err != nil {
		return ""
	}
	return string(text)
}

// withName adds the entry of one name to a database that does not list it.
func withName(text, database, name string) string {
	if strings.HasPrefix(text, name+":") || strings.Contains(text, "\n"+name+":") || name == "" || name[0] == '-' {
		return text
	}
	entry := getent(database, name)
	if !strings.HasPrefix(entry, name+":") {
		return text
	}
	return strings.TrimSuffix(text, "\n") + "\n" + entry
}

// getent is what getent prints, "" where there is none or it does not answer.
func getent(args ...string) string {
	ctx, cancel := context.WithTimeout(context.Background(), getentLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, "getent", args...)
	cmd.Env = []string{"PATH=/usr/bin:/bin", "LANG=C"}
	out, err := cmd.Output()
	if err != nil {
		return ""
	}
	return string(out[:min(len(out), maxBytes)])
}

// readAccounts reads both databases (passwd(5), group(5)): a login has the user's own group and all that list the user.
func readAccounts(passwd, group string) accounts {
	var a accounts
	member := map[string][]uint32{}
	for _, f := range entries(group, 4) {
		gid, err := id(f[2])
		if err != nil {
			continue
		}
		if len(a.groups) == maxGroups {
			a.remarks = append(a.remarks, fmt.Sprintf("more than %d groups: the rest is left out", maxGroups))
			break
		}
		a.groups = append(a.groups, match.SnapshotGroup{Name: f[0], GID: gid})
		for _, name := range strings.Split(f[3], ",") {
			if name != "" {
				member[name] = append(member[name], gid)
			}
		}
	}
	for _, f := range entries(passwd, 4) {
		uid, err1 := id(f[2])
		gid, err2 := id(f[3])
		if err1 != nil || err2 != nil {
			continue
		}
		if len(a.users) == maxUsers {
			a.remarks = append(a.remarks, fmt.Sprintf("more than %d users: the rest is left out", maxUsers))
			break
		}
		u := match.SnapshotUser{Name: f[0], UID: uid, GID: gid, Groups: member[f[0]]}
		if len(f) >= 7 {
			u.Home, u.Shell = f[5], f[6]
		}
		a.users = append(a.users, u)
	}
	if len(a.users) == 0 {
		a.remarks = append(a.remarks, "no user could be read: the snapshot has none")
	}
	return a
}

// entries are the lines of a database with at least n fields.
func entries(text string, n int) [][]string {
	var out [][]string
	for line := range strings.Lines(text) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), ":")
		if len(f) >= n && f[0] != "" && utf8.ValidString(line) {
			out = append(out, f)
		}
	}
	return out
}

func id(text string) (uint32, error) {
	n, err := strconv.ParseUint(text, 10, 32)
	return uint32(n), err
}
