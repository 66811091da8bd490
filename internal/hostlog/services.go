package hostlog

import (
	"fmt"
	"net/netip"
)

// Users of the services.
const (
	Postgres  = 26
	WWWData   = 33
	App       = 995
	PgBouncer = 997
	Chrony    = 998
	Zabbix    = 996
)

// PostgresExe and PostgresData are what most of the noise is about.
const (
	PostgresExe  = "/usr/lib/postgresql/16/bin/postgres"
	PostgresData = "/var/lib/postgresql/16/main"
)

// acts are everything that goes on, the commonest first.
var acts = []act{
	{"relation", .58, always, one((*host).relation)},
	{"wal", .09, always, one((*host).wal)},
	{"missing segment", .02, always, one((*host).missingSegment)},
	{"sort on disk", .03, always, (*host).sortOnDisk},
	{"pool", .10, always, one((*host).pool)},
	{"web page", .04, always, one((*host).page)},
	{"web upstream", .04, always, one((*host).upstream)},
	{"application", .03, always, (*host).application},
	{"monitoring", .02, always, one((*host).monitoring)},
	{"clock", .01, always, one((*host).clock)},
	{"cron", .01, always, (*host).cron},
	{"upgrade", .004, during(6), (*host).upgrade},
	{"dump", .004, during(2), (*host).dump},
	{"person", .006, working, (*host).person},
}

// Service is a process that no login began.
func Service(uid, pid uint32, exe, comm string) Actor {
	return Actor{PPID: 1, PID: pid, AUID: Unset, Ses: Unset, UID: uid, EUID: uid, GID: uid, Comm: comm, Exe: exe, Cwd: "/"}
}

// Backend is a server process of the database.
func Backend(pid uint32) Actor {
	a := Service(Postgres, pid, PostgresExe, "postgres")
	a.PPID, a.Cwd, a.Title = 2001, PostgresData, "postgres: app shop 10.0.0.17(40112) SELECT"
	return a
}

func (h *host) backend() Actor {
	n := h.IntN(len(h.backends))
	if h.IntN(400) == 0 {
		h.backends[n] += 1000 // a connection has ended and another begun
	}
	return Backend(h.backends[n])
}

func (h *host) relation() Event {
	name := fmt.Sprintf("base/%d/%d", 16384+h.IntN(3), 2600+h.IntN(400))
	switch h.IntN(12) {
	case 0:
		name += "_fsm"
	case 1:
		name += "_vm"
	}
	return h.backend().Open(name, ReadWrite|CloseExec, ModeData, Postgres)
}

func (h *host) wal() Event {
	return h.backend().Open(fmt.Sprintf("pg_wal/0000000100000000000000%02X", h.IntN(64)), ReadWrite|CloseExec, ModeData, Postgres)
}

func (h *host) missingSegment() Event {
	return h.backend().OpenMissing(fmt.Sprintf("base/16384/%d.1", 2600+h.IntN(400)))
}

func (h *host) sortOnDisk() []Event {
	a := h.backend()
	h.temp++
	name := fmt.Sprintf("base/pgsql_tmp/pgsql_tmp%d.%d", a.PID, h.temp)
	return []Event{a.OpenNew(name, ModeData), a.Unlink(name, ModeData, Postgres)}
}

func (h *host) pool() Event {
	return Service(PgBouncer, 1410, "/usr/sbin/pgbouncer", "pgbouncer").ConnectUnix("/run/postgresql/.s.PGSQL.5432", Postgres)
}

func (h *host) nginx() Actor {
	a := Service(WWWData, uint32(1720+h.IntN(4)), "/usr/sbin/nginx", "nginx")
	a.PPID, a.Title = 1719, "nginx: worker process"
	return a
}

func (h *host) page() Event {
	return h.nginx().Open(fmt.Sprintf("/var/www/html/static/page%d.html", h.IntN(300)), ReadOnly, ModeFile, 0)
}

func (h *host) upstream() Event {
	return h.nginx().Connect(netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), 8080))
}

// application is a program in Python: its noise must stay, since anybody may run its interpreter.
func (h *host) application() []Event {
	a := Service(App, uint32(1900+h.IntN(8)), "/usr/bin/python3.11", "gunicorn")
	a.Cwd, a.Title = "/srv/shop", "/usr/bin/python3\x00/usr/bin/gunicorn\x00shop:app"
	return []Event{
		a.Open(fmt.Sprintf("/srv/shop/templates/t%d.html", h.IntN(90)), ReadOnly, ModeFile, 0),
		a.Connect(netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, 0, 5}), 6432)),
	}
}

// monitoring runs a shell that reads /proc.
func (h *host) monitoring() Event {
	a := Service(Zabbix, uint32(30_000+h.IntN(20_000)), "/usr/bin/bash", "bash")
	return a.Open(fmt.Sprintf("/proc/%d/stat", 2100+h.IntN(40)), ReadOnly, 0o100444, 0)
}

func (h *host) clock() Event {
	a := Service(Chrony, 803, "/usr/sbin/chronyd", "chronyd")
	return Event{Actor: a, Syscall: "adjtimex", Exit: 0, A: [4]uint64{0x7ffd3a10, 0, 0, 0}, Key: "time_change",
		Extra: []string{fmt.Sprintf("TIME_ADJNTPVAL op=freq old=%d new=%d", h.IntN(90_000), h.IntN(90_000))}}
}

func (h *host) cron() []Event {
	a := Service(0, uint32(30_000+h.IntN(20_000)), "/usr/sbin/cron", "cron")
	h.session++
	in := a
	in.AUID, in.Ses = 0, h.session
	pam := `op=PAM:%s grantors=pam_permit acct="root" exe="/usr/sbin/cron" hostname=? addr=? terminal=cron res=success`
	return []Event{
		a.Open("/etc/localtime", ReadOnly, ModeFile, 0),
		a.Says("USER_ACCT", fmt.Sprintf(pam, "accounting")),
		in.Open("/etc/passwd", ReadOnly, ModeFile, 0),
		in.Says("USER_START", fmt.Sprintf(pam, "session_open")),
		in.Says("USER_END", fmt.Sprintf(pam, "session_close")),
	}
}

// upgrade is unattended: programs and libraries are replaced.
func (h *host) upgrade() []Event {
	a := Service(0, uint32(30_000+h.IntN(20_000)), "/usr/bin/dpkg", "dpkg")
	name := fmt.Sprintf("/usr/lib/x86_64-linux-gnu/lib%d.so.1", h.IntN(500))
	made := a.OpenNew(name+".dpkg-new", ModeFile)
	return []Event{made, a.Rename(name+".dpkg-new", name, ModeFile, 0)}
}

// dump is the backup at night: another program of the database's user, in another folder.
func (h *host) dump() []Event {
	a := Service(Postgres, uint32(30_000+h.IntN(20_000)), "/usr/lib/postgresql/16/bin/pg_dump", "pg_dump")
	return []Event{
		a.ConnectUnix("/run/postgresql/.s.PGSQL.5432", Postgres),
		a.OpenNew(fmt.Sprintf("/var/backups/shop/%d.dump", h.IntN(1000)), ModeData),
	}
}
