package ruleprice

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/record"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// wiresOf compiles lines as auditctl 3.0.9 would on x86_64; paths that end with a slash are directories.
func wiresOf(t *testing.T, lines ...string) []rule.Wire {
	t.Helper()
	set, err := rule.ParseFile("r", strings.NewReader(strings.Join(lines, "\n")+"\n"))
	if err != nil {
		t.Fatal(err)
	}
	var out []rule.Wire
	for _, r := range set.Rules() {
		w, _, err := rule.Compile(r, rule.Env{Machine: names.ArchX86_64, Dialect: rule.Dialect3_0, IsDir: func(p string) bool { return p == "/opt" }})
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, w)
	}
	return out
}

// callOf is a system call of a service as a census would have it.
func callOf(t *testing.T, nr int, fields string, paths ...string) *event.Call {
	t.Helper()
	id := "msg=audit(1700000000.000:7): "
	text := fmt.Sprintf("type=SYSCALL %sarch=c000003e syscall=%d per=80000 %s a0=0 a1=0 a2=0 a3=0 items=%d ppid=1 pid=7 auid=4294967295 uid=65534 gid=65534 "+
		"euid=65534 suid=65534 fsuid=65534 egid=65534 sgid=65534 fsgid=65534 tty=(none) ses=4294967295 comm=\"w\" exe=\"/w\" key=\"c\"\n", id, nr, fields, len(paths))
	for i, p := range paths {
		text += fmt.Sprintf("type=PATH %sitem=%d %s\n", id, i, p)
	}
	text += "type=PROCTITLE " + id + "proctitle=\"w\"\n"
	var c event.Call
	for ev := range event.NewAssembler(event.Options{}).Events(record.NewReader(strings.NewReader(text)), nil) {
		if c.Read(ev.Clone()) {
			return &c
		}
	}
	t.Fatalf("no call in %s", text)
	return nil
}

func pathOf(name string, inode int) string {
	return fmt.Sprintf(`name=%q inode=%d dev=00:01 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL`, name, inode)
}

// together is a census with both kinds of calls in one.
func together(c Census) (shared Counts, rules []Counts) {
	sum := newPart(len(c.parts[plain].Rules))
	for _, p := range c.parts {
		sum.Shared.add(p.Shared)
		for i, r := range p.Rules {
			sum.Rules[i].add(r)
		}
	}
	return sum.Shared, sum.Rules
}

func newCosts(ns map[Step]float64) Costs {
	k := Costs(newCounts())
	for s, n := range ns {
		k[s] = n
	}
	return k
}

func words(c Counts) string {
	var out []string
	for s, n := range c {
		if n != 0 {
			out = append(out, fmt.Sprintf("%s %g", Step(s), n))
		}
	}
	return strings.Join(out, ", ")
}

func TestCounts(t *testing.T) {
	rules := wiresOf(t,
		"-a always,exit -F arch=b64 -S unlink -F auid>=1000 -F auid!=unset -k delete",
		"-w /opt -p wa -k opt",
		"-w /etc/passwd -p wa -k id",
		"-a never,exit -F arch=b64 -S rename",
		"-a always,exit -S all -F uid=0 -k root",
		"-a always,exclude -F msgtype=CWD",
	)
	none := ""
	come := "rule in a walk of 32 1"
	for _, c := range []struct {
		name   string
		call   *event.Call
		shared string
		rules  [6]string
	}{
		{"what looks up nothing meets the lists' full masks", callOf(t, 110, "success=yes exit=1"), "walk 1",
			[6]string{come, "rule asked 1, " + come + ", field dir 1", none, come, "rule asked 1, " + come + ", field uid 1", none}},
		{"a name meets the watches of its bucket", callOf(t, 87, "success=yes exit=0", pathOf("/tmp/x", 37)), "walk 1, name 1",
			[6]string{"rule asked 1, " + come + ", field arch 1, field auid 2", "rule asked 1, " + come + ", field dir 1",
				"rule asked 1, " + come + ", field path 1", come, "rule asked 1, " + come + ", field uid 1", none}},
		{"and those of no other", callOf(t, 87, "success=yes exit=0", pathOf("/tmp/x", 38)), "walk 1, name 1",
			[6]string{"rule asked 1, " + come + ", field arch 1, field auid 2", "rule asked 1, " + come + ", field dir 1",
				none, come, "rule asked 1, " + come + ", field uid 1", none}},
		{"behind what matches nothing is paid", callOf(t, 82, "success=yes exit=0"), "walk 1",
			[6]string{come, "rule asked 1, " + come + ", field dir 1", none, "rule asked 1, " + come + ", field arch 1", none, none}},
	} {
		t.Run(c.name, func(t *testing.T) {
			counter, err := NewCounter(rules, match.Host{Machine: names.ArchX86_64, Kernel: match.Version{Major: 6, Minor: 18, Patch: 44}}, func(int) int { return 5 })
			if err != nil {
				t.Fatal(err)
			}
			counter.Add(c.call)
			counter.Add(c.call)
			got := counter.PerOp(2)
			shared, byRule := together(got)
			if got.Calls != 1 || words(shared) != c.shared {
				t.Errorf("%g calls, shared %s; want 1, %s", got.Calls, words(shared), c.shared)
			}
			for i, want := range c.rules {
				if text := words(byRule[i]); text != want {
					t.Errorf("rule %d: %s; want %s", i, text, want)
				}
			}
		})
	}
}

func TestNothingIsPaidWithoutRulesThatCount(t *testing.T) {
	for _, lines := range [][]string{{"-a always,exclude -F msgtype=CWD"}, {"-a never,user -F uid=0"}} {
		counter, err := NewCounter(wiresOf(t, lines...), match.Host{Machine: names.ArchX86_64}, func(int) int { return 0 })
		if err != nil {
			t.Fatal(err)
		}
		counter.Add(callOf(t, 87, "success=yes exit=0", pathOf("/tmp/x", 37)))
		got := counter.PerOp(1)
		if shared, _ := together(got); got.Calls != 1 || words(shared) != "" {
			t.Errorf("%s: %g calls, %s", lines[0], got.Calls, words(shared))
		}
	}
}

// TestLongWalks holds that a walk's length decides what coming to a rule is: between two measured lengths both have their share.
func TestLongWalks(t *testing.T) {
	for _, c := range []struct {
		length int
		want   string
	}{
		{1, "rule in a walk of 32 1"},
		{32, "rule in a walk of 32 1"},
		{144, "rule in a walk of 32 0.5, rule in a walk of 256 0.5"},
		{256, "rule in a walk of 256 1"},
		{1000, "rule in a walk of 256 1"},
	} {
		n := newCounts()
		n.comeTo(1, c.length)
		if got := words(n); got != c.want {
			t.Errorf("a walk of %d: %s, want %s", c.length, got, c.want)
		}
	}
}

// TestBeyondTakesOffWhatIsDoneOnce, so that a short census of a short operation is none of the process's beginning.
func TestBeyondTakesOffWhatIsDoneOnce(t *testing.T) {
	rules := wiresOf(t, "-a always,exit -S all -F uid=0 -k root")
	count := func(once, ops int) *Counter {
		c, err := NewCounter(rules, match.Host{Machine: names.ArchX86_64}, func(int) int { return 0 })
		if err != nil {
			t.Fatal(err)
		}
		for range once {
			c.Add(callOf(t, 257, "success=yes exit=3", pathOf("/lib/x", 3)))
		}
		for range ops {
			c.Add(callOf(t, 110, "success=yes exit=1"))
		}
		return c
	}
	got := count(40, 150).Beyond(count(40, 50)).PerOp(100)
	shared, byRule := together(got)
	if got.Calls != 1 || words(shared) != "walk 1" || words(byRule[0]) != "rule asked 1, rule in a walk of 32 1, field uid 1" {
		t.Errorf("%g calls, %s, %s", got.Calls, words(shared), words(byRule[0]))
	}
	none := count(1, 1).Beyond(count(5, 5)).PerOp(1)
	if shared, _ := together(none); none.Calls != 0 || words(shared) != "" {
		t.Errorf("below nothing: %g calls, %s", none.Calls, words(shared))
	}
}

func TestPrices(t *testing.T) {
	c := Census{Calls: 4, parts: newParts(2)}
	p := c.parts[plain]
	p.Shared[Walk], p.Shared[Name] = 4, 2
	p.Rules[0][Asked] = 4
	p.Rules[1][FieldStep(fieldPerm)] = 2
	k := Unanchored(newCosts(map[Step]float64{Walk: 3, Name: 10, Asked: 8, FieldStep(fieldPerm): 20}))
	if p := c.Prices(k); p[0] != 8 || p[1] != 10 {
		t.Errorf("prices %v, want 8 and 10 ns", p)
	}
	if tax := c.TaxPerOp(k); math.Abs(tax-(12+20+32+40)) > 1e-9 {
		t.Errorf("tax %v, want 104 ns", tax)
	}
}
