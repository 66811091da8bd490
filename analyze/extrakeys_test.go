package analyze

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/record"
)

// hexOf is how the kernel logs a key that holds a control character.
func hexOf(s string) string { return fmt.Sprintf("%X", s) }

func line(typ string, serial int, body string) string {
	return fmt.Sprintf("type=%s msg=audit(1700000000.123:%d): %s\n", typ, serial, body)
}

const head = "arch=c000003e syscall=257 "

func tail(pid int) string {
	return fmt.Sprintf(`success=yes exit=3 a0=1 items=0 ppid=1 pid=%d auid=1 comm="w" exe="/usr/bin/w" `, pid)
}

func decider() *ExtraKeys {
	return &ExtraKeys{Prefix: "auditprof.", Rules: 3, FullKeys: map[string]int{"full": 2}, Personality: 0x80000, Marks: "op=mark",
		HarnessPIDs: []int{77}, FirstSerial: 10, LastSerial: 90}
}

// slotRules are the three that decider speaks of.
var slotRules = make([]RuleID, 3)

func TestEveryEventHasItsOrigin(t *testing.T) {
	title := func(serial int) string { return line("PROCTITLE", serial, `proctitle="w"`) }
	for _, c := range []struct {
		name, log string
		want      Origin
		rule      int
	}{
		{"a rule's", line("SYSCALL", 11, head+"per=80000 "+tail(5)+"key="+hexOf("opens\x01auditprof.1")) + title(11), Rules, 1},
		{"a rule's without a key of its own", line("SYSCALL", 11, head+"per=80000 "+tail(5)+`key="auditprof.0"`) + title(11), Rules, 0},
		{"a rule's that had no room", line("SYSCALL", 11, head+"per=80000 "+tail(5)+`key="full"`) + title(11), Rules, 2},
		{"with other personality bits", line("SYSCALL", 11, head+"per=c0000 "+tail(5)+`key="auditprof.2"`) + title(11), Rules, 2},
		{"an io_uring operation", line("URINGOP", 11, `uring_op=18 success=yes exit=0 items=0 ppid=1 pid=5 uid=0 subj=x key="auditprof.1"`) + title(11), OtherProcesses, 1},
		{"an io_uring operation of nobody", line("URINGOP", 11, `uring_op=18 items=0`), Unexplained, NoRule},
		{"another process", line("SYSCALL", 11, head+tail(5)+`key="auditprof.1"`) + title(11), OtherProcesses, 1},
		{"another personality", line("SYSCALL", 11, head+"per=40000 "+tail(5)+`key="auditprof.1"`) + title(11), OtherProcesses, 1},
		{"the harness", line("SYSCALL", 11, head+tail(77)+`key="auditprof.1"`) + title(11), Harness, 1},
		{"the harness as it forks a marked process", line("SYSCALL", 11, head+"per=80000 "+tail(77)+"key=(null)") + title(11), Harness, NoRule},
		{"a mark", line("USER", 10, "pid=77 uid=0 msg='op=mark id=1'"), Harness, NoRule},
		{"a program's message", line("USER_LOGIN", 11, "pid=9 uid=0 msg='op=login res=success'"), UserMessages, NoRule},
		{"auditd", line("DAEMON_ROTATE", 4242, "op=rotate"), Auditd, NoRule},
		{"the kernel alone", line("CONFIG_CHANGE", 11, "op=set audit_enabled=1"), KernelMade, NoRule},
		{"the kernel within a call", line("AVC", 11, "avc: denied") + line("SYSCALL", 11, head+"per=80000 "+tail(5)+"key=(null)") + title(11), KernelMade, NoRule},
		{"before the slot", line("SYSCALL", 9, head+"per=80000 "+tail(5)+`key="auditprof.1"`), SlotEdge, NoRule},
		{"after the slot", line("PATH", 91, `item=0 name="/x"`), SlotEdge, NoRule},
		{"a key of nobody", line("SYSCALL", 11, head+"per=80000 "+tail(5)+`key="auditprof.3"`) + title(11), Unexplained, NoRule},
		{"a marked call that nobody claims", line("SYSCALL", 11, head+"per=80000 "+tail(5)+"key=(null)") + title(11), Unexplained, NoRule},
		{"a companion alone", line("PATH", 11, `item=0 name="/x"`), Unexplained, NoRule},
		{"an unknown record type", line("UNKNOWN[1999]", 11, "x=1"), KernelMade, NoRule},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := Build(strings.NewReader(c.log), decider(), slotRules, event.Options{})
			if err != nil {
				t.Fatal(err)
			}
			for o := Unexplained; o < originCount; o++ {
				want := uint64(0)
				if o == c.want {
					want = uint64(len(c.log))
				}
				if p.Origins.Of(o).Bytes != want {
					t.Errorf("%s has %d bytes, want %d", o, p.Origins.Of(o).Bytes, want)
				}
			}
			if c.want == Rules && p.Rules[c.rule].Events == 0 {
				t.Errorf("rule %d recorded nothing, rules %v", c.rule, p.Rules)
			}
			if c.want == Unexplained && len(p.Unexplained) == 0 {
				t.Error("what is unexplained is not shown")
			}
		})
	}
}

// A rule that uses every field there is has neither a key nor room for one.
func TestARuleWithoutAnyKeyIsFoundByThat(t *testing.T) {
	x := decider()
	x.FullKeys[""] = 2
	log := line("SYSCALL", 11, head+"per=80000 "+tail(5)+"key=(null)") + line("PROCTITLE", 11, `proctitle="w"`)
	p, err := Build(strings.NewReader(log), x, slotRules, event.Options{})
	if err != nil || p.Rules[2].Events == 0 || p.Origins.Of(Rules).Bytes != uint64(len(log)) {
		t.Errorf("%v, rules %v, unexplained %q", err, p.Rules, p.Unexplained)
	}
}

func TestLinesThatAreNoRecordsAreCounted(t *testing.T) {
	log := "garbage\n" + line("USER", 11, "pid=77 msg='op=mark'")
	p, err := Build(strings.NewReader(log), decider(), slotRules, event.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Log.Skipped) != 1 || p.Log.Skipped[0].Bytes != uint64(len("garbage\n")) || p.Log.Skipped[0].Line != 1 || p.Log.Bytes != uint64(len(log)) {
		t.Errorf("%+v of %d bytes", p.Log.Skipped, p.Log.Bytes)
	}
}

// The bytes of the instrumented line, less what the instruments added, are those of the line that the set itself would have made.
func TestBytesAreThoseOfTheSetItself(t *testing.T) {
	x := decider()
	for _, c := range []struct{ own, keyed, per, perOwn string }{
		{`key="opens"`, "key=" + hexOf("opens\x01auditprof.1"), "per=80000 ", ""},
		{"key=(null)", `key="auditprof.0"`, "per=80000 ", ""},
		{"key=" + hexOf("a\x01b"), "key=" + hexOf("a\x01b\x01auditprof.2"), "per=80000 ", ""},
		{"key=" + hexOf("a b"), "key=" + hexOf("a b\x01auditprof.2"), "per=80000 ", ""},
		{`key="full"`, `key="full"`, "per=80000 ", ""},
		{`key="k"`, "key=" + hexOf("k\x01auditprof.0"), "per=c0000 ", "per=40000 "},
	} {
		own := line("SYSCALL", 11, head+c.perOwn+tail(5)+c.own)
		keyed := line("SYSCALL", 11, head+c.per+tail(5)+c.keyed)
		r := record.NewReader(strings.NewReader(keyed))
		if !r.Scan() {
			t.Fatal("no record")
		}
		if got := x.Bytes(r.Record()); got != int64(len(own)) {
			t.Errorf("%s: %d bytes, the line itself has %d", c.keyed, got, len(own))
		}
	}
}

func TestEventsOfACellAreCountedOnce(t *testing.T) {
	log := line("SYSCALL", 11, head+"per=80000 "+tail(5)+`key="auditprof.1"`) + line("CWD", 11, `cwd="/"`) +
		line("PATH", 11, `item=0 name="/a" nametype=PARENT`) + line("PATH", 11, `item=1 name="/a/b" nametype=CREATE`) + line("PROCTITLE", 11, `proctitle="w"`)
	p, err := Build(strings.NewReader(log), decider(), slotRules, event.Options{})
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(p.Cells, func(c Cell) bool {
		return c.Rule == 1 && c.Type == "PATH" && c.Exe == "/usr/bin/w" && c.Syscall == "openat"
	})
	if at < 0 || p.Cells[at].Events != 1 || p.Cells[at].Records != 2 {
		t.Errorf("cells %+v", p.Cells)
	}
	if r := p.Rules[1]; r.Events != 1 || r.Records != 5 {
		t.Errorf("rule %+v", r)
	}
}

// FuzzBuild: whatever a log holds, every byte has exactly one place in the books.
func FuzzBuild(f *testing.F) {
	f.Add(line("SYSCALL", 11, head+"per=80000 "+tail(5)+`key="auditprof.1"`) + line("PROCTITLE", 11, "proctitle=41"))
	f.Add(line("USER", 10, "msg='op=mark'") + "x\n\n" + line("DAEMON_END", 1, "") + "torn")
	f.Fuzz(func(t *testing.T, log string) {
		p, err := Build(strings.NewReader(log), decider(), slotRules, event.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var sum uint64
		for _, o := range p.Origins {
			sum += o.Bytes
		}
		for _, s := range p.Log.Skipped {
			sum += s.Bytes
		}
		if sum != uint64(len(log)) || p.Log.Bytes != uint64(len(log)) {
			t.Fatalf("the books hold %d of %d bytes", sum, len(log))
		}
	})
}

func BenchmarkBuild(b *testing.B) {
	var log strings.Builder
	for i := range 10000 {
		log.WriteString(line("SYSCALL", 11+i%79, head+"per=80000 "+tail(5)+"key="+hexOf("opens\x01auditprof.1")))
		log.WriteString(line("PROCTITLE", 11+i%79, `proctitle="w"`))
	}
	b.SetBytes(int64(log.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Build(strings.NewReader(log.String()), decider(), slotRules, event.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
