package detect

import (
	"slices"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/internal/audit/match"
)

// lossesOf are the names of the built-in detections that a change loses, and of one condition in YAML if it is given, as "mine". Soft ones have a ~
// in front.
func lossesOf(t *testing.T, rules []string, c *suggest.Change, mine string) []string {
	t.Helper()
	lists := [][]Detection{Builtin(Host{Homes: []string{"/data/app"}})}
	if mine != "" {
		keep, err := ReadKeep("keep.yaml", strings.NewReader("- name: mine\n  "+mine+"\n"), Host{})
		if err != nil {
			t.Fatal(err)
		}
		lists = [][]Detection{keep.Detections}
	}
	var held []match.Rule
	for _, line := range rules {
		held = append(held, wire(t, line))
	}
	var out []string
	for _, l := range New(Host{}, held, lists...).Losses(c) {
		name := l.Detection.Name
		if l.Why == "" {
			t.Errorf("%s is lost without a reason", name)
		}
		if !l.Hard {
			name = "~" + name
		}
		out = append(out, name)
	}
	return out
}

var allRules = []string{"-a always,exit -S all -k all"}

// never is an exclusion of calls with conditions such as exe=/x.
func never(calls string, conds ...string) *suggest.Change {
	c := &suggest.Change{Kind: suggest.Exit, Calls: []suggest.Calls{{Arch: "b64", Names: strings.Split(calls, ",")}}, Quiets: []int{0}}
	c.Conds = condsOf(conds)
	return c
}

func condsOf(conds []string) []suggest.Cond {
	var out []suggest.Cond
	for _, x := range conds {
		i := strings.IndexAny(x, "=!<>&")
		op := x[i : i+1]
		if op == "!" || x[i+1] == '=' {
			op = x[i : i+2]
		}
		out = append(out, suggest.Cond{Field: x[:i], Op: op, Value: x[i+len(op):]})
	}
	return out
}

func excluded(msgtype string, conds ...string) *suggest.Change {
	return &suggest.Change{Kind: suggest.Exclude, MsgType: msgtype, Conds: condsOf(conds)}
}

// TestBuiltinAgainstChanges is what the built-in list lets through, and what not.
func TestBuiltinAgainstChanges(t *testing.T) {
	const main = "dir=/var/lib/postgresql/16/main"
	service := []string{"exe=/usr/lib/postgresql/16/bin/postgres", "uid=26", "auid=4294967295", "success=1"}
	of := func(calls string, more ...string) *suggest.Change {
		return never(calls, append(slices.Clone(service), more...)...)
	}
	for _, c := range []struct {
		name   string
		change *suggest.Change
		want   []string
	}{
		{"a database opens its files", of("open,openat", main), nil},
		{"and removes some", of("unlink,unlinkat,ftruncate,mkdir", main), nil},
		{"not its home", of("openat", "dir=/var/lib/postgresql"), []string{"changes to ssh", "changes to start files of shells", "changes to systemd units and timers",
			"changes to what starts with the machine or a desktop", "log deletion"}},
		{"nor a home that the snapshot knows", of("openat", "dir=/data/app"), []string{"changes to ssh", "changes to start files of shells",
			"changes to systemd units and timers", "changes to what starts with the machine or a desktop", "log deletion"}},
		{"below such a home", of("openat", "dir=/data/app/files"), nil},
		{"two names", of("rename", main), []string{"changes to identity files", "changes to PAM", "changes to ssh"}},
		{"its connections", never("connect", "exe=/usr/sbin/pgbouncer", "uid=70", "auid=4294967295"), nil},
		{"the time daemon", never("adjtimex,clock_adjtime", "exe=/usr/sbin/chronyd", "uid=101"), nil},
		{"the time daemon sets the clock", never("clock_settime", "exe=/usr/sbin/chronyd"), []string{"time change"}},
		{"modes", of("chmod", main), []string{"the setuid bit"}},
		{"modes without the bit", of("chmod", main, "a1<1024"), nil},
		{"modes at a directory without the bit", of("fchmodat", main, "a2<1024"), nil},
		{"runs of a program", never("execve", "exe=/usr/bin/ps", "uid=114", "auid=4294967295", "success=1"), nil},
		{"failed runs too", never("execve", "exe=/usr/bin/ps", "uid=114", "auid=4294967295"), []string{"execution from world-writable places"}},
		{"runs of an interpreter", never("execve", "exe=/usr/bin/python3.11", "uid=114", "auid=4294967295", "success=1"),
			[]string{"execution from world-writable places"}},
		{"runs of anything", never("execve", "auid=4294967295", "success=1"), []string{"execution from world-writable places", "changes to audit"}},
		{"people", never("execve", "exe=/usr/bin/ps"), []string{"execution from world-writable places", "people become root by a setuid program"}},
		{"no directory", of("openat"), []string{"changes to identity files", "changes to audit", "log deletion"}},
		{"a program that traces", never("ptrace", "exe=/usr/bin/strace"), []string{"one process reaches into another"}},
		{"a log of its own", of("unlink", "dir=/var/log/postgresql"), nil},
		{"all logs", of("unlink", "dir=/var/log"), []string{"log deletion"}},
		{"a directory by another name", of("openat", "dir=/run/log"), []string{"log deletion"}},
		{"units behind a link", of("openat", "dir=/lib/systemd"), []string{"changes to systemd units and timers"}},
		{"titles", excluded("PROCTITLE"), nil},
		{"directories", excluded("CWD"), []string{"~changes to identity files", "~changes to sudo and its kin"}},
		{"names of one service", excluded("PATH", "uid=26"), []string{"changes to identity files"}},
		{"services", excluded("SERVICE_START"), nil},
		{"addresses", excluded("SOCKADDR", "uid=26"), nil},
		{"everything of one service", excluded("SYSCALL", "uid=26"), []string{"changes to identity files", "mounts", "namespaces"}},
		{"logins", excluded("LOGIN"), []string{"account switching"}},
		{"messages of cron", &suggest.Change{Kind: suggest.User, MsgType: "CRED_DISP"}, nil},
		{"messages of sudo", &suggest.Change{Kind: suggest.User, MsgType: "USER_CMD"}, []string{"account switching"}},
		{"messages of the kernel", &suggest.Change{Kind: suggest.User, MsgType: "LOGIN"}, nil},
		{"trace files", &suggest.Change{Kind: suggest.Filesystem, Conds: condsOf([]string{"fstype=tracefs"})}, nil},
		{"a change that is no rule", of("openat", "euid=nobodyknows"), []string{"mounts", "namespaces", "time change"}},
	} {
		got := lossesOf(t, allRules, c.change, "")
		if len(c.want) == 0 && len(got) > 0 {
			t.Errorf("%s loses %q", c.name, got)
		}
		for _, w := range c.want {
			if !slices.Contains(got, w) {
				t.Errorf("%s does not lose %q but %q", c.name, w, got)
			}
		}
	}
}

// TestFields is each field of a condition against a change that touches it, and one that does not.
func TestFields(t *testing.T) {
	for _, c := range []struct {
		mine    string
		touch   *suggest.Change
		untouch *suggest.Change
	}{
		{"exe: /usr/bin/x", never("open", "exe=/usr/bin/x"), never("open", "exe=/usr/bin/y")},
		{"exe: /usr/bin/x", never("open", "uid=1"), never("open", "exe!=/usr/bin/x")},
		{"exe: /bin/x", never("open", "exe=/usr/bin/x"), never("open", "exe=/usr/sbin/x")},
		{"exe: /usr/bin/p*", never("open", "exe=/bin/perl"), never("open", "exe=/bin/ruby")},
		{"comm: x", never("open", "uid=1"), excluded("PATH")},
		{"syscall: [open, unlink]", never("unlink", "uid=1"), never("openat", "uid=1")},
		{"path: /etc/x", never("open", "dir=/etc"), never("open", "dir=/var")},
		{"path: /etc/x", never("open", "path=/etc/x"), never("open", "path=/etc/y")},
		{"path: /etc/x", never("link", "dir=/var"), never("setuid", "uid=1")},
		{"path: /var/run/x", never("open", "dir=/run"), never("open", "dir=/var/x")},
		{"path: /run/x", never("connect", "saddr_fam=1"), never("connect", "saddr_fam=2")},
		{"path: /etc/x", excluded("PATH"), excluded("EXECVE")},
		{"access: write", never("open", "uid=1"), never("stat", "uid=1")},
		{"access: attr", never("chown", "uid=1"), never("open", "uid=1")},
		{"access: exec", never("execve", "uid=1"), never("open", "uid=1")},
		{"access: delete", never("unlinkat", "uid=1"), never("symlink", "uid=1")},
		{"access: delete", never("creat", "uid=1"), never("chmod", "uid=1")},
		{"access: write", never("mknodat", "uid=1"), never("fchmodat", "uid=1")},
		{"access: attr", never("utimensat", "uid=1"), never("unlink", "uid=1")},
		{"access: read", never("readlinkat", "uid=1"), never("unlink", "uid=1")},
		{"access: delete", never("rename", "uid=1"), never("mkdir", "uid=1")},
		{"uid: 0-10", never("open", "uid=10"), never("open", "uid=11")},
		{"uid: 0-10", never("open", "uid>=5"), never("open", "uid>10")},
		{"uid: 0-10", excluded("SYSCALL", "uid=10"), excluded("SYSCALL", "uid=11")},
		{"euid: root", never("open", "euid<3"), never("open", "euid!=0")},
		{"auid: people", never("open", "auid>=1000"), never("open", "auid=4294967295")},
		{"auid: unset", never("open", "auid>=1000"), never("open", "auid!=4294967295")},
		{"auid: set", never("open", "auid=0"), never("open", "auid=4294967295")},
		{"user: 5", never("open", "uid=4"), never("open", "uid=4", "euid=4", "auid=4")},
		{"success: true", never("open", "success=1"), never("open", "success=0")},
		{"success: true", never("open", "uid=1"), never("open", "exit=-13")},
		{"key: all", never("open", "uid=1"), never("open", "success=1", "success=0")},
		{"key: other", &suggest.Change{}, never("open", "uid=1")},
		{"type: EXECVE", never("execve", "uid=1"), never("open", "uid=1")},
		{"type: USER_CMD", excluded("USER_CMD"), never("open", "uid=1")},
		{"type: USER_CMD", &suggest.Change{Kind: suggest.User, MsgType: "USER_CMD"}, &suggest.Change{Kind: suggest.User, MsgType: "USER_AUTH"}},
		{"arg: x", never("execve", "uid=1"), never("open", "uid=1")},
		{"arg: x", excluded("EXECVE"), excluded("PATH")},
		{`a1: "&06000"`, never("chmod", "a1>1000"), never("chmod", "a1<1024")},
		{"a1: 0x10", never("chmod", "a1=16"), never("chmod", "a1=17")},
		{"family: inet", never("connect", "saddr_fam=2"), never("connect", "saddr_fam=1")},
		{"family: inet", excluded("SOCKADDR"), never("open", "uid=1")},
		{"port: 22", never("connect", "saddr_fam=10"), never("connect", "saddr_fam=1")},
		{"address: 10.0.0.0/8", never("connect", "uid=1"), never("connect", "saddr_fam=16")},
		{"path: /sys/kernel/tracing/x", &suggest.Change{Kind: suggest.Filesystem, Conds: condsOf([]string{"fstype=tracefs"})},
			&suggest.Change{Kind: suggest.Filesystem, Conds: condsOf([]string{"fstype=debugfs"})}},
	} {
		if got := lossesOf(t, allRules, c.touch, c.mine); len(got) != 1 && len(c.touch.Lines()) > 0 && c.mine != "key: other" {
			t.Errorf("%s is not lost to %q", c.mine, c.touch.Lines())
		}
		if got := lossesOf(t, allRules, c.untouch, c.mine); len(got) != 0 {
			t.Errorf("%s is lost to %q", c.mine, c.untouch.Lines())
		}
	}
}

// TestRulesThatRecord: what no rule behind the change records is not lost to it.
func TestRulesThatRecord(t *testing.T) {
	rules := []string{"-w /etc/passwd -p wa -k identity", "-a always,exit -F arch=b64 -S connect -k net", "-a always,exit -F arch=b64 -S open,openat -k files"}
	open := never("openat", "uid=26")
	open.Quiets = []int{2}
	for _, c := range []struct {
		mine string
		at   int
		lost bool
	}{
		{"path: /etc/passwd", 2, true},
		{"key: identity", 2, false},
		{"key: identity", 0, true},
		{"key: files", 2, true},
		{"syscall: unlink", 0, false},
	} {
		open.Quiets[0] = c.at
		if got := lossesOf(t, rules, open, c.mine); len(got) == 1 != c.lost {
			t.Errorf("%s before rule %d: %q", c.mine, c.at, got)
		}
	}
	if got := lossesOf(t, []string{"-a always,exit -F arch=b64 -S connect -k net"}, excluded("EXECVE"), "arg: x"); len(got) != 0 {
		t.Errorf("no rule records execve, and %q is lost", got)
	}
}

func TestNarrower(t *testing.T) {
	rules := []string{"-w /etc -p rwxa -k etc", "-a always,exit -F arch=b64 -S open,openat,unlink,chmod -F dir=/srv -k srv"}
	for _, c := range []struct {
		mine string
		of   int
		text string
		want string // "" nothing, "mine", "~mine"
	}{
		{"path: /etc/x\n  access: write", 0, "-w /etc -p wa -k etc", "~mine"},
		{"path: /etc/x\n  access: attr", 0, "-w /etc -p wa -k etc", ""},
		{"path: /etc/x\n  access: read", 0, "-w /etc -p wa -k etc", "mine"},
		{"path: /etc/x", 0, "-w /etc -p wa -k etc", "mine"},
		{"path: /etc/x\n  syscall: open", 0, "-w /etc -p wa -k etc", "mine"},
		{"path: /etc/x\n  syscall: unlink", 0, "-w /etc -p wa -k etc", ""},
		{"path: /var/x", 0, "-w /etc -p wa -k etc", "mine"}, // the interpreter of a script in /etc
		{"path: /var/x\n  syscall: [open, unlink]", 0, "-w /etc -p r -k etc", ""},
		{"path: /var/x\n  syscall: [rename, unlink]", 0, "-w /etc -p wa -k etc", ""},
		{"path: /etc/x\n  access: exec", 0, "-w /etc -p wxa -k etc", ""},
		{"path: /var/x\n  access: write", 0, "-w /etc -p wa -k etc", ""},
		{"path: /etc/x\n  access: write", 0, "-w /etc -p rwa -k etc", ""},
		{"path: /srv/x\n  access: delete", 1, "-a always,exit -F arch=b64 -S unlink,chmod -F dir=/srv -k srv", "mine"},
		{"path: /srv/x\n  syscall: unlink", 1, "-a always,exit -F arch=b64 -S unlink,chmod -F dir=/srv -k srv", ""},
		{"path: /srv/x\n  auid: people", 1, "-a always,exit -F arch=b64 -S open,openat,unlink,chmod -F dir=/srv -F auid>=1000 -F auid!=-1 -k srv", ""},
		{"path: /srv/x\n  auid: set", 1, "-a always,exit -F arch=b64 -S open,openat,unlink,chmod -F dir=/srv -F auid>=1000 -F auid!=-1 -k srv", "mine"},
		{"path: /srv/x\n  success: true", 1, "-a always,exit -F arch=b64 -S open,openat,unlink,chmod -F dir=/srv -F success=1 -k srv", ""},
		{"path: /srv/x", 1, "-a always,exit -F arch=b64 -S open,openat,unlink,chmod -F dir=/srv -F success=1 -k srv", "mine"},
		{"key: srv", 1, "-a always,exit -F arch=b64 -S open,openat,unlink,chmod -F dir=/srv -k other", "mine"},
		{"path: /srv/x", 1, "-a always,exit -F arch=b64 -S open,openat,unlink,chmod -F dir=/srv/a -k srv", "mine"},
	} {
		change := &suggest.Change{Kind: suggest.Narrow, Quiets: []int{c.of}, Text: []string{c.text}}
		if got := strings.Join(lossesOf(t, rules, change, c.mine), " "); got != c.want {
			t.Errorf("%s narrowed to %s: %q", c.mine, c.text, got)
		}
	}
	if got := lossesOf(t, rules, &suggest.Change{Kind: suggest.Narrow, Text: []string{"-w /etc -p wa"}}, "key: x"); len(got) != 1 {
		t.Errorf("a rule that nobody knows: %q", got)
	}
}
