package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/bench"
	"github.com/auditprof/auditprof/bench/result"
)

// slotLog is a slot in which one program is run by two users, and the harness and auditd write too; its last line is no record.
func slotLog() string {
	var b strings.Builder
	call := func(serial, uid, pid int, per, key string) {
		fmt.Fprintf(&b, "type=SYSCALL msg=audit(1700000000.123:%d): arch=c000003e syscall=257 %ssuccess=yes exit=3 a0=1 items=0 ppid=1 pid=%d auid=1000 uid=%d "+
			"comm=\"w\" exe=\"/usr/bin/w\" key=%s\n", serial, per, pid, uid, key)
		fmt.Fprintf(&b, "type=PROCTITLE msg=audit(1700000000.123:%d): proctitle=\"w\"\n", serial)
	}
	call(11, 0, 50, "per=80000 ", `"x.1"`)
	call(12, 33, 51, "per=80000 ", `"x.1"`)
	call(13, 0, 52, "", `"x.0"`) // somebody else
	b.WriteString("type=DAEMON_ROTATE msg=audit(1700000000.200:7): op=rotate\n")
	b.WriteString("garbage\n")
	return b.String()
}

func TestASlotsProfileBecomesItsAttribution(t *testing.T) {
	log := slotLog()
	in := bench.AttributionInput{Scenario: "s", Arm: "a", Ops: 4, KeyPrefix: "x.", Personality: 0x80000, Marks: "op=mark", FirstSerial: 10, LastSerial: 90,
		Rules: []result.Rule{{File: "a.rules", Line: 1, Text: "-w /a"}, {File: "a.rules", Line: 2, Text: "-w /b"}}}
	a, books, err := attributor{}.Attribute(strings.NewReader(log), in)
	if err != nil {
		t.Fatal(err)
	}
	// The lines without what the instruments added: the extra key and the mark in the personality.
	own := uint64(2*len(strings.Split(log, "\n")[0]+"\n") + len(` uid=33`) - len(` uid=0`) - 2*len(`per=80000 `) - 2*len(`"x.1"`) + 2*len("(null)"))
	title := uint64(2 * len(strings.Split(log, "\n")[1]+"\n"))
	if len(a.Rules) != 1 || a.Rules[0].Rule != 1 || a.Rules[0].Line != 2 || a.Rules[0].Events != 2 || a.Rules[0].Records != 4 || a.Rules[0].Bytes != own+title {
		t.Errorf("rules %+v, want %d bytes", a.Rules, own+title)
	}
	want := []result.Row{{Rule: 1, Type: "SYSCALL", Exe: "/usr/bin/w", Syscall: "openat", Events: 2, Records: 2, Bytes: own},
		{Rule: 1, Type: "PROCTITLE", Exe: "/usr/bin/w", Syscall: "openat", Events: 2, Records: 2, Bytes: title}}
	if len(a.Rows) != 2 || a.Rows[0] != want[0] || a.Rows[1] != want[1] {
		t.Errorf("rows %+v, want %+v", a.Rows, want)
	}
	if a.EventsPerOp != 0.5 || len(a.Types) != 2 || a.Types[0].Bytes != own {
		t.Errorf("%v events per operation, types %+v", a.EventsPerOp, a.Types)
	}
	closedBooks(t, books, uint64(len(log)))
}

// closedBooks: every byte has an origin, but for the line that is no record.
func closedBooks(t *testing.T, b result.Books, bytes uint64) {
	t.Helper()
	garbage := uint64(len("garbage\n"))
	sum := garbage
	for _, o := range b.Origins {
		sum += o.Bytes
	}
	if sum != bytes || b.LogBytes != bytes || b.UnexplainedBytes != garbage || b.UnexplainedEvents != 1 || len(b.Unexplained) != 1 ||
		!strings.HasPrefix(b.Unexplained[0], "line 8:") {
		t.Errorf("the books hold %d of %d bytes: %+v", sum, bytes, b)
	}
}
