package hostlog

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"path"
	"slices"
	"strings"
)

// Marker is in every name that an attacker makes up.
const Marker = "zqx"

// Mallory is an unprivileged user, and mallory2 his other account. More than these an attacker cannot choose of uid and auid.
const (
	Mallory  = 1001
	mallory2 = 2000
)

// who floods: the attacker himself, or a service that he makes work for him.
type who uint8

const (
	loggedIn     who = iota
	withoutLogin     // from a job that no login began
	otherAccount     // a second account of his
	asClient         // the database opens files for him, as uid 26
	asVisitor        // the web server looks for files with names of his
	whoEnd
	brokenInto
)

// deed is what the flood does.
type deed uint8

const (
	open deed = iota
	create
	missing
	refused
	remove
	move
	connect
	connectUnix
	run
	clock
	deedEnd
)

// Flood is noise that an attacker makes, who has read how noise is excluded and wants to be a part of it. All in it is what an unprivileged user
// can choose.
type Flood struct {
	who        who
	deed       deed
	exe, dir   string
	suffix     string // of every name: where hostile bytes stand
	relative   bool   // names are relative to dir as the working directory
	folders    int    // distinct ones below dir
	files      int    // distinct ones
	events     int
	from, till float64 // days
	host       int
	owner      uint32 // of the files: his own, root's that all may read, or what another mount namespace shows
	comm       string
}

// NewFlood is a flood without any knowledge.
func NewFlood(r *rand.Rand) Flood {
	f := Flood{who: who(r.IntN(int(whoEnd))), deed: deed(r.IntN(int(deedEnd))), exe: pick(r, programs), dir: pick(r, places), suffix: pick(r, hostile),
		folders: 1 + r.IntN(3), files: pick(r, []int{1, 50}), events: 120 + r.IntN(300), till: 2, comm: Marker}
	if f.who == asClient && r.IntN(3) > 0 {
		f.deed, f.dir = pick(r, []deed{open, create, remove}), pick(r, clientPlaces)
	}
	return f
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// Mutate is the next flood of somebody who has seen what came of this one: said are the conditions of what was proposed and refused, each a
// function from a field to its value.
func (f Flood) Mutate(r *rand.Rand, said []func(field string) string) Flood {
	conds := func(string) string { return "" }
	if len(said) > 0 {
		conds = pick(r, said)
	}
	switch r.IntN(14) {
	case 0:
		f.who = who(r.IntN(int(whoEnd)))
	case 1:
		f.deed = deed(r.IntN(int(deedEnd)))
	case 2:
		f.exe = pick(r, programs)
	case 3, 4: // call himself what was just proposed, or nearly
		if exe := conds("exe"); exe != "" {
			f.exe = exe
		}
	case 5, 6: // go where it is quiet, beside it, above it, below it
		if dir := conds("dir"); dir != "" {
			f.dir = pick(r, []string{dir, path.Dir(dir), dir + "/" + Marker, path.Dir(dir) + "/" + Marker, dir + Marker, dir + "/../" + Marker, dir + "/.ssh"})
		}
	case 7:
		f.dir = pick(r, places)
		if f.who == asClient {
			f.dir = pick(r, clientPlaces)
		}
	case 8:
		f.suffix = pick(r, hostile)
	case 9:
		f.folders, f.files = pick(r, []int{1, 2, 40, 400}), pick(r, []int{1, 2, 50, 5000})
	case 10: // only where it is learnt from, only where it is not
		span := pick(r, [][2]float64{{0, 2}, {0, 1.3}, {1.35, 2}, {.9, 1.3}, {.9, 1}})
		f.from, f.till = span[0], span[1]
	case 11:
		f.host, f.events = r.IntN(2), 120+r.IntN(600)
	case 12:
		f.owner = pick(r, []uint32{Mallory, 0, Postgres, 65534})
	case 13:
		f.relative = !f.relative
	}
	return f
}

// Exe is the program that the flood shows.
func (f *Flood) Exe() string { return f.actor().Exe }

// actor is who the kernel says it is.
func (f *Flood) actor() Actor {
	a := Person(Mallory, 48_000, 77, f.exe, f.comm)
	switch f.who {
	case withoutLogin:
		a = Service(Mallory, 48_000, f.exe, f.comm)
	case otherAccount:
		a = Person(mallory2, 48_000, 78, f.exe, f.comm)
	case asClient:
		a = Backend(48_000)
	case asVisitor:
		a = Service(WWWData, 1720, "/usr/sbin/nginx", "nginx")
	case brokenInto:
		a = Service(WWWData, 48_000, f.exe, f.comm)
	}
	a.Title = Marker + f.suffix
	if f.relative {
		a.Cwd = f.dir
	}
	return a
}

// clientDeed is what a client can make the database do in a folder: no connection, and no file where it may not write.
func (f *Flood) clientDeed() deed {
	switch f.deed {
	case missing, refused:
		return f.deed
	case open, create, remove:
		if slices.Contains(clientPlaces, f.dir) {
			return f.deed
		}
	}
	return missing
}

// event is the i-th of the flood.
func (f Flood) event(i int) Event {
	e := f.made(i)
	for n := range e.Paths {
		if strings.Contains(e.Paths[n].Name, Marker) && e.Paths[n].Type == "PARENT" {
			e.Paths[n].OUID = Mallory // whoever makes files in it, the folder is his
		}
	}
	return e
}

func (f Flood) made(i int) Event {
	a, deed := f.actor(), f.deed
	owner := f.owner
	switch {
	case f.who == asVisitor: // no more than to ask for a page
		a.Cwd, f.relative, f.dir, deed = "/", false, "/var/www/html/"+Marker, missing
	case f.who == asClient: // who may read and write files of the server, where the server may
		owner, deed = Postgres, f.clientDeed()
	}
	name := fmt.Sprintf("%s%d%s", Marker, i%f.files, f.suffix)
	if f.folders > 1 && (f.who != asClient || !strings.HasPrefix(f.dir, "/var/lib/postgresql")) { // where a database makes no folders for clients
		name = fmt.Sprintf("%s%d/%s", Marker, i%f.folders, name)
	}
	if !f.relative {
		name = f.dir + "/" + name
	}
	switch deed {
	case create:
		return a.OpenNew(name, ModeFile)
	case missing:
		return a.OpenMissing(name)
	case refused:
		return a.OpenRefused(name, ModeFile, 0)
	case remove:
		return a.Unlink(name, ModeFile, owner)
	case move:
		return a.Rename(name, name+"2", ModeFile, owner)
	case connect:
		return a.Connect(netip.AddrPortFrom(netip.AddrFrom4([4]byte{203, 0, 113, byte(i)}), 443))
	case connectUnix:
		return a.ConnectUnix(name, owner)
	case run:
		if a.AUID == Unset || a.AUID < 1000 {
			return a.Open(name, ReadOnly, ModeFile, owner) // no rule records what else runs
		}
		return a.Exec(owner, 0, f.exe, name)
	case clock:
		return Event{Actor: a, Syscall: "adjtimex", Exit: -1, Key: "time_change"} // EPERM
	}
	return a.Open(name, ReadWrite, ModeFile, owner)
}

// Guest is the flood as a guest of one of two hosts.
func (f Flood) Guest() Guest {
	return Guest{Host: f.host, From: f.from, Till: f.till, Events: f.events, Make: func(i int, _ *rand.Rand) Event { return f.event(i) }}
}

// BrokenInto is the flood by somebody whose code runs as the web server's user, in a mount namespace where everything has the names he likes.
func (f Flood) BrokenInto() Flood {
	f.who = brokenInto
	return f
}
