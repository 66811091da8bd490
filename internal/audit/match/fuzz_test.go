package match

import (
	"errors"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// FuzzDecide gives hostile logs to hostile rules. A rule that is decided on must have the bit of the system call in its mask, and no
// forecast may have another number of records than the event.
func FuzzDecide(f *testing.F) {
	plain := call{nr: nrOpenat, names: []string{found("/etc/passwd", 7, "NORMAL")}}.lines(1)
	f.Add("-w /etc/passwd -p rwxa -k a\n-a always,exit -S openat\n", plain)
	f.Add("-a never,exit -F gid=5\n-a always,exit -S all -F dir=/etc -F exe=/x\n-a never,exclude -F msgtype=PATH\n",
		call{nr: nrUnlink, names: []string{found("/etc/", 1, "PARENT"), found("/etc/x", 2, "DELETE")}}.lines(2))
	f.Add("-a always,task\n-a never,user -F uid=0\n-a always,exit -C uid!=obj_uid -F obj_type=x -F subj_sen>=s0:c1\n",
		call{nr: nrRename, fields: "subj=a:b:c:s0", names: []string{missed("x"), missed("y")}, noPaths: true}.lines(3)+
			"type=URINGOP msg=audit(1.0:9): uring_op=28 success=yes exit=0 items=0 ppid=1 pid=2 uid=0 gid=0 key=(null)\n")
	f.Add("-a always,exit -F arch=b64 -S all -F pers=0 -F sessionid!=3 -F devmajor=254 -F inode!=7 -F filetype=file -F saddr_fam=2 -F a0&1\n"+
		"-A never,exit -F perm=wa -F path=/etc/passwd -F obj_uid>5\n-a always,exclude -F pid=1 -F pers=5\n-a never,filesystem -F fstype=0x9fa0\n",
		call{nr: nrConnect, names: []string{found("x/../y", 7, "NORMAL"), found("x", 8, "CREATE")}, more: []string{"SOCKADDR saddr=0100"}}.lines(4)+
			call{nr: nrRename, names: []string{found("a", 1, "PARENT"), found("a/b", 9, "DELETE"), found("a/c", 9, "CREATE")}}.lines(5))
	f.Fuzz(func(t *testing.T, text, log string) {
		set, err := rule.ParseFile("r", strings.NewReader(text))
		if refused := (rule.Errors)(nil); err != nil && !errors.As(err, &refused) {
			return
		}
		rules := compileSet(t, set, rule.Dialect4_0)
		m, err := New(rules, Host{Kernel: Version{5, 19, 1}})
		if err != nil {
			return
		}
		facts := NewFacts(m)
		alone, informed := m.Judge(nil), m.Judge(facts)
		eachCall([]byte(log), func(c *event.Call) {
			checkDecision(t, rules, c, alone.Decide(c))
			facts.Learn(c)
			checkDecision(t, rules, c, informed.Decide(c))
			if fc := alone.Foretell(c); len(fc.Records) != len(c.Event.Records) {
				t.Errorf("%d records foretold of %d", len(fc.Records), len(c.Event.Records))
			}
		})
	})
}

func checkDecision(t *testing.T, rules []Rule, c *event.Call, d Decision) {
	if d.Answer == Yes && !rules[d.Rule].takes(c) {
		t.Errorf("rule %q decided on call %d, which is not in its mask", rules[d.Rule].Text, c.Syscall)
	}
	if d.Answer == Unknown && len(d.Candidates) == 0 {
		t.Error("unknown without a candidate")
	}
}

// takes tells whether a rule has the call in its mask, or is of a list without one.
func (r *Rule) takes(c *event.Call) bool {
	for i := range r.Forms {
		w := &r.Forms[i]
		nr := c.Syscall
		if c.Uring && w.List == rule.ListExit {
			nr = 0 // the inode hash is asked with no system call at all
		}
		if w.List == rule.ListTask || w.List == rule.ListIOUring || nr/32 < 64 && w.Mask[nr/32]&(1<<(nr%32)) != 0 {
			return true
		}
	}
	return false
}
