package bench

import (
	"context"
	"os/exec"
	"os/user"
	"strconv"
	"strings"
	"time"
)

// userID and groupID find the number of a name that a rule uses, as auditctl's getpwnam and getgrnam would. A program without cgo reads the
// files of /etc only; names that a directory service keeps (LDAP, SSSD) are asked of getent, which goes the way of the C library.
func userID(name string) (uint32, bool) {
	if u, err := user.Lookup(name); err == nil {
		return number(u.Uid)
	}
	return getent("passwd", name)
}

func groupID(name string) (uint32, bool) {
	if g, err := user.LookupGroup(name); err == nil {
		return number(g.Gid)
	}
	return getent("group", name)
}

// getentLimit is longer than any directory service that works takes.
const getentLimit = 5 * time.Second

// getent asks one database for one name; both have the number in the third field (passwd(5), group(5)). A name that looks like an option is
// none.
func getent(database, name string) (uint32, bool) {
	if name == "" || strings.HasPrefix(name, "-") {
		return 0, false
	}
	ctx, cancel := context.WithTimeout(context.Background(), getentLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, "getent", database, name)
	cmd.Env = []string{"PATH=/usr/bin:/bin", "LANG=C"}
	out, err := cmd.Output()
	if err != nil {
		return 0, false
	}
	return entryNumber(string(out), name)
}

// entryNumber reads the entry of that name: getent takes a number for a name too, and answers with another.
func entryNumber(entry, name string) (uint32, bool) {
	f := strings.Split(strings.TrimSuffix(entry, "\n"), ":")
	if len(f) < 3 || f[0] != name {
		return 0, false
	}
	return number(f[2])
}

func number(text string) (uint32, bool) {
	n, err := strconv.ParseUint(text, 10, 32)
	return uint32(n), err == nil
}
