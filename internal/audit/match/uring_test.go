package match

import (
	"bytes"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/record"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// opRule is a rule of the io_uring list for one operation, which auditctl 3.0.9 cannot write.
func opRule(action rule.Action, op uint32, fields ...rule.WireField) Rule {
	w := rule.Wire{List: rule.ListIOUring, Action: action, Fields: fields}
	w.Mask[op/32] = 1 << (op % 32)
	return Rule{Text: "op", Forms: []rule.Wire{w}}
}

const opUnlinkat = 36

// TestWorker is an operation of io_uring that no system call carries.
func TestWorker(t *testing.T) {
	const line = "type=URINGOP msg=audit(1.000:1): uring_op=36 success=yes exit=0 items=2 ppid=1 pid=2 uid=1000 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 key=(null)\n" +
		"type=CWD msg=audit(1.000:1): cwd=\"/\"\n" +
		"type=PATH msg=audit(1.000:1): item=0 name=\"/etc/\" inode=2 dev=fe:00 mode=040755 ouid=0 ogid=0 rdev=00:00 nametype=PARENT\n" +
		"type=PATH msg=audit(1.000:1): item=1 name=\"/etc/f\" inode=3 dev=fe:00 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=DELETE\n"
	var c event.Call
	for ev := range event.NewAssembler(event.Options{}).Events(record.NewReader(bytes.NewReader([]byte(line))), nil) {
		if !c.Read(ev.Clone()) {
			t.Fatal("no call")
		}
	}
	uid := func(n uint32) rule.WireField { return rule.WireField{Type: fieldUID, Op: opEqual, Value: n} }
	auid := rule.WireField{Type: fieldAUID, Op: opEqual, Value: 1000}
	for _, r := range []struct {
		what  string
		rules []Rule
		want  string
	}{
		{"its own list", []Rule{opRule(rule.ActionAlways, 28), opRule(rule.ActionAlways, opUnlinkat)}, "1"},
		{"and its fields", []Rule{opRule(rule.ActionAlways, opUnlinkat, uid(5)), opRule(rule.ActionAlways, opUnlinkat, uid(1000))}, "1"},
		{"a field that URINGOP lacks", []Rule{opRule(rule.ActionAlways, opUnlinkat, auid), opRule(rule.ActionAlways, opUnlinkat)}, "[0 1]"},
		{"not the exit list", append(rulesOf(t, "-a always,exit -S all"), opRule(rule.ActionAlways, opUnlinkat)), "1"},
		{"a watch of all system calls, asked for number 0", append(rulesOf(t, "-a always,exit -S all -F path=/etc/f"), opRule(rule.ActionAlways, opUnlinkat)), "0"},
		{"but not one with a permission", append(rulesOf(t, "-a always,exit -F path=/etc/f -F perm=w"), opRule(rule.ActionAlways, opUnlinkat)), "1"},
	} {
		m, err := New(r.rules, recent)
		if err != nil {
			t.Fatal(err)
		}
		if got := who(m.Judge(nil).Decide(&c)); got != r.want {
			t.Errorf("%s: %s, want %s", r.what, got, r.want)
		}
	}
}

// TestInline is an operation within io_uring_enter.
func TestInline(t *testing.T) {
	c := call{nr: uringEnter, more: []string{"URINGOP uring_op=36 success=yes exit=0 items=0 ppid=1 pid=2 uid=0 gid=0 key=(null)"}}.read(t)
	for _, r := range []struct {
		rules []Rule
		want  string
	}{
		{[]Rule{opRule(rule.ActionAlways, 28), opRule(rule.ActionAlways, opUnlinkat)}, "1"},
		{append(rulesOf(t, "-a always,exit -S io_uring_enter"), opRule(rule.ActionAlways, opUnlinkat)), "0"},
		{append(rulesOf(t, "-a always,exit -S openat"), opRule(rule.ActionAlways, opUnlinkat)), "1"},
	} {
		m, err := New(r.rules, recent)
		if err != nil {
			t.Fatal(err)
		}
		if got := who(m.Judge(nil).Decide(c)); got != r.want {
			t.Errorf("%s, want %s", got, r.want)
		}
	}
}
