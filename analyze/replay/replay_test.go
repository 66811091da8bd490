package replay

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/record"
	"github.com/auditprof/auditprof/internal/audit/rule"
	"github.com/auditprof/auditprof/internal/hostlog"
)

// textLog is a log in memory.
type textLog struct{ *record.Reader }

func (textLog) Err() error { return nil }

var host = match.Host{Machine: names.ArchX86_64, Kernel: match.Version{Major: 6, Minor: 1}}

// compiled are rules as a kernel of host has them.
func compiled(t testing.TB, text string) []match.Rule {
	t.Helper()
	set, err := rule.ParseFile("test.rules", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var rules []match.Rule
	for _, r := range set.Rules() {
		w, _, err := rule.Compile(r, rule.Env{Machine: host.Machine, Dialect: rule.Dialect3_0})
		if err != nil {
			t.Fatal(err)
		}
		rules = append(rules, match.Rule{Pos: r.Pos, Text: r.Text, Forms: []rule.Wire{w}})
	}
	return rules
}

func matcher(t testing.TB, text string) *match.Matcher {
	t.Helper()
	m, err := match.New(compiled(t, text), host)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// replayed reads a log under the rules that wrote it and replays it under base and now; wrote "" is base.
func replayed(t testing.TB, log []byte, wrote, base, now string) *Result {
	t.Helper()
	o := Options{Base: matcher(t, base), New: matcher(t, now), Wrote: wrote == ""}
	if wrote == "" {
		wrote = base
	}
	reading := &analyze.Reading{Matcher: matcher(t, wrote), Jobs: 1, Once: true}
	if err := reading.Read(t.Context(), textLog{record.NewReader(bytes.NewReader(log))}); err != nil {
		t.Fatal(err)
	}
	again := func(r *Replay) {
		reading.Ledger = r
		if err := reading.ReadAgain(t.Context(), textLog{record.NewReader(bytes.NewReader(log))}); err != nil {
			t.Fatal(err)
		}
	}
	first := New(o)
	again(first)
	second := first.Repeat()
	again(second)
	if second.Late() {
		t.Error("a second replay is late")
	}
	return second.Result()
}

func line(typ string, serial int, body string) string {
	return fmt.Sprintf("type=%s msg=audit(100.000:%d): %s\n", typ, serial, body)
}

// open is an openat of a file by a program of a user, without a login.
func open(serial, uid int, exe, path, key string) string {
	return line("SYSCALL", serial, fmt.Sprintf(`arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=7ffd a2=0 a3=0 items=1 ppid=10 pid=11 auid=4294967295 uid=%d gid=0 euid=%d suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=4294967295 comm="x" exe="%s" key="%s"`, uid, uid, exe, key)) +
		line("CWD", serial, `cwd="/"`) +
		line("PATH", serial, fmt.Sprintf(`item=0 name="%s" inode=%d dev=08:01 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL`, path, 100+len(path))) +
		line("PROCTITLE", serial, `proctitle="x"`)
}

const (
	opensB = "-a always,exit -F arch=b64 -S openat -k b\n"
	opensA = "-a always,exit -F arch=b64 -S openat -F uid=7 -k a\n"
)

func TestTheSameRulesLoseNothing(t *testing.T) {
	log := hostlog.Text(hostlog.Options{Seed: 3, Days: 1, PerDay: 1500})
	for _, wrote := range []string{"", hostlog.Rules} {
		r := replayed(t, log, wrote, hostlog.Rules, hostlog.Rules)
		if len(r.Losses) > 0 || r.Base.Sure != r.New.Sure || r.Base.Maybe != r.New.Maybe || r.Base.Sure.Events == 0 {
			t.Errorf("wrote %.10q: %+v, base %+v, new %+v", wrote, r.Losses, r.Base.Sure, r.New.Sure)
		}
	}
	if r := replayed(t, log, "", hostlog.Rules, hostlog.Rules); r.Base.Maybe.Records > 0 {
		t.Errorf("what base wrote is open: %+v", r.Base.Maybe)
	}
}

func TestLosses(t *testing.T) {
	log := []byte(open(1, 7, "/usr/bin/x", "/data/f", "a") + open(2, 8, "/usr/bin/y", "/etc/f", "b") + line("USER_LOGIN", 3, `pid=9 uid=0 auid=1000 ses=3 msg='op=login exe="/usr/sbin/sshd" res=success'`))
	const all = opensA + opensB
	for _, c := range []struct {
		name, now string
		want      []string // rule by exe type events records
	}{
		{"the same", all, nil},
		{"another order of keys only", strings.ReplaceAll(all, "-k a", "-k z"), nil},
		{"a wider rule", opensB, nil}, // it records what the narrower one did
		{"a rule is gone", opensA, []string{"1 -1 /usr/bin/y  1 4"}},
		{"never on top", "-a never,exit -S all\n" + all, []string{"0 0 /usr/bin/x  1 4", "1 0 /usr/bin/y  1 4"}},
		{"never below", all + "-a never,exit -S all\n", nil},
		{"never of one program", "-a never,exit -F arch=b64 -S openat -F exe=/usr/bin/x\n" + all, []string{"0 0 /usr/bin/x  1 4"}},
		{"the main record excluded", all + "-a never,exclude -F msgtype=SYSCALL\n", []string{"0 2 /usr/bin/x  1 4", "1 2 /usr/bin/y  1 4"}},
		{"excluded by the second of two", all + "-a never,exclude -F uid=9999\n-a never,exclude -F msgtype=SYSCALL\n", []string{"0 3 /usr/bin/x  1 4", "1 3 /usr/bin/y  1 4"}},
		{"excluded by whom it is of", all + "-a never,exclude -F uid=8\n-a never,exclude -F uid=7\n", []string{"0 3 /usr/bin/x  1 4", "1 2 /usr/bin/y  1 4"}},
		{"a part excluded", all + "-a never,exclude -F msgtype=CWD\n", []string{"0 2 /usr/bin/x CWD 1 1", "1 2 /usr/bin/y CWD 1 1"}},
		{"always of exclude excludes too", all + "-a always,exclude -F msgtype=CWD\n", []string{"0 2 /usr/bin/x CWD 1 1", "1 2 /usr/bin/y CWD 1 1"}},
		{"a message excluded", all + "-a never,exclude -F msgtype=USER_LOGIN\n", []string{"-1 2   1 1"}},
		{"messages of a user", all + "-a never,user -F auid=1000\n", []string{"-1 2   1 1"}},
	} {
		r := replayed(t, log, "", all, c.now)
		var got []string
		for _, l := range r.Losses {
			exe := l.Exe
			if l.Rule == NoRule {
				exe = ""
			}
			if !l.Sure {
				exe += "?"
			}
			got = append(got, fmt.Sprintf("%d %d %s %s %d %d", l.Rule, l.By, exe, l.Type, l.Events, l.Records))
		}
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// What only the new rules leave open is a loss that is not sure.
func TestWhatTheNewRulesLeaveOpen(t *testing.T) {
	rules := "-a always,exit -F arch=b64 -S fchmod -k a\n"
	log := line("SYSCALL", 1, `arch=c000003e syscall=91 success=yes exit=0 a0=3 a1=1a4 a2=0 a3=0 items=1 ppid=1 pid=2 auid=4294967295 uid=7 gid=0 euid=7 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=4294967295 comm="x" exe="/usr/bin/x" key="a"`) +
		line("PATH", 1, `item=0 name=(null) inode=77 dev=08:01 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL`) + line("PROCTITLE", 1, `proctitle="x"`)
	r := replayed(t, []byte(log), "", rules, "-a never,exit -F arch=b64 -S fchmod -F dir=/data\n"+rules)
	if len(r.Losses) != 1 || r.Losses[0].Sure || r.Losses[0].By != 0 || r.New.Sure.Records != 0 || r.New.Maybe.Records != 3 {
		t.Errorf("got %+v, %+v", r.Losses, r.New)
	}
}

// A log of wider rules tells of both sets.
func TestALogOfWiderRules(t *testing.T) {
	log := []byte(open(1, 7, "/usr/bin/x", "/data/f", "b") + open(2, 8, "/usr/bin/y", "/etc/f", "b"))
	r := replayed(t, log, opensB, opensA, opensB)
	if len(r.Losses) != 0 || r.Base.Sure.Events != 1 || r.New.Sure.Events != 2 || r.New.Rules[0].Sure.Events != 2 {
		t.Errorf("got %+v", r)
	}
}

func TestTheTableIsBounded(t *testing.T) {
	var log strings.Builder
	for i := range maxLosses + 50 {
		log.WriteString(open(i+1, 7, fmt.Sprintf("/usr/bin/x%d", i), "/data/f", "a"))
	}
	r := replayed(t, []byte(log.String()), "", opensA, "-a never,exit -S all\n"+opensA)
	if len(r.Losses) != maxLosses || r.Cut != 50 {
		t.Errorf("%d losses, %d without a row", len(r.Losses), r.Cut)
	}
}

func TestOutside(t *testing.T) {
	wrote := compiled(t, opensB+"-w /etc/passwd -p wa -k id\n-a never,exit -F arch=b64 -S close\n")
	now := compiled(t, opensA+"-w /etc/shadow -p wa\n-w /etc/passwd -p wa -k other\n-a always,exit -F arch=b64 -S read\n")
	more, gone := Outside(now, wrote)
	if !slices.Equal(more, []int{1, 3}) || !slices.Equal(gone, []int{2}) {
		t.Errorf("got %v, %v", more, gone)
	}
}

func TestDroppedAndHiders(t *testing.T) {
	base := "-w /etc/shadow -p wa\n-w /etc/passwd -p wa\n" + opensB + "-a never,exit -F arch=b64 -S close -F uid=3\n"
	for _, c := range []struct {
		name, now string
		dropped   []Dropped
		hiders    []int
	}{
		{"the same", base, nil, nil},
		{"a watch is gone", strings.Replace(base, "-w /etc/shadow -p wa\n", "", 1), []Dropped{{0, false}}, nil}, // openat is recorded, of all files
		{"another watch", "-w /etc/passwd -p wa\n-w /etc/other -p wa\n", []Dropped{{0, true}, {2, true}}, nil},
		{"narrower", strings.Replace(base, "-S openat", "-S openat -F uid=7", 1), []Dropped{{2, false}}, nil},
		{"another architecture", strings.Replace(base, opensB, "-a always,exit -F arch=b32 -S all\n", 1), []Dropped{{2, true}}, nil},
		{"a never rule more", base + "-a never,exit -F arch=b64 -S openat\n", nil, []int{4}},
		{"a never rule of what nobody records", base + "-a never,exit -F arch=b32 -S read\n", nil, []int{4}}, // a watch is of every call of both
		{"a never rule on another file", "-w /etc/shadow -p wa\n-w /etc/passwd -p wa\n-a never,exit -F arch=b64 -S read -F dir=/var\n" + opensB + "-a never,exit -F arch=b64 -S close -F uid=3\n", nil, nil},
		{"a never rule moved up", "-a never,exit -F arch=b64 -S close -F uid=3\n-w /etc/shadow -p wa\n-w /etc/passwd -p wa\n" + opensB, nil, []int{0}},
		{"an exclusion", base + "-a always,exclude -F msgtype=CWD\n", nil, []int{4}},
	} {
		if got := DroppedRules(compiled(t, base), compiled(t, c.now)); !slices.Equal(got, c.dropped) {
			t.Errorf("%s: dropped %v, want %v", c.name, got, c.dropped)
		}
		if got := Hiders(compiled(t, base), compiled(t, c.now)); !slices.Equal(got, c.hiders) {
			t.Errorf("%s: hiders %v, want %v", c.name, got, c.hiders)
		}
	}
}

func TestPassed(t *testing.T) {
	got := Passed(compiled(t, opensB+"-a always,exit -S all -F uid=1\n-w /etc/passwd -p wa\n-a always,exit -F dir=/etc -F perm=wa\n-a never,task -F uid=1\n-a never,exclude -F msgtype=CWD\n"), names.ArchX86_64)
	if got["openat"] != 3 || got["read"] != 2 || got["rename"] != 2 {
		t.Errorf("got %v", got)
	}
}

func TestKeep(t *testing.T) {
	o := Options{Base: matcher(t, opensB), New: matcher(t, "-a never,exit -F arch=b64 -S openat -F exe=/usr/bin/x -F dir=/data\n"+opensB)}
	for _, c := range []struct {
		log        string
		lost, sure bool
	}{
		{open(1, 7, "/usr/bin/x", "/data/f", "b"), true, true},
		{open(1, 7, "/usr/bin/y", "/data/f", "b"), false, false},
		{strings.Split(open(1, 7, "/usr/bin/x", "/data/f", "b"), "type=CWD")[0], true, false}, // the line alone does not say which file
		{strings.Replace(open(1, 7, "/usr/bin/x", "/data/f", "b"), "syscall=257", "syscall=87", 1), false, false},
	} {
		var events []*event.Event
		for ev := range event.NewAssembler(event.Options{}).Events(record.NewReader(strings.NewReader(c.log)), nil) {
			events = append(events, ev.Clone())
		}
		if k := Keep(o, events); len(k) != 1 || k[0].Lost != c.lost || k[0].Sure != c.sure {
			t.Errorf("%s: got %+v", c.log, k)
		}
	}
}

// What the exit list alone no longer records is not taken by an exclusion that is about something else: whoever accepted that has not accepted this.
func TestAGoneRuleIsNotTakenByAnExclusion(t *testing.T) {
	log := []byte(open(1, 7, "/usr/bin/x", "/data/f", "a") + open(2, 8, "/usr/bin/y", "/etc/f", "b"))
	r := replayed(t, log, "", opensA+opensB, opensA+"-a never,exclude -F uid=9999\n")
	if len(r.Losses) != 1 || r.Losses[0].Rule != 1 || r.Losses[0].By != NoRule || !r.Losses[0].Sure {
		t.Errorf("got %+v", r.Losses)
	}
}

// A wider rule below a never rule does not record what a narrower one above it did.
func TestAWiderRuleReplacesOnlyAboveTheNeverRules(t *testing.T) {
	const never = "-a never,exit -F arch=b64 -S openat -F uid=7\n"
	base := compiled(t, opensA+never+opensB)
	for now, want := range map[string][]Dropped{never + opensB: {{0, false}}, opensB + never: nil, opensA + opensB: nil} {
		if got := DroppedRules(base, compiled(t, now)); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", now, got, want)
		}
	}
}

// Where the log does not say which of several rules records an event, each of them may.
func TestAnEventOfOneOfSeveralRules(t *testing.T) {
	log := line("SYSCALL", 1, `arch=c000003e syscall=91 success=yes exit=0 a0=3 a1=1a4 a2=0 a3=0 items=1 ppid=1 pid=2 auid=4294967295 uid=7 gid=0 euid=7 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=4294967295 comm="x" exe="/usr/bin/x" key="a"`) +
		line("PATH", 1, `item=0 name=(null) inode=77 dev=08:01 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL`) + line("PROCTITLE", 1, `proctitle="x"`)
	const wide = "-a always,exit -F arch=b64 -S fchmod -k a\n"
	r := replayed(t, []byte(log), "", wide, "-a always,exit -F arch=b64 -S fchmod -F dir=/data -k d\n"+wide)
	for i, s := range r.New.Rules {
		if s.Sure.Records != 0 || s.Maybe.Records != 3 || s.Maybe.Events != 1 {
			t.Errorf("rule %d: got %+v", i, s)
		}
	}
	if r.New.Sure.Records != 3 || len(r.Losses) > 0 {
		t.Errorf("got %+v", r)
	}
}

func TestSame(t *testing.T) {
	const text = opensA + opensB + "-w /etc/x -p wa\n"
	a := compiled(t, text)
	open := slices.Clone(a)
	open[2].Forms = []rule.Wire{a[0].Forms[0], a[2].Forms[0]} // a watch of which nobody knows what it is on
	for _, c := range []struct {
		name string
		b    []match.Rule
		want bool
	}{
		{"itself", a, true},
		{"other keys", compiled(t, strings.ReplaceAll(text, "-k a", "-k z")), true},
		{"a form left open", open, true},
		{"another order", compiled(t, opensB+opensA+"-w /etc/x -p wa\n"), false},
		{"one more", compiled(t, text+"-w /etc/y -p wa\n"), false},
		{"another", compiled(t, opensA+opensB+"-w /etc/y -p wa\n"), false},
	} {
		if got := Same(a, c.b); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// Where a log line does not say whether the base rules record an event, a new rule that may take it is a loss that is not sure; the same rules lose nothing.
func TestKeepOfWhatIsOpenUnderBoth(t *testing.T) {
	const base = "-a always,exit -F arch=b64 -S openat -F dir=/data -k b\n"
	only, _, _ := strings.Cut(open(1, 7, "/usr/bin/x", "/data/f", "b"), "type=CWD") // which file it was the line alone does not say
	for now, lost := range map[string]bool{base: false, "-a never,exit -F arch=b64 -S openat -F dir=/data/x\n" + base: true} {
		var events []*event.Event
		for ev := range event.NewAssembler(event.Options{}).Events(record.NewReader(strings.NewReader(only)), nil) {
			events = append(events, ev.Clone())
		}
		if k := Keep(Options{Base: matcher(t, base), New: matcher(t, now)}, events); len(k) != 1 || k[0].Lost != lost || k[0].Sure || k[0].Before != match.Unknown {
			t.Errorf("%s: got %+v", now, k)
		}
	}
}
