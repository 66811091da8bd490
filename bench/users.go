package bench

import (
	"cmp"
	"fmt"
	"os/user"
	"strconv"

	"github.com/auditprof/auditprof/scenarios"
)

// workUser is the account that every distribution has for what shall have no rights. Workloads run as it, and its number is the login uid of
// login sessions: above 1000, as rules with auid>=1000 expect.
//
// Note: a number that has no account would keep the workload apart from everything else on the host. But auditd with log_format ENRICHED
// looks every user and group up, and remembers only those that exist: each record then costs ten searches of the user database, and auditd's
// CPU per record comes out many times too high.
const workUser = "nobody"

// account is what a workload runs as.
type account struct{ uid, gid uint32 }

// workAccounts are the accounts of a workload: those of its users, the one it asks for, or that of most.
func workAccounts(sc scenarios.Info) ([]account, error) {
	var list []account
	for _, name := range workNames(sc) {
		a, err := workAccount(sc.Name, name)
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, nil
}

// workNames are the names of these accounts.
func workNames(sc scenarios.Info) (names []string) {
	for _, u := range sc.Users.List() {
		names = append(names, u.Name)
	}
	if names == nil {
		names = []string{cmp.Or(sc.Account, workUser)}
	}
	return names
}

func workAccount(scenario, name string) (account, error) {
	u, err := user.Lookup(name)
	if err != nil {
		return account{}, fmt.Errorf("scenario %s: %w: make it (useradd --system --no-create-home %s)", scenario, err, name)
	}
	uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
	if err1 != nil || err2 != nil || uid == 0 {
		return account{}, fmt.Errorf("scenario %s: the account %s has uid %q and gid %q: it must be an unprivileged one", scenario, name, u.Uid, u.Gid)
	}
	return account{uint32(uid), uint32(gid)}, nil
}
