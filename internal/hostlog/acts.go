package hostlog

import (
	"math/rand/v2"
	"net/netip"
	"path"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/event"
)

// actsParent is the parent process of the Acts.
const actsParent = 99

// Acts is a log of what must stay visible whatever was flooded: acts of Mallory, of intruders who came through a service, of root. Each is
// recorded under Rules. IsAct tells them from the host's own events.
func Acts() []byte {
	list := sensitive()
	return Text(Options{PerDay: 1, Guests: []Guest{{Till: .9, Events: len(list), Make: func(i int, _ *rand.Rand) Event { return list[i] }}}})
}

// IsAct tells whether a call is one of the Acts.
func IsAct(c *event.Call) bool { return c.PPID == actsParent }

// OfMallory tells whether a call was made by Mallory himself, or by a service at a place where he wants it to be unseen: outside of the
// database's own folder under a name of his, in keys, settings or temporary folders.
func OfMallory(c *event.Call) bool {
	if c.UID == Mallory || c.UID == mallory2 || c.AUID == Mallory {
		return true
	}
	cwd, _ := c.Cwd.AppendUntrusted(nil)
	for i := range c.Names {
		name, _ := c.Names[i].Name.AppendUntrusted(nil)
		whole := path.Clean(string(name))
		if !path.IsAbs(whole) {
			whole = path.Join(string(cwd), whole)
		}
		if strings.Contains(whole, Marker) && !strings.HasPrefix(whole, PostgresData+"/") || strings.Contains(whole, "/.ssh") || strings.HasPrefix(whole, "/etc/") || strings.HasPrefix(whole, "/tmp/") {
			return true
		}
	}
	return false
}

func sensitive() []Event {
	pg, web := Backend(2100), Service(WWWData, 1720, "/usr/sbin/nginx", "nginx")
	pool := Service(PgBouncer, 1410, "/usr/sbin/pgbouncer", "pgbouncer")
	shellOf := func(uid uint32) Actor { return Service(uid, 3000, "/usr/bin/bash", "bash") }
	as := func(a Actor, uid, auid uint32) Actor {
		a.UID, a.EUID, a.GID, a.AUID = uid, uid, uid, auid
		return a
	}
	mall := Person(Mallory, 48_000, 77, "/usr/bin/bash", "bash")
	out := netip.MustParseAddrPort("203.0.113.9:443")
	list := []Event{
		// somebody who has come through the database
		pg.OpenNew("/var/lib/postgresql/.ssh/authorized_keys", ModeData), pg.OpenNew("/var/lib/postgresql/.pgpass", ModeData),
		pg.OpenNew("/var/lib/postgresql/"+Marker, ModeData), pg.Open("/etc/passwd", 0, ModeFile, 0), pg.OpenNew("/tmp/x.so", ModeFile),
		pg.OpenNew("/var/spool/cron/crontabs/postgres", ModeData), pg.OpenRefused("/etc/shadow", ModeData, 0), pg.Connect(out),
		pg.OpenRefused("base/16384/2600", ModeData, 0), pg.OpenNew("/var/lib/postgresql/16/.config/x", ModeData),
		pg.Rename("/var/lib/postgresql/16/main/k", "/var/lib/postgresql/.ssh/authorized_keys", ModeData, Postgres),
		pg.Rename("/var/lib/postgresql/.ssh/authorized_keys", "/var/lib/postgresql/16/main/k", ModeData, Postgres),
		shellOf(Postgres).Open(PostgresData+"/base/16384/2600", 0, ModeData, Postgres),
		as(pg, Postgres, Alice).Open("base/16384/2600", 2, ModeData, Postgres),
		as(pg, 0, Unset).Open("base/16384/2600", 2, ModeData, Postgres),
		// through the web server, the pool, monitoring
		web.OpenNew("/var/www/html/static/shell.php", ModeFile), web.OpenNew("/tmp/x", ModeFile), web.Open("/etc/nginx/htpasswd", 0, ModeFile, 0),
		shellOf(WWWData).Connect(out), shellOf(WWWData).Open("/var/www/html/static/page1.html", 0, ModeFile, 0),
		pool.Connect(out), pool.Open("/etc/pgbouncer/userlist.txt", 0, ModeFile, 0), shellOf(Zabbix).OpenRefused("/etc/shadow", ModeData, 0),
		shellOf(Zabbix).Open("/proc/2100/stat", 0, ModeFile, 0),
		// himself, under names of others too
		mall.Open("/etc/passwd", 0, ModeFile, 0), mall.OpenRefused("/etc/shadow", ModeData, 0), mall.Connect(out),
		mall.Exec(0, 0, "bash"), mall.Unlink("/home/mallory/.bash_history", ModeData, Mallory), mall.ConnectUnix("/run/docker.sock", 0),
		as(pg, Mallory, Mallory).Open("base/16384/2600", 2, ModeData, Mallory), as(pg, Mallory, Unset).Open("base/16384/2600", 2, ModeData, Mallory),
		as(pool, Mallory, Unset).ConnectUnix("/run/postgresql/.s.PGSQL.5432", Postgres),
		as(mall, 0, Alice).OpenNew("/etc/cron.d/x", ModeFile), as(mall, 0, Alice).Unlink("/var/log/audit/audit.log.1", ModeData, 0),
		{Actor: as(mall, 0, Alice), Syscall: "finit_module", Key: "modules"}, {Actor: as(mall, 0, Alice), Syscall: "settimeofday", Key: "time_change"},
	}
	for i := range list {
		list[i].PPID = actsParent
	}
	return list
}
