package match

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/record"
)

// likenessRules ask for everything that a rule can ask for.
var likenessRules = []string{
	"-a always,exit -F arch=b64 -S openat -F exit=-EACCES", "-a always,exit -F arch=b64 -S openat -F success=0 -k a", "-a always,exit -S all -F pid=11",
	"-a always,exit -S all -F ppid!=10", "-a always,exit -S rename -F a0=1", "-a always,exit -S all -F a1&1", "-a always,exit -S openat -F a2&0100 -k a",
	"-a always,exit -S all -F a3!=0", "-a always,exit -S all -F pers=8", "-a always,exit -S all -F uid=0 -k a", "-a always,exit -S all -F auid>=1000 -F auid!=unset",
	"-a always,exit -S all -F sessionid=3 -k b", "-a always,exit -S all -F dir=/etc -F perm=wa", "-a always,exit -S all -F dir=/home/u -k a", "-w /etc/passwd -p wa -k a",
	"-w /etc/passwd -p r", "-a always,exit -S all -F path=/etc/x", "-a never,exit -S all -F exe=/usr/bin/cat", "-a always,exit -S all -F exe=/usr/bin/dog -k b",
	"-a always,exit -S all -F inode=7", "-a always,exit -S all -F devmajor=254", "-a always,exit -S all -F obj_uid=5", "-a always,exit -S all -C uid!=obj_uid",
	"-a always,exit -S all -C uid!=euid -k a", "-a always,exit -S all -F filetype=dir", "-a always,exit -S all -F saddr_fam=2", "-a always,exit -S all -F subj_type=t",
	"-a always,exit -S all -F obj_type=t", "-a always,exit -S all -F gid=0", "-a always,exit -F perm=r -S all", "-a never,exclude -F msgtype=SOCKADDR -F pid=11",
	"-a always,exit -S all", "-a always,exit -S all -k b", "-a always,exit -F arch=b32 -S all -F perm=w",
}

// someRules is some of these rules, some of them there for a part of the log only.
func someRules(t *testing.T, r *rand.Rand) *Matcher {
	var lines []string
	for _, line := range likenessRules {
		if r.IntN(4) == 0 {
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 {
		lines = likenessRules[:1]
	}
	rules := rulesOf(t, lines...)
	for i := range rules {
		if r.IntN(4) == 0 {
			rules[i].Until = Moment{Sec: 1700000000 + r.Int64N(3)*5000, Serial: uint64(r.IntN(6))}
		}
		if r.IntN(8) == 0 {
			rules[i].From = Moment{Sec: 1700000000 + r.Int64N(3)*5000, Serial: uint64(r.IntN(6))}
		}
	}
	m, err := New(rules, recent)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// someCall is a call of which each part is one of a few, mostly the first.
func someCall(r *rand.Rand) string {
	one := func(list ...string) string {
		if r.IntN(8) > 0 {
			return list[0]
		}
		return list[r.IntN(len(list))]
	}
	var fields []string
	for _, f := range []string{
		one("exit=3", "exit=-13", "exit=4"), one("success=yes", "success=no", "success=-"), one("pid=11", "pid=12", "pid=-"), one("ppid=10", "ppid=1"),
		one("a0=ffffff9c", "a0=1", "a0=5"), one("a1=7ffd", "a1=ffffff9c", "a1=2"), one("a2=0", "a2=41", "a2=8041", "a2=2"), one("a3=0", "a3=ffffff9c", "a3=-"),
		one("per=0", "per=8", "per=80000000"), one("key=(null)", `key="a"`, `key="b"`),
	} {
		if f != "per=0" {
			fields = append(fields, f)
		}
	}
	if r.IntN(3) == 0 {
		fields = append(fields, one("comm=x", "uid=0", "euid=0", "auid=4294967295", "ses=4", `exe="/usr/bin/dog"`, "gid=0", "subj=u:r:t:s0"))
	}
	c := call{
		nr: []int{nrOpenat, nrRename, nrOpenat2, nrUnlink, nrGetpid, nrConnect, nrExecve}[r.IntN(28)/4], arch: one("c000003e", "c000003e", "40000003"),
		fields: strings.Join(fields, " "), cwd: one("/home/u", "/etc"), noPaths: r.IntN(8) == 0,
	}
	for range r.IntN(8) / 3 {
		name := found(one("x", "/etc/passwd", "/etc/x", "/etc/passwd", "/etc/", "/home/u/y"), 7+r.IntN(8)/7, one("NORMAL", "PARENT", "DELETE", "CREATE"), one("mode=0100644", "mode=040755"), one("ouid=5 ogid=6", "ouid=0 ogid=0"))
		c.names = append(c.names, one(name, name, name+" obj=u:r:t:s0", missed("/etc/z")))
	}
	if c.nr == nrOpenat2 && r.IntN(4) > 0 {
		c.more = append(c.more, one("OPENAT2 oflag=0101 mode=0600 resolve=0x0", "OPENAT2 oflag=0 mode=0 resolve=0x0", "OPENAT2 oflag=0 mode=0 resolve=0x0"))
	}
	if r.IntN(9) == 0 {
		c.more = append(c.more, one("SOCKADDR saddr=0200005000000000", "SOCKADDR saddr=0100", "AVC x=1"))
	}
	return c.lines(r.IntN(8))
}

// Events that are alike to a rule set are decided as if each had been looked at.
func TestWhatIsAlikeIsGlancedAlike(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 5))
	alike, all := 0, 0
	for range 60 {
		m := someRules(t, r)
		remembers, looks := m.Judge(nil), m.Judge(nil)
		memo := event.NewMemo()
		seen := map[uint64]bool{}
		for range 600 {
			text := strings.ReplaceAll(someCall(r), "1700000000.", fmt.Sprintf("%d.", 1700000000+r.IntN(4)*4000))
			var c event.Call
			for ev := range event.NewAssembler(event.Options{}).Events(record.NewReader(bytes.NewReader([]byte(text))), nil) {
				if !memo.Read(&c, ev) {
					t.Fatalf("no call in %s", text)
				}
				got, sure := remembers.Glance(&c)
				want, wantSure := looks.glance(&c)
				if sure != wantSure || !reflect.DeepEqual(got, want) {
					t.Fatalf("%+v %v, want %+v %v\n%s", got, sure, want, wantSure, text)
				}
				if like := remembers.likeness(&c); like != 0 {
					all++
					if seen[like] {
						alike++
					}
					seen[like] = true
				}
			}
		}
	}
	if alike < all/10 || all < 25_000 {
		t.Errorf("%d of %d events are like one before: too few to say anything", alike, all)
	}
}
