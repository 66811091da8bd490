package analyze

import (
	"fmt"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// syscallRule records one system call of x86_64.
func syscallRule(nr int, key string) match.Rule {
	w := rule.Wire{List: rule.ListExit, Action: rule.ActionAlways, Fields: []rule.WireField{{Type: 11, Op: rule.OpEqual, Value: 0xc000003e}}}
	w.Mask[nr/32] |= 1 << (nr % 32)
	if key != "" {
		w.Fields = append(w.Fields, rule.WireField{Type: rule.FieldFilterKey, Op: rule.OpEqual, Value: uint32(len(key)), Str: key})
	}
	return match.Rule{Forms: []rule.Wire{w}}
}

func TestCompared(t *testing.T) {
	gid := syscallRule(4, "g")
	gid.Forms[0].Fields = append([]rule.WireField{{Type: 5, Op: rule.OpEqual, Value: 77}}, gid.Forms[0].Fields...)
	rules := []match.Rule{syscallRule(1, "k"), syscallRule(2, ""), syscallRule(3, "a b"), gid}
	line := func(serial, nr int, key string) string {
		return fmt.Sprintf("type=SYSCALL msg=audit(10.000:%d): arch=c000003e syscall=%d per=80000 success=yes exit=0 a0=0 a1=0 a2=0 a3=0 items=0 ppid=1 pid=2 auid=0 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=1 comm=\"x\" exe=\"/x\" key=%s\n",
			serial, nr, key)
	}
	hex := func(key string) string { return fmt.Sprintf("%X", key) }
	for _, c := range []struct {
		name, log                string
		agree, unknown, disagree uint64
	}{
		{"own key and extra key", line(1, 1, hex("k\x01x.0")), 1, 0, 0},
		{"extra key alone", line(1, 2, `"x.1"`), 1, 0, 0},
		{"a key that is written in hex", line(1, 3, hex("a b\x01x.2")), 1, 0, 0},
		{"another rule than the kernel said", line(1, 1, hex("k\x01x.2")), 0, 0, 1},
		{"a group that the log does not have", strings.Replace(line(1, 4, hex("g\x01x.3")), "gid=0", "gid=1", 1), 1, 0, 0},
		{"no extra key: the kernel does not say", line(1, 1, `"k"`), 0, 0, 0},
		{"made by the kernel", "type=AVC msg=audit(10.000:1): avc: denied\n" + line(1, 9, "(null)"), 1, 0, 0},
		{"outside of the slot", line(900, 1, hex("k\x01x.2")), 0, 0, 0},
		{"no system call", "type=USER_AUTH msg=audit(10.000:1): pid=1 msg='op=x'\n", 0, 0, 0},
	} {
		x := &ExtraKeys{Prefix: "x.", Rules: len(rules), Personality: 0x80000, Marks: "none", FirstSerial: 1, LastSerial: 800}
		d, err := Compare(x, rules, match.Host{Kernel: match.Version{Major: 6, Minor: 18}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Build(strings.NewReader(c.log), d, make([]RuleID, len(rules)), event.Options{}); err != nil {
			t.Fatal(err)
		}
		a := d.Agreement
		if a.Agree != c.agree || a.Unknown != c.unknown || a.Disagree != c.disagree {
			t.Errorf("%s: agree %d, unknown %d, disagree %d", c.name, a.Agree, a.Unknown, a.Disagree)
		}
		if len(a.Disagreements) != int(c.disagree) {
			t.Errorf("%s: %+v", c.name, a.Disagreements)
		}
		for _, dis := range a.Disagreements {
			if dis.At != "10.000:1" || dis.Kernel != 2 || len(dis.Records) != 1 {
				t.Errorf("%s: %+v", c.name, dis)
			}
		}
	}
}
