package match

import (
	"fmt"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/record"
)

// fates are a forecast's records in one letter each: y is written, - is not, ? is unknown.
func fates(f Forecast) string {
	var b strings.Builder
	for _, a := range f.Records {
		b.WriteByte("-y?"[a])
	}
	return b.String()
}

// TestForetell is what becomes of a call and its records. They are SYSCALL, those of more, CWD and PATH where there are names, PROCTITLE.
func TestForetell(t *testing.T) {
	passwd := []string{found("/etc/passwd", 7, "NORMAL")}
	login := []string{"LOGIN pid=11 uid=0 old-auid=4294967295 auid=1000 res=1"}
	for _, c := range []struct {
		what  string
		rules []string
		call  call
		want  string // rule or candidates, then recorded, then records
	}{
		{"recorded", []string{"-a always,exit -S openat"}, call{}, "0 yes yy"},
		{"by nobody", []string{"-a always,exit -S open"}, call{}, "none none --"},
		{"suppressed", []string{"-a never,exit -S openat", "-a always,exit -S all"}, call{names: passwd}, "0 none ----"},
		{"a key does not matter here", []string{"-a always,exit -S openat -k a"}, call{fields: `key="z"`}, "0 yes yy"},
		{"a group may matter", []string{"-a never,exit -S all -F gid=100", "-a always,exit -S all"}, call{}, "[0 1] unknown ??"},
		{"the kernel's own record takes the call with it", []string{"-a always,exit -S open"}, call{more: login}, "none yes yyy"},
		{"unless a never rule is there", []string{"-a never,exit -S openat"}, call{more: login}, "0 none -y-"},
		{"or the kernel's own record is excluded", []string{"-a always,exclude -F msgtype=LOGIN"}, call{more: login}, "none none ---"},
		{"PATH excluded", []string{"-a always,exit -S all", "-a never,exclude -F msgtype=PATH"}, call{names: passwd}, "0 yes yy-y"},
		{"SYSCALL excluded, so all", []string{"-a always,exit -S all", "-a never,exclude -F msgtype=SYSCALL"}, call{names: passwd}, "0 none ----"},
		{"two types at once are none", []string{"-a always,exit -S all", "-a never,exclude -F msgtype=PATH -F msgtype=CWD"}, call{names: passwd}, "0 yes yyyy"},
		{"a range of types", []string{"-a always,exit -S all", "-a never,exclude -F msgtype>=1302 -F msgtype<=1307"}, call{names: passwd}, "0 yes y--y"},
		{"excluded by user", []string{"-a always,exit -S all", "-a never,exclude -F auid=1000"}, call{names: passwd}, "0 none ----"},
		{"groups do not count there", []string{"-a always,exit -S all", "-a never,exclude -F gid=100"}, call{}, "0 yes yy"},
		{"a field that the list does not know ends it", []string{"-a always,exit -S all", "-a never,exclude -F pers=3", "-a never,exclude -F msgtype=PATH"},
			call{names: passwd}, "0 yes yyyy"},
		{"but not where a field before it is false", []string{"-a always,exit -S all", "-a never,exclude -F uid=5 -F pers=3", "-a never,exclude -F msgtype=PATH"},
			call{names: passwd}, "0 yes yy-y"},
		{"excluded by executable", []string{"-a always,exit -S all", "-a never,exclude -F exe=/usr/bin/cat"}, call{}, "0 none --"},
		{"what an excluded record would be followed by", []string{"-a always,exit -S all", "-a never,exclude -F msgtype=IPC"},
			call{more: []string{"IPC ouid=0 ogid=0 mode=0600", "IPC_SET_PERM qbytes=0 ouid=0 ogid=0 mode=0600"}}, "0 yes y--y"},
		{"a process that was never audited", []string{"-a never,task -F uid=1000", "-a always,exit -S all"}, call{}, "[0 1] unknown ??"},
		{"what a file system hides is in no directory", []string{"-a never,filesystem -F fstype=0x9fa0", "-a always,exit -F dir=/proc -F perm=r", "-a always,exit -S all"},
			call{names: []string{strings.Replace(found("/proc/1/stat", 9, "NORMAL"), "fe:01", "00:15", 1)}}, "[1 2] yes yy?y"},
		{"what is open there is no name at all", []string{"-a never,filesystem -F fstype=0x9fa0", "-a never,exit -S all -F obj_uid=0", "-a always,exit -S all"},
			call{names: []string{strings.NewReplacer("fe:01", "00:15", `"/proc/1/stat"`, "(null)").Replace(found("/proc/1/stat", 9, "NORMAL"))}}, "[1 2] unknown ????"},
		{"one on a disk is not hidden with it", []string{"-a never,filesystem -F fstype=0x9fa0", "-a always,exit -F dir=/etc -F perm=r", "-a always,exit -S all"},
			call{names: passwd}, "1 yes yyyy"},
	} {
		c.call.nr = nrOpenat
		f := matcherOf(t, recent, c.rules...).Judge(nil).Foretell(c.call.read(t))
		got := fmt.Sprint(who(Decision{Answer: f.Answer, Rule: f.Rule, Candidates: f.Candidates}), " ", f.Recorded, " ", fates(f))
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.what, got, c.want)
		}
	}
}

// TestForetellMessages is what becomes of records without a system call.
func TestForetellMessages(t *testing.T) {
	const auth = `type=USER_AUTH msg=audit(1.000:1): pid=9 uid=0 auid=1000 ses=3 msg='op=PAM exe="/usr/bin/su" res=success'`
	for _, c := range []struct {
		rules []string
		line  string
		want  string
	}{
		{[]string{"-a never,user -F uid=0"}, auth, "-"},
		{[]string{"-a never,user -F uid=1"}, auth, "y"},
		{[]string{"-a always,user -F auid=1000", "-a never,user -F uid=0"}, auth, "y"}, // the first that matches decides
		{[]string{"-a never,user -F msgtype=USER_AUTH"}, auth, "-"},
		{[]string{"-a always,user -F auid=1000", "-a never,exclude -F msgtype=USER_AUTH"}, auth, "-"},
		{[]string{"-a never,exclude -F exe=/usr/bin/su"}, auth, "-"},
		{[]string{"-a never,user -F gid=0"}, auth, "?"}, // no gid= in the record
		{[]string{"-a never,user -F pers=3", "-a never,user -F uid=0"}, auth, "y"},
		{[]string{"-a never,user -F uid=0"}, `type=SECCOMP msg=audit(1.000:1): auid=1000 uid=0 gid=0 ses=3 pid=9 comm="x" exe="/x" sig=31`, "y"}, // no message
		{[]string{"-a never,exclude -F uid=0"}, `type=SECCOMP msg=audit(1.000:1): auid=1000 uid=0 gid=0 ses=3 pid=9 comm="x" exe="/x" sig=31`, "-"},
		{[]string{"-a never,exclude -F uid>=0"}, `type=DAEMON_START msg=audit(1.000:1): op=start`, "y"}, // auditd's own
	} {
		var rec record.Record
		rec.Parse([]byte(c.line))
		ev := &event.Event{Sec: 1, Serial: 1, Records: []record.Record{rec}}
		call := new(event.Call)
		if call.Read(ev.Clone()) {
			t.Fatal("a message is no call")
		}
		f := matcherOf(t, recent, c.rules...).Judge(nil).Foretell(call)
		if got := fates(f); got != c.want || f.Recorded != None {
			t.Errorf("%q: %s, want %s\n%s", c.rules, got, c.want, c.line)
		}
	}
}
