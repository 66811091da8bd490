package place

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze/ruleset"
	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/record"
)

var narrowForms = []struct {
	line, want string // want: the whole line, or a part of the error after an !
	by         suggest.Narrowing
}{
	{"-w /etc -p rwxa -k etc", "-w /etc -p wa -k etc", suggest.Narrowing{Perms: "wa"}},
	{"-w /etc  -prwxa   -k etc ", "-w /etc  -pwa   -k etc", suggest.Narrowing{Perms: "wa"}},
	{"-w /etc", "-w /etc -p wa", suggest.Narrowing{Perms: "wa"}},
	{`-w /a\ b -k x -k y`, `-w /a\ b -p w -k x -k y`, suggest.Narrowing{Perms: "w"}},
	{"-k etc -w /etc", "!-a LIST,ACTION or -w PATH", suggest.Narrowing{Perms: "wa"}},
	{"-a always,exit -F path=/etc/x -F perm=rwa -F key=etc", "-a always,exit -F path=/etc/x -F perm=wa -F key=etc", suggest.Narrowing{Perms: "wa"}},
	{"-a always,exit -F dir=/etc -p r -p rwa", "-a always,exit -F dir=/etc -p wa", suggest.Narrowing{Perms: "wa"}},
	{"-w /etc -p wa", "!wider", suggest.Narrowing{Perms: "rwa"}},
	{"-a always,exit -F arch=b64 -S open -k x", "!without perm", suggest.Narrowing{Perms: "wa"}},
	{"-a exit,always -F arch=b64   -S open -k x", "-a exit,always -F arch=b64   -S open -F auid>=1000 -F auid!=unset -k x", suggest.Narrowing{Login: true}},
	{"-a always,exit -S open -F key=x -F uid=0", "-a always,exit -S open -F key=x -F uid=0 -F auid>=1000 -F auid!=unset", suggest.Narrowing{Login: true}},
	{"-a always,exit -S open -F uid=0", "-a always,exit -S open -F uid=0 -F auid>=1000 -F auid!=unset", suggest.Narrowing{Login: true}},
	{"-a always,exit -S open -kx", "-a always,exit -S open -F success=1 -kx", suggest.Narrowing{Success: true}},
	{"-w /etc/passwd -p wa", "!deletion", suggest.Narrowing{Success: true}},
	{"-a always,exit -F path=/etc/passwd -F perm=wa", "!deletion", suggest.Narrowing{Success: true}},
	{"-a always,exit -F arch=b64 -S open,openat,stat -k x", "-a always,exit -F arch=b64 -S open,stat -k x", suggest.Narrowing{Calls: "open,stat"}},
	{"-a always,exit -S open", "!nothing to narrow by", suggest.Narrowing{}},
}

func TestNarrowForms(t *testing.T) {
	for _, c := range narrowForms {
		r, err := parseLine(c.line)
		var got string
		if err == nil {
			got, err = narrowed(r, c.by, target)
		}
		if why, refused := strings.CutPrefix(c.want, "!"); refused {
			if err == nil || !strings.Contains(err.Error(), why) {
				t.Errorf("%s: got %q, error %v, want %q", c.line, got, err, why)
			}
			continue
		}
		if err != nil || got != c.want {
			t.Errorf("%s: got %q, error %v, want %q", c.line, got, err, c.want)
		}
	}
}

func TestNarrowCalls(t *testing.T) {
	for _, c := range []struct{ line, calls, want string }{
		{"-a always,exit  -F arch=b64 -S open,openat,stat -F uid=0 -k x", "open openat", "-a always,exit  -F arch=b64 -S open,openat -F uid=0 -k x"},
		{"-a always,exit -F arch=b64 -S open -S openat -k x", "openat", "-a always,exit -F arch=b64 -S openat -k x"},
		{"-a always,exit -F arch=b64 -S open -F uid=0 -S openat -k x", "openat", "-a always,exit -F arch=b64 -S openat -F uid=0 -k x"},
		{"-a always,exit -F arch=b64 -F dir=/etc -k x", "unlink", "-a always,exit -F arch=b64 -S unlink -F dir=/etc -k x"},
		{"-a always,exit -F dir=/etc -F arch=b64 -S all -k x", "unlink", "-a always,exit -F dir=/etc -F arch=b64 -S unlink -k x"},
		{"-a always,exit -F arch=b64 -S open -k x", "openat", "!more syscalls"},
		{"-a always,exit -F arch=b64 -S open -k x", "opem", "!no syscall"},
		{"-a always,exit -S open,openat -k x", "openat", "!without an arch"},
		{"-a always,exit -F arch=b64 -F path=/x -F perm=wa", "openat", "!perm gives"},
		{"-w /x", "openat", "!perm gives"},
		{"-a always,exit -F arch=b64 -S open -k x", "", "!no system call"},
	} {
		r, err := parseLine(c.line)
		if err != nil {
			t.Fatal(err)
		}
		got, err := NarrowCalls(r, strings.Fields(c.calls), target)
		if why, refused := strings.CutPrefix(c.want, "!"); refused {
			if err == nil || !strings.Contains(err.Error(), why) {
				t.Errorf("%s: got %q, error %v, want %q", c.line, got, err, why)
			}
		} else if err != nil || got != c.want {
			t.Errorf("%s: got %q, error %v, want %q", c.line, got, err, c.want)
		}
	}
}

// On kernels whose success= never matches the narrower form would record nothing.
func TestNarrowSuccessByKernel(t *testing.T) {
	r, err := parseLine("-a always,exit -F arch=b64 -S open -k x")
	if err != nil {
		t.Fatal(err)
	}
	for minor, refused := range map[int]bool{15: false, 16: true, 19: true} {
		_, err := NarrowSuccess(r, ruleset.Target{Kernel: match.Version{Major: 5, Minor: minor}})
		if (err != nil) != refused {
			t.Errorf("5.%d: %v", minor, err)
		}
	}
}

// What Narrower lets pass records nothing that the old rule does not: random rules, random forms, random calls.
func TestNarrowRecordsNoMore(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 7))
	forms := []suggest.Narrowing{{Perms: "wa"}, {Perms: "w"}, {Perms: "x"}, {Login: true}, {Success: true}}
	narrower, less := 0, 0
	for range 400 {
		line := randomRule(rnd)
		r, err := parseLine(line)
		if err != nil {
			t.Fatal(err)
		}
		is, err := narrowed(r, forms[rnd.IntN(len(forms))], target)
		if err != nil {
			continue
		}
		narrower++
		old, narrow := judge(t, line), judge(t, is)
		for range 20 {
			c := randomCall(t, rnd)
			was, now := old.Foretell(c).Recorded, narrow.Foretell(c).Recorded
			if now == match.Yes && was != match.Yes || was == match.None && now != match.None {
				t.Fatalf("%s\n%s\n%s: was %v, is %v", line, is, c.Event.Records[0].Raw, was, now)
			}
			if was == match.Yes && now == match.None {
				less++
			}
		}
	}
	if narrower < 100 || less < 20 {
		t.Fatalf("%d narrower forms took %d calls away: the test tests nothing", narrower, less)
	}
}

func pick[T any](rnd *rand.Rand, of ...T) T { return of[rnd.IntN(len(of))] }

func randomRule(rnd *rand.Rand) string {
	head := pick(rnd, "-a always,exit -F arch=b64 -S open,openat", "-a always,exit -S openat", "-a always,exit -F dir=/etc -F perm=rwxa",
		"-a always,exit -F arch=b64 -F path=/etc/x -F perm=wa", "-w /etc/x -p rwa", "-w /etc", "-a always,exit -F arch=b32 -S all", "-a always,exit -F arch=b64 -S execve,openat -F exe=/usr/bin/cat")
	for range rnd.IntN(3) {
		head += " -F " + pick(rnd, "uid=0", "auid>=500", "exit=-EACCES", "gid!=5", "euid<=1000", "success=0")
	}
	return head + pick(rnd, "", " -k x", " -F key=x")
}

// judge takes decisions under one rule.
func judge(t *testing.T, line string) *match.Judge {
	t.Helper()
	b := open(t, []string{"-"}, "# rules\n"+line+"\n")
	m, err := match.New(b.Set.Rules, match.Host{Machine: target.Machine, Kernel: target.Kernel})
	if err != nil {
		t.Fatal(err)
	}
	return m.Judge(nil)
}

// randomCall is an event of a system call that opens, or runs, one file.
func randomCall(t *testing.T, rnd *rand.Rand) *event.Call {
	t.Helper()
	name := pick(rnd, "/etc/x", "/etc/y", "/srv/z")
	ok, exit := "yes", "3"
	if rnd.IntN(3) == 0 {
		ok, exit = "no", "-13"
	}
	text := fmt.Sprintf("type=SYSCALL msg=audit(1700000000.000:7): arch=%s syscall=%d success=%s exit=%s a0=ffffff9c a1=0 a2=%x a3=0 items=1 ppid=1 pid=2 auid=%d uid=%d gid=%d euid=%d suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=1 comm=\"c\" exe=%q key=\"x\"\n"+
		"type=CWD msg=audit(1700000000.000:7): cwd=\"/\"\ntype=PATH msg=audit(1700000000.000:7): item=0 name=%q inode=5 dev=08:01 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL\ntype=PROCTITLE msg=audit(1700000000.000:7): proctitle=\"c\"\n",
		pick(rnd, "c000003e", "c000003e", "40000003"), pick(rnd, 257, 257, 2, 59, 295), ok, exit, pick(rnd, 0, 1, 2, 0x241), pick(rnd, uint32(0), 1000, 600, 1<<32-1),
		pick(rnd, 0, 26), pick(rnd, 0, 5), pick(rnd, 0, 2000), pick(rnd, "/usr/bin/cat", "/usr/bin/vi"), name)
	a := event.NewAssembler(event.Options{})
	for ev := range a.Events(record.NewReader(strings.NewReader(text)), nil) {
		var c event.Call
		if !c.Read(ev.Clone()) {
			t.Fatal("no call in", text)
		}
		return &c
	}
	t.Fatal("no event in", text)
	return nil
}
