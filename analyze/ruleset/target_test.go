package ruleset

import (
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/record"
)

func TestParseTarget(t *testing.T) {
	for text, want := range map[string]Target{
		"":                                       {},
		"auditctl=3.1.5":                         {Auditctl: 3_01_05},
		"auditctl=3.1.5,kernel=5.14,arch=x86_64": {3_01_05, match.Version{Major: 5, Minor: 14}, names.ArchX86_64},
		"arch=aarch64, kernel=6.18.44-cloud":     {Kernel: match.Version{Major: 6, Minor: 18, Patch: 44}, Machine: names.ArchAArch64},
	} {
		if got, err := ParseTarget(text); err != nil || got != want {
			t.Errorf("%q: %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"3.1.5", "auditctl=2.8", "auditctl=", "kernel=x", "arch=mips", "arch=s390x", "os=linux", "auditctl=3.0,auditctl=3.1", ",", "auditctl=3.1,"} {
		if got, err := ParseTarget(text); err == nil {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// events are the events of a text without a bad line.
func events(t *testing.T, text string) []*event.Event {
	t.Helper()
	return eventsOf(text, func(rec *record.Record) { t.Fatalf("bad line %q", rec.Raw) })
}

// lenient are the events of any text.
func lenient(text string) []*event.Event { return eventsOf(text, nil) }

func eventsOf(text string, bad func(*record.Record)) []*event.Event {
	a := event.NewAssembler(event.Options{})
	var out []*event.Event
	for ev := range a.Events(record.NewReader(strings.NewReader(text)), bad) {
		out = append(out, ev.Clone())
	}
	return out
}

func TestObserved(t *testing.T) {
	const (
		start = "type=DAEMON_START msg=audit(100.275:4921): op=start ver=3.0.9 format=raw kernel=6.18.44-cloud-1 auid=4294967295 pid=4776 uid=0 ses=4294967295 res=success\n"
		x86   = "type=SYSCALL msg=audit(101.000:7): arch=c000003e syscall=59 success=yes exit=0 a0=0 a1=0 a2=0 a3=0 items=0 ppid=1 pid=2\n"
		i386  = "type=SYSCALL msg=audit(101.000:6): arch=40000003 syscall=11 success=yes exit=0 a0=0 a1=0 a2=0 a3=0 items=0 ppid=1 pid=2\n"
		arm   = "type=SYSCALL msg=audit(101.000:5): arch=c00000b7 syscall=11 success=yes exit=0 a0=0 a1=0 a2=0 a3=0 items=0 ppid=1 pid=2\n"
		old   = "type=DAEMON_START msg=audit(100.275:4922): auditd start, ver=2.4.1 format=raw kernel=3.10.0-327.36.3.el7.x86_64 auid=4294967295 pid=251 res=success\n"
		next  = "type=DAEMON_START msg=audit(900.275:4923): op=start ver=3.1.5 format=raw kernel=6.18.44-cloud-1 auid=4294967295 pid=4776 uid=0 res=success\n"
		other = "node=b type=DAEMON_START msg=audit(900.275:4923): op=start ver=3.1.5 format=raw kernel=5.14.0 auid=4294967295 pid=4776 uid=0 res=success\n"
		odd   = "type=DAEMON_START msg=audit(900.275:4923): op=start ver=beta kernel=own res=success\n"
	)
	v := func(major, minor, patch int) match.Version {
		return match.Version{Major: major, Minor: minor, Patch: patch}
	}
	for _, c := range []struct {
		name, log string
		want      Target
		remarks   int
	}{
		{"nothing", "type=USER_AUTH msg=audit(1.000:1): pid=1 msg='op=x'\n", Target{}, 0},
		{"whole", start + x86, Target{3_00_09, v(6, 18, 44), names.ArchX86_64}, 0},
		{"a 32-bit call on a 64-bit machine", i386 + x86, Target{Machine: names.ArchX86_64}, 0},
		{"arm", arm, Target{Machine: names.ArchAArch64}, 0},
		{"old", old, Target{Auditctl: 3_00_09, Kernel: v(3, 10, 0)}, 1},
		{"upgrade", start + start + next, Target{Auditctl: 3_00_09, Kernel: v(6, 18, 44)}, 1},
		{"two hosts", start + other, Target{Auditctl: 3_00_09, Kernel: v(6, 18, 44)}, 1},
		{"no versions", odd, Target{}, 0},
	} {
		var o Observed
		for _, ev := range events(t, c.log) {
			o.Add(ev)
		}
		if o.Target() != c.want || len(o.Remarks()) != c.remarks {
			t.Errorf("%s: %v %q, want %v and %d remarks", c.name, o.Target(), o.Remarks(), c.want, c.remarks)
		}
	}
}

func TestComplete(t *testing.T) {
	full := Target{3_01_05, match.Version{Major: 5, Minor: 14}, names.ArchAArch64}
	if got, remarks := full.Complete(); got != full || len(remarks) != 0 {
		t.Errorf("a whole target became %v %q", got, remarks)
	}
	for kernel, want := range map[match.Version]string{{}: "3.1.5", {Major: 4, Minor: 18}: "3.0.9", {Major: 5, Minor: 14}: "3.1.5", {Major: 6, Minor: 12}: "4.1.2"} {
		got, remarks := Target{Kernel: kernel}.Complete()
		if got.Auditctl.String() != want || got.Machine != names.ArchX86_64 || len(remarks) < 2 {
			t.Errorf("kernel %v: %v %q, want auditctl %s", kernel, got, remarks, want)
		}
	}
	typed := Target{Auditctl: 4_00_05}
	if got := typed.Or(full); got.Auditctl != 4_00_05 || got.Kernel != full.Kernel || got.Machine != full.Machine {
		t.Errorf("Or: %v", got)
	}
}
