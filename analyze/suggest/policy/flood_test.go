package policy

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"path"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/internal/hostlog"
)

// marker is in every name that the attacker makes up: nothing of it may be written.
const marker = "zqx"

// mallory is an unprivileged user; the attacker cannot choose uid and auid beyond his own accounts.
const mallory = 1001

// who floods: the attacker himself, or a service that he makes work for him.
type who uint8

const (
	loggedIn     who = iota
	withoutLogin     // from a job that no login began
	otherAccount     // a second account of his
	asClient         // the database opens files for him, as uid 26
	asVisitor        // the web server looks for files with names of his
	whoEnd
	brokenInto // code of the attacker runs as the web server's user, in a mount namespace where everything has the names he likes
)

// act is what the flood does.
type act uint8

const (
	open act = iota
	create
	missing
	refused
	remove
	move
	connect
	connectUnix
	run
	clock
	actEnd
)

// flood is one attack. All in it is what an unprivileged user can choose.
type flood struct {
	who        who
	act        act
	exe, dir   string
	suffix     string // of every name: where hostile bytes stand
	relative   bool   // names are relative to dir as the working directory
	folders    int    // distinct ones below dir
	events     int
	from, till float64 // days
	host       int
	owner      uint32 // of the files: his own, root's that all may read, or what another mount namespace shows
	comm       string
}

// hostile are ends of names: rules, conditions, separators, look-alikes.
var hostile = []string{"", "", "", "\n-a never,exit -S all", "\n-D\n", " -F uid=0", "\t-F\tuid=0", "\"", "'", "\\ -k x", "\x01", "\x00", "\x7f", "\xff\xfe", "é",
	"2D61", " ", " (deleted)", "/..", "/../../../etc", "//", "/.", "#", ",exit", "=", "%s%n", "$(id)", "\r\n-a never,task", "\u2028", "\x1b[2J"}

// places are folders that he can fill, or name.
var places = []string{"/home/mallory/" + marker, "/tmp/" + marker, "/var/tmp/" + marker, "/dev/shm/" + marker, "/run/user/1001/" + marker, "/srv/" + marker, "/opt/" + marker + "/x",
	"/proc/self/root/tmp/" + marker, "/proc/1001/root/srv/" + marker, "//srv/" + marker, "/srv/./" + marker + "/x", "/var/lib/../../tmp/" + marker, "/srv/" + marker + "/a/../../../tmp/" + marker,
	"/data/" + marker, "/home/mallory/.ssh", "/home/alice/.ssh", "/root/.ssh", "/etc", "/etc/ssh", "/etc/cron.d", "/var/spool/cron", "/var/www/html", "/var/www/html/" + marker, "/usr/share/" + marker,
	hostlog.PostgresData, hostlog.PostgresData + "/base", hostlog.PostgresData + "/" + marker, "/var/lib/postgresql", "/var/lib/postgresql/.ssh", "/var/lib/postgresql/16/" + marker,
	"/run/postgresql", "/proc/self", "/", "/var/log/audit", "/usr/lib/systemd/system", "/var/lib/docker/overlay2/" + marker + "/merged/srv/x"}

// programs are what he can run, or make the kernel call so in a mount namespace of his.
var programs = []string{"/home/mallory/" + marker, "/tmp/" + marker, "/dev/shm/" + marker, "/run/user/1001/" + marker, "/memfd:" + marker + " (deleted)", "/usr/bin/../../tmp/" + marker,
	"/usr/bin//" + marker, "//usr/bin/" + marker, "/proc/self/root/usr/bin/" + marker, "/usr/bin/" + marker + " (deleted)", "/usr/sbin/" + marker, "/usr/lib/" + marker + "/bin/" + marker,
	"/usr/bin/python3.11", "/usr/bin/bash", "/usr/bin/dash", "/usr/bin/perl", "/usr/bin/tar", "/usr/bin/cp", "/usr/bin/cat", "/usr/bin/vim.basic", "/usr/bin/find", "/usr/bin/node",
	"/usr/lib64/ld-linux-x86-64.so.2", "/usr/bin/busybox", "/usr/bin/id", hostlog.PostgresExe, "/usr/sbin/nginx", "/usr/sbin/pgbouncer", "/usr/sbin/chronyd", "/usr/bin/psql", "/usr/bin/sudo",
	"/usr/bin/" + marker + "\n-a never,exit -S all", "/usr/bin/" + marker + " -F uid=0", "/var/lib/docker/overlay2/" + marker + "/merged/usr/bin/" + marker}

// firstFlood is a flood without any knowledge.
func firstFlood(r *rand.Rand) flood {
	f := flood{who: who(r.IntN(int(whoEnd))), act: act(r.IntN(int(actEnd))), exe: pick(r, programs), dir: pick(r, places), suffix: pick(r, hostile),
		folders: 1 + r.IntN(3), events: 150 + r.IntN(500), till: 2, comm: marker}
	if f.who == asClient && r.IntN(3) > 0 {
		f.act, f.dir = pick(r, []act{open, create, remove}), pick(r, clientPlaces)
	}
	return f
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// mutate is the next flood of somebody who has seen what came of this one.
func (f flood) mutate(r *rand.Rand, a answer) flood {
	conds := learnt(a, r)
	switch r.IntN(14) {
	case 0:
		f.who = who(r.IntN(int(whoEnd)))
	case 1:
		f.act = act(r.IntN(int(actEnd)))
	case 2:
		f.exe = pick(r, programs)
	case 3, 4: // call himself what was just proposed, or nearly
		if exe := conds("exe"); exe != "" {
			f.exe = exe
		}
	case 5, 6: // go where it is quiet, beside it, above it, below it
		if dir := conds("dir"); dir != "" {
			f.dir = pick(r, []string{dir, path.Dir(dir), dir + "/" + marker, path.Dir(dir) + "/" + marker, dir + marker, dir + "/../" + marker, dir + "/.ssh"})
		}
	case 7:
		f.dir = pick(r, places)
		if f.who == asClient {
			f.dir = pick(r, clientPlaces)
		}
	case 8:
		f.suffix = pick(r, hostile)
	case 9:
		f.folders = pick(r, []int{1, 2, 40, 400})
	case 10: // only where it is learnt from, only where it is not
		f.from, f.till = pick(r, [][2]float64{{0, 2}, {0, 1.3}, {1.35, 2}, {.9, 1}})[0], 2
		if r.IntN(2) == 0 {
			f.till = f.from + .4
		}
	case 11:
		f.host, f.events = r.IntN(2), 150+r.IntN(900)
	case 12:
		f.owner = pick(r, []uint32{mallory, 0, hostlog.Postgres, 65534})
	case 13:
		f.relative = !f.relative
	}
	return f
}

// learnt is a condition of something that the tool has said.
func learnt(a answer, r *rand.Rand) func(field string) string {
	var said []*suggest.Change
	for i := range a.Proposals {
		said = append(said, &a.Proposals[i].Change)
	}
	for i := range a.Refusals {
		said = append(said, &a.Refusals[i].Change)
	}
	if len(said) == 0 {
		return func(string) string { return "" }
	}
	return pick(r, said).Cond
}

// actor is who the kernel says it is.
func (f *flood) actor() hostlog.Actor {
	a := hostlog.Person(mallory, 48_000, 77, f.exe, f.comm)
	switch f.who {
	case withoutLogin:
		a = hostlog.Service(mallory, 48_000, f.exe, f.comm)
	case otherAccount:
		a = hostlog.Person(2000, 48_000, 78, f.exe, f.comm)
	case asClient:
		a = hostlog.Backend(48_000)
	case asVisitor:
		a = hostlog.Service(hostlog.WWWData, 1720, "/usr/sbin/nginx", "nginx")
	case brokenInto:
		a = hostlog.Service(hostlog.WWWData, 48_000, f.exe, f.comm)
	}
	a.Title = marker + f.suffix
	if f.relative {
		a.Cwd = f.dir
	}
	return a
}

// clientPlaces are folders that the database may write to, in which somebody else may have made folders for it.
var clientPlaces = []string{hostlog.PostgresData + "/base", "/var/lib/postgresql", "/var/lib/postgresql/.ssh", "/tmp/" + marker, "/home/mallory/" + marker, "/srv/" + marker,
	"/data/" + marker, "/opt/" + marker + "/x"}

// clientAct is what a client can make the database do in a folder: no connection, and no file where it may not write.
func (f *flood) clientAct() act {
	switch f.act {
	case missing, refused:
		return f.act
	case open, create, remove:
		if slices.Contains(clientPlaces, f.dir) {
			return f.act
		}
	}
	return missing
}

// event is the i-th of the flood.
func (f flood) event(i int) hostlog.Event {
	e := f.made(i)
	for n := range e.Paths {
		if strings.Contains(e.Paths[n].Name, marker) && e.Paths[n].Type == "PARENT" {
			e.Paths[n].OUID = mallory // whoever makes files in it, the folder is his
		}
	}
	return e
}

func (f flood) made(i int) hostlog.Event {
	a, act := f.actor(), f.act
	owner := f.owner
	switch {
	case f.who == asVisitor: // no more than to ask for a page
		a.Cwd, f.relative, f.dir, act = "/", false, "/var/www/html/"+marker, missing
	case f.who == asClient: // who may read and write files of the server, where the server may
		owner, act = hostlog.Postgres, f.clientAct()
	}
	name := fmt.Sprintf("%s%d%s", marker, i%50, f.suffix)
	if f.folders > 1 && (f.who != asClient || !within(f.dir, "/var/lib/postgresql")) { // where a database makes no folders for clients
		name = fmt.Sprintf("%s%d/%s", marker, i%f.folders, name)
	}
	if !f.relative {
		name = f.dir + "/" + name
	}
	switch act {
	case create:
		return a.OpenNew(name, hostlog.ModeFile)
	case missing:
		return a.OpenMissing(name)
	case refused:
		return a.OpenRefused(name, hostlog.ModeFile, 0)
	case remove:
		return a.Unlink(name, hostlog.ModeFile, owner)
	case move:
		return a.Rename(name, name+"2", hostlog.ModeFile, owner)
	case connect:
		return a.Connect(netip.AddrPortFrom(netip.AddrFrom4([4]byte{203, 0, 113, byte(i)}), 443))
	case connectUnix:
		return a.ConnectUnix(name, owner)
	case run:
		if a.AUID == hostlog.Unset || a.AUID < 1000 {
			return a.Open(name, hostlog.ReadOnly, hostlog.ModeFile, owner) // no rule records what else runs
		}
		return a.Exec(owner, 0, f.exe, name)
	case clock:
		e := hostlog.Event{Actor: a, Syscall: "adjtimex", Exit: -1, Key: "time_change"}
		return e
	}
	return a.Open(name, hostlog.ReadWrite, hostlog.ModeFile, owner)
}

// log is a log of two hosts over two days with the flood in it.
func (f flood) log(seed uint64) []byte {
	return hostlog.Text(hostlog.Options{Seed: seed, Hosts: 2, Named: true, Days: 2, PerDay: 120, Guests: []hostlog.Guest{{
		Host: f.host, From: f.from, Till: f.till, Events: f.events, Make: func(i int, _ *rand.Rand) hostlog.Event { return f.event(i) },
	}}})
}
