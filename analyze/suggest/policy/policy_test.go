package policy

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/names"
)

const (
	postgres = "/usr/lib/postgresql/16/bin/postgres"
	pgdata   = "/var/lib/postgresql/16/main"
)

// exit is a never,exit change of openat on x86_64: conditions as text, "calls=a,b" for others.
func exit(conds ...string) *suggest.Change {
	c := &suggest.Change{Kind: suggest.Exit, Calls: []suggest.Calls{{Arch: "b64", Names: []string{"open", "openat"}}}, Quiets: []int{0}}
	for _, x := range conds {
		field, value, _ := strings.Cut(x, "=")
		if field == "arch" {
			c.Calls[0].Arch = value
			continue
		}
		if field == "calls" {
			c.Calls[0].Names = strings.Split(value, ",")
			continue
		}
		c.Conds = append(c.Conds, suggest.Cond{Field: field, Op: "=", Value: value})
	}
	return c
}

// seen is what a service does in a folder: files of its own.
func seen(exe, dir string, uid uint32) *suggest.Behaviour {
	nr, _ := names.SyscallNumber(names.ArchX86_64, "openat")
	return &suggest.Behaviour{Arch: names.ArchX86_64, Syscall: uint32(nr), Exe: exe, UID: uid, EUID: uid, AUID: 1<<32 - 1, Outcome: suggest.Succeeded,
		Names: suggest.OneName, Dir: dir, Family: -1, FileOwner: suggest.Ownership{Seen: true, UID: uid}}
}

func with(b *suggest.Behaviour, f func(*suggest.Behaviour)) *suggest.Behaviour {
	f(b)
	return b
}

func ours() *suggest.Behaviour { return seen(postgres, pgdata+"/base", 26) }

// The story this tool exists for is low, and every condition that is taken from it makes it worse.
func TestExit(t *testing.T) {
	low := []string{"auid=4294967295", "uid=26", "success=1", "exe=" + postgres, "dir=" + pgdata}
	without := func(fields string) []string {
		var out []string
		for _, x := range low {
			if f, _, _ := strings.Cut(x, "="); !slices.Contains(strings.Split(fields, ","), f) {
				out = append(out, x)
			}
		}
		return out
	}
	and := func(fields string, more ...string) []string { return append(without(fields), more...) }
	for _, c := range []struct {
		name  string
		conds []string
		of    []*suggest.Behaviour // nil: one of the service's own
		want  suggest.Risk
		why   string
	}{
		{"as it should be", low, nil, suggest.Low, ""},
		{"no program", without("exe"), nil, suggest.High, "no program"},
		{"no user", without("uid,auid"), nil, suggest.High, "no user"},
		{"neither", without("uid,exe"), nil, suggest.Forbidden, "neither"},
		{"root alone", []string{"uid=0"}, nil, suggest.Forbidden, "user 0 alone"},
		{"logins too", without("auid"), nil, suggest.Medium, "logged in"},
		{"failures too", without("success"), nil, suggest.Medium, "failures"},
		{"failures alone", and("success", "success=0"), nil, suggest.Medium, "failures"},
		{"no folder", without("dir"), nil, suggest.Medium, "no folder"},
		{"no call", and("", "calls="), nil, suggest.Forbidden, "no system call"},
		{"all calls", and("", "calls=all"), nil, suggest.Forbidden, "no system call"},

		{"a shell", and("exe", "exe=/usr/bin/bash"), nil, suggest.High, "whatever it is given"},
		{"an interpreter with a version", and("exe", "exe=/usr/bin/python3.11"), nil, suggest.High, "whatever it is given"},
		{"the loader", and("exe", "exe=/usr/lib64/ld-linux-x86-64.so.2"), nil, suggest.High, "whatever it is given"},
		{"an interpreter anywhere", and("exe,dir", "exe=/usr/bin/perl"), nil, suggest.Forbidden, "whatever it is given"},
		{"a tool", and("exe", "exe=/usr/bin/tar"), nil, suggest.Medium, "GTFOBins"},
		{"a service of an interpreter", and("exe", "exe=/usr/sbin/php-fpm8.2"), nil, suggest.High, "whatever it is given"},
		{"an interpreter by another name", and("exe", "exe=/usr/libexec/platform-python3.6"), nil, suggest.High, "whatever it is given"},
		{"a cross compiler", and("exe", "exe=/usr/bin/x86_64-linux-gnu-gcc-12"), nil, suggest.Medium, "GTFOBins"},
		{"a program that begins like a tool", and("exe", "exe=/usr/bin/file-churn"), nil, suggest.Low, ""},
		{"another one", and("exe", "exe=/usr/bin/node_exporter"), nil, suggest.Low, ""},
		{"a sandbox that runs what it is given", and("exe", "exe=/usr/bin/bwrap"), nil, suggest.Medium, "GTFOBins"},
		{"the C library as a program", and("exe", "exe=/usr/lib/x86_64-linux-gnu/libc.so.6"), nil, suggest.High, "whatever it is given"},
		{"a tool of anybody", and("exe,uid,auid", "exe=/usr/bin/cp"), nil, suggest.High, "GTFOBins"},
		{"a variant of a tool", and("exe", "exe=/usr/bin/vim.basic"), nil, suggest.Medium, "GTFOBins"},
		{"a server that is called like a tool", and("exe", "exe=/usr/bin/redis-server"), nil, suggest.Low, ""},

		{"a program in /tmp", and("exe", "exe=/tmp/postgres"), nil, suggest.Forbidden, "/tmp"},
		{"a program in a home", and("exe", "exe=/home/alice/postgres"), nil, suggest.Forbidden, "/home"},
		{"by another root", and("exe", "exe=/proc/self/root/usr/bin/postgres"), nil, suggest.Forbidden, "/proc"},
		{"in a container", and("exe", "exe=/var/lib/docker/overlay2/0a/merged/usr/bin/postgres"), nil, suggest.Forbidden, "container"},
		{"a program anywhere", and("exe", "exe=/opt/pg/bin/postgres"), nil, suggest.Medium, "not known"},
		{"a prefix trick", and("exe", "exe=/usr/bin/../../tmp/x"), nil, suggest.Forbidden, "not clean"},
		{"two slashes", and("exe", "exe=/usr/bin//x"), nil, suggest.Forbidden, "not clean"},
		{"two slashes in front", and("exe", "exe=//usr/bin/x"), nil, suggest.Forbidden, "not clean"},
		{"not absolute", and("exe", "exe=usr/bin/x"), nil, suggest.Forbidden, "not absolute"},
		{"deleted", and("exe", "exe=/usr/bin/x (deleted)"), nil, suggest.Forbidden, "deleted"},
		{"a rule in it", and("exe", "exe=/usr/bin/x\n-a never,exit -S all"), nil, suggest.Forbidden, "control byte"},
		{"a condition in it", and("exe", "exe=/usr/bin/x -F uid=0"), nil, suggest.Forbidden, "blank"},
		{"a tab in it", and("dir", "dir=/srv/x/a\tb"), nil, suggest.Forbidden, "blank"},
		{"byte 1 in it", and("dir", "dir=/srv/x/a\x01b"), nil, suggest.Forbidden, "control byte"},
		{"beyond ASCII", and("dir", "dir=/srv/x/\u00fc"), nil, suggest.Forbidden, "ASCII"},
		{"a quote in it", and("dir", `dir=/srv/x/"`), nil, suggest.Forbidden, "quote"},
		{"a backslash in it", and("dir", `dir=/srv/x/\n`), nil, suggest.Forbidden, "backslash"},
		{"too long", and("dir", "dir=/srv/x/"+strings.Repeat("a", 5000)), nil, suggest.Forbidden, "4095"},
		{"no number", and("uid", "uid=postgres"), nil, suggest.Forbidden, "no number"},
		{"an octal number", and("uid", "uid=026"), nil, suggest.Forbidden, "no number"},
		{"twice", and("", "exe="+postgres), nil, suggest.Forbidden, "twice"},
		{"a field of no rule", and("", "comm=postgres"), nil, suggest.Forbidden, "nobody has judged"},

		{"a person", and("uid", "uid=1000"), []*suggest.Behaviour{seen(postgres, pgdata, 1000)}, suggest.Medium, "person"},
		{"a dynamic user", and("uid", "uid=61200"), []*suggest.Behaviour{seen(postgres, pgdata, 61200)}, suggest.Medium, "DynamicUser"},
		{"nobody", and("uid", "uid=65534"), []*suggest.Behaviour{seen(postgres, pgdata, 65534)}, suggest.Low, ""},
		{"somebody's login", and("auid", "auid=1000"), nil, suggest.Medium, "logins"},
		{"a service's login", and("auid", "auid=26"), nil, suggest.Low, ""},

		{"the home of the service", and("dir", "dir=/var/lib/postgresql"), nil, suggest.High, "home of a service account"},
		{"all of them", and("dir", "dir=/var/lib"), nil, suggest.Forbidden, "holds"},
		{"everything", and("dir", "dir=/"), nil, suggest.Forbidden, "everything"},
		{"keys", and("dir", "dir=/var/lib/postgresql/.ssh"), nil, suggest.Forbidden, ".ssh"},
		{"a hidden folder", and("dir", "dir="+pgdata+"/.cache"), nil, suggest.Forbidden, ".cache"},
		{"settings", and("dir", "dir=/etc/postgresql/16"), nil, suggest.High, "settings"},
		{"who is who", and("dir", "dir=/etc"), nil, suggest.Forbidden, "/etc/passwd"},
		{"libraries", and("dir", "dir=/usr/lib/postgresql/16/lib"), nil, suggest.High, "libraries"},
		{"the same by another name", and("dir", "dir=/lib/systemd/system"), nil, suggest.Forbidden, "run by root"},
		{"temporary files", and("dir", "dir=/tmp/pg"), nil, suggest.High, "everybody"},
		{"a web root", and("dir", "dir=/var/www/html"), nil, suggest.High, "web root"},
		{"a web root by its name", and("dir", "dir=/srv/shop/htdocs"), nil, suggest.High, "served on the web"},
		{"a spool", and("dir", "dir=/var/spool/postfix/active"), nil, suggest.High, "spool"},
		{"keys by their name", and("dir", "dir=/var/lib/x/tls"), nil, suggest.High, "keys are kept"},
		{"who failed to log in", and("dir", "dir=/var/run/faillock"), nil, suggest.High, "host's own services"},
		{"cron", and("dir", "dir=/var/spool/cron/crontabs"), nil, suggest.Forbidden, "run by root"},
		{"the audit log", and("dir", "dir=/var/log/audit"), nil, suggest.Forbidden, "audit"},
		{"logs", and("dir", "dir=/var/log/postgresql"), nil, suggest.Medium, "logs"},
		{"sockets by the old name", and("dir", "dir=/var/run/user/26"), nil, suggest.High, "everybody"},
		{"a web root of others", and("dir", "dir=/srv/x/uploads"), nil, suggest.High, "served"},
		{"a file", and("dir", "path=/var/lib/postgresql/16/main/pg_wal/x"), nil, suggest.Low, ""},
		{"a file in the home", and("dir", "path=/var/lib/postgresql/dump"), nil, suggest.Medium, "chooses their names"},
		{"a hidden file", and("dir", "path=/var/lib/postgresql/16/.pgpass"), nil, suggest.Forbidden, ".pgpass"},
		{"the file", and("dir", "path=/etc/shadow"), nil, suggest.Forbidden, "who people are"},

		{"renames in a folder", and("", "calls=rename,renameat2"), nil, suggest.Forbidden, "two files"},
		{"renames", and("dir", "calls=rename"), nil, suggest.Medium, "two files"},
		{"programs from a folder", and("", "calls=execve"), nil, suggest.Forbidden, "loader"},
		{"programs", and("dir,success", "calls=execve"), nil, suggest.Medium, "detections rest on"},
		{"setuid bits", and("", "calls=fchmodat"), nil, suggest.Medium, "setuid"},
		{"modules", and("dir", "calls=init_module"), nil, suggest.Forbidden, "attackers"},
		{"a call nobody has judged", and("", "calls=personality"), nil, suggest.Medium, "not been judged"},
		{"deletions in the folder", and("", "calls=unlink"), nil, suggest.Low, ""},
		{"a call by its number", and("", "calls=437"), nil, suggest.Low, ""},                        // openat2
		{"a bad call by its number", and("", "calls=425,175"), nil, suggest.Forbidden, "attackers"}, // init_module
		{"a number of no call", and("", "calls=9999"), nil, suggest.Forbidden, "no system call"},
		{"what is not there", and("dir,success", "exit=-2"), nil, suggest.Medium, "in vain"},

		{"a program that others own", low, []*suggest.Behaviour{with(ours(), func(b *suggest.Behaviour) { b.ExeOwner = suggest.Ownership{Seen: true, UID: 26} })}, suggest.Forbidden, "others than root"},
		{"a program that the log shows as setuid", low, []*suggest.Behaviour{with(ours(), func(b *suggest.Behaviour) { b.ExeOwner = suggest.Ownership{Seen: true, SetID: true} })}, suggest.Medium, "setuid or setgid"},
		{"a program that others write", low, []*suggest.Behaviour{with(ours(), func(b *suggest.Behaviour) { b.ExeOwner = suggest.Ownership{Seen: true, Writable: true} })}, suggest.Forbidden, "others than root"},
		{"somebody else's files", low, []*suggest.Behaviour{ours(), with(ours(), func(b *suggest.Behaviour) { b.FileOwner.UID = 1001 })}, suggest.Medium, "uid 1001"},
		{"files of two", low, []*suggest.Behaviour{with(ours(), func(b *suggest.Behaviour) { b.FileOwner.Mixed = true })}, suggest.Medium, "not the service"},
		{"a folder for all", low, []*suggest.Behaviour{with(ours(), func(b *suggest.Behaviour) { b.DirOwner = suggest.Ownership{Seen: true, UID: 26, Writable: true} })}, suggest.Medium, "everybody may write"},
		{"nobody's files", low, []*suggest.Behaviour{with(ours(), func(b *suggest.Behaviour) { b.FileOwner.Seen = false })}, suggest.Medium, "nothing says who owns"},
		{"files in a folder of nobody knows whom", and("dir", "dir=/srv/pg/16/main"), []*suggest.Behaviour{seen(postgres, "/srv/pg/16/main", 26)}, suggest.Medium, "whose folder"},
		{"a folder of its own anywhere", and("dir", "dir=/srv/pg/16/main"), []*suggest.Behaviour{with(seen(postgres, "/srv/pg/16/main", 26),
			func(b *suggest.Behaviour) { b.DirOwner = suggest.Ownership{Seen: true, UID: 26} })}, suggest.Low, ""},
		{"keys below", low, []*suggest.Behaviour{ours(), seen(postgres, pgdata+"/.ssh", 26)}, suggest.Forbidden, ".ssh"},
		{"extensions below", low, []*suggest.Behaviour{ours(), seen(postgres, pgdata+"/plugins", 26)}, suggest.High, "extensions"},
		{"two names", low, []*suggest.Behaviour{with(ours(), func(b *suggest.Behaviour) { b.Names = suggest.MoreNames })}, suggest.High, "two files"},
		{"another's rights", low, []*suggest.Behaviour{with(ours(), func(b *suggest.Behaviour) { b.EUID = 0 })}, suggest.Medium, "rights of uid 0"},
	} {
		of := c.of
		if of == nil {
			of = []*suggest.Behaviour{ours()}
		}
		check(t, c.name, New(nil).Grade(exit(c.conds...), of), c.want, c.why)
	}
}

func check(t *testing.T, name string, g suggest.Grade, want suggest.Risk, why string) {
	t.Helper()
	if g.Risk != want || !strings.Contains(strings.Join(g.Reasons, "\n"), why) || (g.Risk == suggest.Low) != (len(g.Reasons) == 0) || g.Hide == "" {
		t.Errorf("%s: %v, want %v with %q:\n%s\n(%s)", name, g.Risk, want, why, strings.Join(g.Reasons, "\n"), g.Hide)
	}
}

// Calls that name no file need no folder, connects the family of their address.
func TestExitWithoutNames(t *testing.T) {
	b := with(seen("/usr/sbin/pgbouncer", "", 997), func(b *suggest.Behaviour) { b.Names = suggest.NoName })
	unix := with(seen("/usr/sbin/pgbouncer", "/run/postgresql", 997), func(b *suggest.Behaviour) { b.FileOwner.UID, b.Family = 26, 1 })
	for _, c := range []struct {
		name  string
		conds string
		of    *suggest.Behaviour
		want  suggest.Risk
		why   string
	}{
		{"the clock", "calls=adjtimex auid=4294967295 uid=998 exe=/usr/sbin/chronyd", b, suggest.Low, ""},
		{"the clock in vain", "calls=adjtimex auid=4294967295 uid=998 exe=/usr/sbin/chronyd exit=-1", b, suggest.Medium, "refused"},
		{"setting the clock", "calls=clock_settime auid=4294967295 uid=998 exe=/usr/sbin/chronyd", b, suggest.Forbidden, "attackers"},
		{"connects", "calls=connect auid=4294967295 uid=997 exe=/usr/sbin/pgbouncer saddr_fam=2", b, suggest.Low, ""},
		{"connects to sockets", "calls=connect auid=4294967295 uid=997 exe=/usr/sbin/pgbouncer saddr_fam=1", unix, suggest.Medium, "which socket"},
		{"connects to a socket that is not there", "calls=connect auid=4294967295 uid=997 exe=/usr/sbin/pgbouncer saddr_fam=1 exit=-2", unix, suggest.Low, ""},
		{"connects to sockets that refuse", "calls=connect auid=4294967295 uid=997 exe=/usr/sbin/pgbouncer saddr_fam=1 exit=-111", unix, suggest.Medium, "which socket"},
		{"connects to the socket", "calls=connect auid=4294967295 uid=997 exe=/usr/sbin/pgbouncer dir=/run/postgresql", unix, suggest.Low, ""},
		{"connects to anything", "calls=connect auid=4294967295 uid=997 exe=/usr/sbin/pgbouncer", b, suggest.Medium, "of any kind"},
		{"the engine of containers", "calls=connect auid=4294967295 uid=997 exe=/usr/sbin/pgbouncer path=/run/docker.sock", unix, suggest.High, "as good as root"},
		{"connects to sockets of others", "calls=connect auid=4294967295 uid=997 exe=/usr/sbin/pgbouncer dir=/srv/x/y", unix, suggest.Medium, "not the service"},
		{"listeners", "calls=bind auid=4294967295 uid=997 exe=/usr/sbin/pgbouncer", b, suggest.Medium, "listeners"},
		{"whatever can be done to sockets", "arch=b32 calls=socketcall auid=4294967295 uid=997 exe=/usr/sbin/pgbouncer saddr_fam=2", b, suggest.Medium, "listeners"},
		{"a person's connects", "calls=connect auid=1000 uid=1000 exe=/usr/sbin/pgbouncer saddr_fam=2", b, suggest.Medium, "person"},
		{"a shell's connects", "calls=connect auid=4294967295 uid=33 exe=/usr/bin/dash saddr_fam=2", b, suggest.High, "whatever"},
	} {
		check(t, c.name, New(nil).Grade(exit(strings.Fields(c.conds)...), []*suggest.Behaviour{c.of}), c.want, c.why)
	}
}

func TestSnapshotSettles(t *testing.T) {
	file := func(path string, f match.SnapshotAccess) match.SnapshotAccess {
		f.Path = path
		if f.Kind == "" {
			f.Kind = match.SnapshotFile
		}
		if f.Real == "" {
			f.Real = path
		}
		return f
	}
	const exe, dir = "/opt/db/bin-1/db", "/opt/data/db"
	rule := []string{"auid=4294967295", "uid=907", "success=1", "exe=" + exe, "dir=" + dir}
	account := match.SnapshotUser{Name: "db", UID: 907, Home: "/opt/data", Shell: "/usr/sbin/nologin"}
	for _, c := range []struct {
		name string
		snap match.Snapshot
		want suggest.Risk
		why  string
	}{
		{"root's program, the service's folder", match.Snapshot{Files: []match.SnapshotAccess{file(exe, match.SnapshotAccess{}),
			file(dir, match.SnapshotAccess{Kind: match.SnapshotDir, WritableBy: "/opt/data", Owners: []uint32{907}})}}, suggest.Low, ""},
		{"the program is gone", match.Snapshot{Files: []match.SnapshotAccess{file(exe, match.SnapshotAccess{Kind: match.SnapshotMissing})}}, suggest.Forbidden, "containers only"},
		{"the program is the service's", match.Snapshot{Files: []match.SnapshotAccess{file(exe, match.SnapshotAccess{WritableBy: exe, Owners: []uint32{907}})}}, suggest.Forbidden, "others than root"},
		{"a group writes its folder", match.Snapshot{Files: []match.SnapshotAccess{file(exe, match.SnapshotAccess{WritableBy: "/opt", Shared: true})}}, suggest.Forbidden, "may write /opt"},
		{"setuid", match.Snapshot{Files: []match.SnapshotAccess{file(exe, match.SnapshotAccess{Mode: 0o4755})}}, suggest.Medium, "setuid"},
		{"a link", match.Snapshot{Files: []match.SnapshotAccess{file(exe, match.SnapshotAccess{Real: "/opt/db/bin-2/db-2"})}}, suggest.Forbidden, "leads to"},
		{"nothing of it", match.Snapshot{}, suggest.Medium, "not known"},
		{"the folder is shared", match.Snapshot{Files: []match.SnapshotAccess{file(exe, match.SnapshotAccess{}),
			file(dir, match.SnapshotAccess{Kind: match.SnapshotDir, WritableBy: dir, Shared: true})}}, suggest.Medium, "a group or everybody"},
		{"the folder is another's", match.Snapshot{Files: []match.SnapshotAccess{file(exe, match.SnapshotAccess{}),
			file(dir, match.SnapshotAccess{Kind: match.SnapshotDir, WritableBy: dir, Owners: []uint32{33}})}}, suggest.Medium, "uid 33"},
		{"the folder is gone", match.Snapshot{Files: []match.SnapshotAccess{file(exe, match.SnapshotAccess{}),
			file(dir, match.SnapshotAccess{Kind: match.SnapshotMissing})}}, suggest.Forbidden, "would not load"},
		{"the folder is a home", match.Snapshot{Users: []match.SnapshotUser{{UID: 5, Home: dir + "/"}}}, suggest.High, "home of uid 5"},
		{"a folder beside homes", match.Snapshot{Users: []match.SnapshotUser{{UID: 5, Home: "/var/lib/x"}}}, suggest.Medium, "not known"},
		{"the program is in a home", match.Snapshot{Users: []match.SnapshotUser{{UID: 5, Home: "/opt/db"}}}, suggest.Forbidden, "home of uid 5"},
		{"a link on the way to the folder", match.Snapshot{Files: []match.SnapshotAccess{file(exe, match.SnapshotAccess{}),
			file(dir, match.SnapshotAccess{Kind: match.SnapshotDir, Real: "/etc", Owners: []uint32{907}})}}, suggest.Forbidden, "leads to /etc"},
		{"and what is there", match.Snapshot{Files: []match.SnapshotAccess{file(exe, match.SnapshotAccess{}),
			file(dir, match.SnapshotAccess{Kind: match.SnapshotDir, Real: "/etc", Owners: []uint32{907}})}}, suggest.Forbidden, "/etc holds /etc/passwd"},
		{"a link on the way to the program", match.Snapshot{Files: []match.SnapshotAccess{file(exe, match.SnapshotAccess{Real: "/opt/db/bin-2/db"})}}, suggest.Forbidden, "leads to /opt"},
		{"a folder of another place, mounted there", match.Snapshot{Mounts: []match.SnapshotMount{{Path: "/", Root: "/", DevMajor: 8}, {Path: "/opt/data", Root: "/etc", DevMajor: 8}},
			Files: []match.SnapshotAccess{file(exe, match.SnapshotAccess{}), file(dir, match.SnapshotAccess{Kind: match.SnapshotDir})}}, suggest.High, "/etc/db is in /etc"},
		{"a disk of its own", match.Snapshot{Mounts: []match.SnapshotMount{{Path: "/", Root: "/", DevMajor: 8}, {Path: "/opt/data", Root: "/", DevMajor: 9}},
			Files: []match.SnapshotAccess{file(exe, match.SnapshotAccess{}), file(dir, match.SnapshotAccess{Kind: match.SnapshotDir})}}, suggest.Low, ""},
		{"something mounted below", match.Snapshot{Mounts: []match.SnapshotMount{{Path: "/"}, {Path: dir, DevMajor: 9}, {Path: dir + "/x", Root: "/etc"}}, Files: []match.SnapshotAccess{
			file(exe, match.SnapshotAccess{}), file(dir, match.SnapshotAccess{Kind: match.SnapshotDir, Owners: []uint32{907}})}}, suggest.Medium, "mounted at " + dir + "/x"},
		{"the folder leads elsewhere", match.Snapshot{Links: []match.SnapshotLink{{Path: "/opt/data", Target: "/home/x"}}}, suggest.Forbidden, "/home/x/db"},
	} {
		c.snap.Users = append(c.snap.Users, account)
		check(t, c.name, New(&c.snap).Grade(exit(rule...), []*suggest.Behaviour{seen(exe, dir, 907)}), c.want, c.why)
	}
	low := match.SnapshotUser{Name: "old", UID: 507, Home: "/home/old", Shell: "/bin/bash"}
	rule[1] = "uid=507"
	check(t, "a person's low number", New(&match.Snapshot{Users: []match.SnapshotUser{low}}).Grade(exit(rule...), nil), suggest.Medium, "people's")
	rule[1] = "uid=1207"
	account = match.SnapshotUser{Name: "ftp1", UID: 1207, Home: "/opt/data", Shell: "/usr/sbin/nologin"}
	check(t, "somebody who may upload", New(&match.Snapshot{Users: []match.SnapshotUser{account}}).Grade(exit(rule...), nil), suggest.Medium, "person")
}

// The same question has the same answer, word for word.
func TestGradeIsTheSameEachTime(t *testing.T) {
	s := &match.Snapshot{Links: []match.SnapshotLink{{Path: "/opt/x", Target: "/etc"}}}
	for n := range uint32(40) {
		s.Users = append(s.Users, match.SnapshotUser{UID: n, Home: fmt.Sprintf("/var/lib/u%d/", n%30)}, match.SnapshotUser{UID: n, Home: "//"})
	}
	for _, dir := range []string{"/", "/var/lib", "/opt/x/y", "/var/lib/u3/a"} {
		want := New(s).Grade(exit("uid=26", "exe=/opt/bin/x", "dir="+dir), []*suggest.Behaviour{ours()})
		for range 20 {
			if got := New(s).Grade(exit("uid=26", "exe=/opt/bin/x", "dir="+dir), []*suggest.Behaviour{ours()}); !reflect.DeepEqual(got, want) {
				t.Fatalf("%q\n%q", got, want)
			}
		}
	}
}

func TestRecordTypes(t *testing.T) {
	for _, c := range []struct {
		name, msgtype, conds string
		kind                 suggest.Kind
		want                 suggest.Risk
		why                  string
	}{
		{"command lines", "PROCTITLE", "", suggest.Exclude, suggest.Low, ""},
		{"folders", "CWD", "", suggest.Exclude, suggest.Medium, "lose their folder"},
		{"folders of a service", "CWD", "uid=26 auid=4294967295 exe=" + postgres, suggest.Exclude, suggest.Low, ""},
		{"folders of a shell", "CWD", "uid=26 auid=4294967295 exe=/bin/bash", suggest.Exclude, suggest.High, "whatever"},
		{"by a field that ends the list", "CWD", "success=1", suggest.Exclude, suggest.Forbidden, "does not compare"},
		{"calls", "SYSCALL", "uid=26 exe=" + postgres, suggest.Exclude, suggest.Forbidden, "never left out"},
		{"arguments", "EXECVE", "", suggest.Exclude, suggest.Forbidden, "never left out"},
		{"refusals", "AVC", "", suggest.Exclude, suggest.Forbidden, "never left out"},
		{"logins", "USER_LOGIN", "", suggest.User, suggest.Forbidden, "never left out"},
		{"credentials", "CRED_ACQ", "", suggest.User, suggest.Forbidden, "never left out"},
		{"new logins", "LOGIN", "", suggest.Exclude, suggest.Forbidden, "never left out"},
		{"loads of rules", "CONFIG_CHANGE", "", suggest.Exclude, suggest.Forbidden, "never left out"},
		{"nothing that is", "proctitle", "", suggest.Exclude, suggest.Forbidden, "never left out"},
		{"two lines in one", "PROCTITLE\n-D", "", suggest.Exclude, suggest.Forbidden, "never left out"},
		{"starts of services", "SERVICE_START", "", suggest.User, suggest.High, "new service"},
		{"firewall", "NETFILTER_CFG", "uid=0 auid=4294967295 exe=/usr/bin/dockerd", suggest.Exclude, suggest.Medium, "firewall"},
		{"by its number", "1334", "", suggest.Exclude, suggest.High, "loaded into the kernel"},
		{"a bad one by its number", "1300", "", suggest.Exclude, suggest.Forbidden, "never left out"},
		{"names", "PATH", "", suggest.Exclude, suggest.High, "which files"},
	} {
		x := exit(strings.Fields(c.conds)...)
		x.Kind, x.Calls, x.MsgType = c.kind, nil, c.msgtype
		check(t, c.name, New(nil).Grade(x, nil), c.want, c.why)
	}
}

func TestFileSystems(t *testing.T) {
	for fstype, want := range map[string]suggest.Risk{"tracefs": suggest.Low, "0x74726163": suggest.Low, "debugfs": suggest.Medium, "cgroup2": suggest.Medium,
		"ext4": suggest.Forbidden, "0xEF53": suggest.Forbidden, "": suggest.Forbidden} {
		x := &suggest.Change{Kind: suggest.Filesystem, Conds: []suggest.Cond{{Field: "fstype", Op: "=", Value: fstype}}}
		check(t, fstype, New(nil).Grade(x, nil), want, "")
	}
}

func TestNarrow(t *testing.T) {
	reading := func(dir string) *suggest.Behaviour {
		return with(seen("/usr/bin/x", dir, 33), func(b *suggest.Behaviour) { b.Access = suggest.ReadAccess })
	}
	failed := with(seen("/usr/bin/x", "/opt/x/y", 33), func(b *suggest.Behaviour) { b.Outcome = suggest.Failed })
	module := with(reading("/opt/x/y"), func(b *suggest.Behaviour) { b.Syscall = 313 })
	for _, c := range []struct {
		name, text string
		of         *suggest.Behaviour
		want       suggest.Risk
		why        string
	}{
		{"reading of a watch", "-w /opt/x/y -p wa -k opt", reading("/opt/x/y"), suggest.Medium, "whoever reads"},
		{"reading by people", "-w /opt/x/y -p wa -k opt", with(reading("/opt/x/y"), func(b *suggest.Behaviour) { b.AUID, b.UID = 1000, 1000 }), suggest.High, "people"},
		{"reading by a tool", "-w /opt/x/y -p wa -k opt", with(reading("/opt/x/y"), func(b *suggest.Behaviour) { b.Exe = "/usr/bin/cat" }), suggest.High, "anybody may run"},
		{"reading of a folder", "-a always,exit -F arch=b64 -F dir=/opt/x/y -F perm=wa -k opt", reading("/opt/x/y"), suggest.Medium, "whoever reads"},
		{"reading of passwords", "-w /etc/shadow -p wa -k opt", reading("/etc"), suggest.Forbidden, "passwords"},
		{"reading of homes", "-w /home/ -p wa -k opt", reading("/home/x"), suggest.High, "keys"},
		{"reading of everything", "-a always,exit -F arch=b64 -F perm=wa -k opt", reading("/opt"), suggest.High, "wherever"},
		{"reading of keys", "-w /opt -p wa -k opt", reading("/opt/x/.ssh"), suggest.High, "keys"},
		{"writing too", "-w /opt/x/y -p x -k opt", reading("/opt/x/y"), suggest.High, "writing"},
		{"writing", "-w /opt/x/y -p r -k opt", seen("/usr/bin/x", "/opt/x/y", 33), suggest.High, "sees less"},
		{"services", "-a always,exit -F arch=b64 -S execve -F auid>=1000 -F auid!=unset -k x", failed, suggest.High, "no login"},
		{"failures", "-a always,exit -F arch=b64 -S openat -F success=1 -k x", failed, suggest.Medium, "probing"},
		{"less calls", "-a always,exit -F arch=b64 -S connect -k x", seen("/usr/bin/x", "/opt/x/y", 33), suggest.High, "sees less"},
		{"modules", "-w /opt/x/y -p wa -k opt", module, suggest.Forbidden, "attackers"},
		{"nobody has seen it", "-w /opt/x/y -p wa -k opt", nil, suggest.Forbidden, "nobody has seen"},
		{"no rule", "-a always,exit -S openat\nnonsense", failed, suggest.Forbidden, "no rule"},
		{"nothing", "", failed, suggest.Forbidden, "no rule"},
		{"its opposite", "-a never,exit -F arch=b64 -S connect", failed, suggest.Forbidden, "records nothing"},
		{"its end", "-d always,exit -F arch=b64 -S connect", failed, suggest.Forbidden, "records nothing"},
		{"the end of all rules", "-D", failed, suggest.Forbidden, "no rule"},
	} {
		x := &suggest.Change{Kind: suggest.Narrow, Quiets: []int{0}, Text: strings.Split(c.text, "\n")}
		var of []*suggest.Behaviour
		if c.of != nil {
			of = append(of, c.of)
		}
		check(t, c.name, New(nil).Grade(x, of), c.want, c.why)
	}
}
