package policy

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/record"
	"github.com/auditprof/auditprof/internal/hostlog"
)

// trusted are the programs and users whose noise there is: nothing else may be quieted.
var trusted = map[string][]string{hostlog.PostgresExe: {"26"}, "/usr/sbin/pgbouncer": {"997"}, "/usr/sbin/nginx": {"33"}, "/usr/sbin/chronyd": {"998"},
	"/usr/sbin/cron": {"0"}, "/usr/lib/postgresql/16/bin/pg_dump": {"26"}}

// written tells whether something of the attacker's is in the rules.
func written(a answer) bool {
	text := strings.ToLower(a.text)
	return strings.Contains(text, marker) || strings.Contains(text, hex.EncodeToString([]byte(marker)))
}

// violations are what is wrong with an answer to a flooded log, none where it is as it should be.
func violations(t testing.TB, w *way, log []byte, a answer) (list []string) {
	t.Helper()
	if written(a) {
		list = append(list, "what the attacker wrote is in the rules")
	}
	for _, p := range a.Proposals {
		if c := &p.Change; c.Kind == suggest.Exit && !slices.Contains(trusted[c.Cond("exe")], c.Cond("uid")) {
			list = append(list, "nobody's noise is quieted: "+strings.Join(c.Lines(), " | "))
		}
	}
	return append(append(list, w.lost(log, a, ofAttacker)...), w.lost(actsText, a, func(c *event.Call) bool { return c.PPID == actsParent })...)
}

// ofAttacker tells whether an event was made by the attacker himself, or by a service where he wants it to be unseen.
func ofAttacker(c *event.Call) bool {
	if c.UID == mallory || c.UID == 2000 || c.AUID == mallory {
		return true
	}
	cwd, _ := c.Cwd.AppendUntrusted(nil)
	for i := range c.Names {
		name, _ := c.Names[i].Name.AppendUntrusted(nil)
		whole := path.Clean(string(name))
		if !path.IsAbs(whole) {
			whole = path.Join(string(cwd), whole)
		}
		if strings.Contains(whole, marker) && !within(whole, hostlog.PostgresData) || strings.Contains(whole, "/.ssh") || within(whole, "/etc") || within(whole, "/tmp") {
			return true
		}
	}
	return false
}

// lost are the events that were recorded and are not, or maybe not, under the answer's rules: the first few.
func (w *way) lost(log []byte, a answer, watched func(*event.Call) bool) (list []string) {
	before, after := w.old.Judge(nil), a.rules.Judge(nil)
	var c event.Call
	for ev := range event.NewAssembler(event.Options{}).Events(record.NewReader(bytes.NewReader(log)), nil) {
		if !c.Read(ev) || !watched(&c) || before.Foretell(&c).Recorded != match.Yes {
			continue
		}
		if f := after.Foretell(&c); f.Recorded != match.Yes {
			list = append(list, fmt.Sprintf("%v under rule %d: %s", f.Recorded, f.Rule, ev.Records[0].Raw))
		}
		if len(list) == 3 {
			break
		}
	}
	return list
}

// actsText is a log of acts that must stay visible whatever was flooded: each is recorded under hostlog.Rules.
var actsText = hostlog.Text(hostlog.Options{PerDay: 1, Guests: []hostlog.Guest{acts()}})

// actsParent tells them from the host's own.
const actsParent = 99

func acts() hostlog.Guest {
	pg, web := hostlog.Backend(2100), hostlog.Service(hostlog.WWWData, 1720, "/usr/sbin/nginx", "nginx")
	pool := hostlog.Service(hostlog.PgBouncer, 1410, "/usr/sbin/pgbouncer", "pgbouncer")
	shellOf := func(uid uint32) hostlog.Actor { return hostlog.Service(uid, 3000, "/usr/bin/bash", "bash") }
	as := func(a hostlog.Actor, uid, auid uint32) hostlog.Actor {
		a.UID, a.EUID, a.GID, a.AUID = uid, uid, uid, auid
		return a
	}
	mall := hostlog.Person(mallory, 48_000, 77, "/usr/bin/bash", "bash")
	out := netip.MustParseAddrPort("203.0.113.9:443")
	list := []hostlog.Event{
		// somebody who has come through the database
		pg.OpenNew("/var/lib/postgresql/.ssh/authorized_keys", hostlog.ModeData), pg.OpenNew("/var/lib/postgresql/.pgpass", hostlog.ModeData),
		pg.OpenNew("/var/lib/postgresql/"+marker, hostlog.ModeData), pg.Open("/etc/passwd", 0, hostlog.ModeFile, 0), pg.OpenNew("/tmp/x.so", hostlog.ModeFile),
		pg.OpenNew("/var/spool/cron/crontabs/postgres", hostlog.ModeData), pg.OpenRefused("/etc/shadow", hostlog.ModeData, 0), pg.Connect(out),
		pg.OpenRefused("base/16384/2600", hostlog.ModeData, 0), pg.OpenNew("/var/lib/postgresql/16/.config/x", hostlog.ModeData),
		pg.Rename("/var/lib/postgresql/16/main/k", "/var/lib/postgresql/.ssh/authorized_keys", hostlog.ModeData, hostlog.Postgres),
		pg.Rename("/var/lib/postgresql/.ssh/authorized_keys", "/var/lib/postgresql/16/main/k", hostlog.ModeData, hostlog.Postgres),
		shellOf(hostlog.Postgres).Open(hostlog.PostgresData+"/base/16384/2600", 0, hostlog.ModeData, hostlog.Postgres),
		as(pg, hostlog.Postgres, hostlog.Alice).Open("base/16384/2600", 2, hostlog.ModeData, hostlog.Postgres),
		as(pg, 0, hostlog.Unset).Open("base/16384/2600", 2, hostlog.ModeData, hostlog.Postgres),
		// through the web server, the pool, monitoring
		web.OpenNew("/var/www/html/static/shell.php", hostlog.ModeFile), web.OpenNew("/tmp/x", hostlog.ModeFile), web.Open("/etc/nginx/htpasswd", 0, hostlog.ModeFile, 0),
		shellOf(hostlog.WWWData).Connect(out), shellOf(hostlog.WWWData).Open("/var/www/html/static/page1.html", 0, hostlog.ModeFile, 0),
		pool.Connect(out), pool.Open("/etc/pgbouncer/userlist.txt", 0, hostlog.ModeFile, 0), shellOf(hostlog.Zabbix).OpenRefused("/etc/shadow", hostlog.ModeData, 0),
		shellOf(hostlog.Zabbix).Open("/proc/2100/stat", 0, hostlog.ModeFile, 0),
		// himself, under names of others too
		mall.Open("/etc/passwd", 0, hostlog.ModeFile, 0), mall.OpenRefused("/etc/shadow", hostlog.ModeData, 0), mall.Connect(out),
		mall.Exec(0, 0, "bash"), mall.Unlink("/home/mallory/.bash_history", hostlog.ModeData, mallory), mall.ConnectUnix("/run/docker.sock", 0),
		as(pg, mallory, mallory).Open("base/16384/2600", 2, hostlog.ModeData, mallory), as(pg, mallory, hostlog.Unset).Open("base/16384/2600", 2, hostlog.ModeData, mallory),
		as(pool, mallory, hostlog.Unset).ConnectUnix("/run/postgresql/.s.PGSQL.5432", hostlog.Postgres),
		as(mall, 0, hostlog.Alice).OpenNew("/etc/cron.d/x", hostlog.ModeFile), as(mall, 0, hostlog.Alice).Unlink("/var/log/audit/audit.log.1", hostlog.ModeData, 0),
		{Actor: as(mall, 0, hostlog.Alice), Syscall: "finit_module", Key: "modules"}, {Actor: as(mall, 0, hostlog.Alice), Syscall: "settimeofday", Key: "time_change"},
	}
	for i := range list {
		list[i].PPID = actsParent
	}
	return hostlog.Guest{Till: .9, Events: len(list), Make: func(i int, _ *rand.Rand) hostlog.Event { return list[i] }}
}
