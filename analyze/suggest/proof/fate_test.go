package proof

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/record"
)

// line is one record of an event that begins at second sec.
func line(typ string, sec, serial int, body string) string {
	return fmt.Sprintf("type=%s msg=audit(%d.000:%d): %s\n", typ, sec, serial, body)
}

// open is an openat of a file by a program of a user, without a login.
func open(sec, serial, uid int, exe, path, key string) string {
	return line("SYSCALL", sec, serial, fmt.Sprintf(`arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=7ffd a2=0 a3=0 items=1 ppid=10 pid=11 auid=4294967295 uid=%d gid=0 euid=%d suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=4294967295 comm="x" exe="%s" key="%s"`, uid, uid, exe, key)) +
		line("CWD", sec, serial, `cwd="/"`) +
		line("PATH", sec, serial, fmt.Sprintf(`item=0 name="%s" inode=%d dev=08:01 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL`, path, 100+len(path))) +
		line("PROCTITLE", sec, serial, `proctitle="x"`)
}

const (
	rulesAB = "-a always,exit -F arch=b64 -S openat -F uid=7 -k a\n-a always,exit -F arch=b64 -S openat -k b\n"
	never7  = "-a never,exit -F arch=b64 -S openat -F exe=/usr/bin/x -F dir=/data\n"
)

func TestCollateralIsOfTheOtherRules(t *testing.T) {
	log := open(100, 1, 7, "/usr/bin/x", "/data/f", "a") + open(100, 2, 8, "/usr/bin/x", "/data/sub/f", "b") + open(100, 3, 8, "/usr/bin/x", "/etc/f", "b")
	o := optionsOf(t, rulesAB, "+0 "+never7+rulesAB, suggest.Change{Quiets: []int{0}})
	r := replayed(t, o, []byte(log))
	c := r.Changes[0]
	if c.Saved.Learnt.Events != 2 || len(c.Collateral) != 1 || c.Collateral[0].Rule != 1 || c.Collateral[0].Events != 1 {
		t.Errorf("got %+v", c)
	}
	want := []suggest.Lost{{Exe: "/usr/bin/x", Path: "/data", UID: 7, Events: 1}, {Exe: "/usr/bin/x", Path: "/data/sub", UID: 8, Events: 1}}
	if !slices.Equal(c.Rarest, want) || c.Behaviours != 2 || c.Hosts != 1 {
		t.Errorf("got %+v", c)
	}
	if r.Unnamed.Events != 0 || r.Events != 3 {
		t.Errorf("got %+v", r)
	}
}

// A rule that is lost from the text, or a never rule that nobody named, is found.
func TestWhatNobodyNamesIsAFailure(t *testing.T) {
	log := open(100, 1, 7, "/usr/bin/x", "/data/f", "a") + open(100, 2, 8, "/usr/bin/x", "/etc/f", "b")
	for name, changed := range map[string]string{
		"a rule is gone":   "+0 " + never7 + strings.Split(rulesAB, "\n")[0] + "\n",
		"somebody's never": "-a never,exit -F arch=b64 -S openat -F uid=8\n",
	} {
		o := optionsOf(t, rulesAB, "+0 "+never7+rulesAB, suggest.Change{Quiets: []int{0}}, suggest.Change{Quiets: []int{1}})
		if name == "a rule is gone" {
			o = optionsOf(t, rulesAB, changed, o.Changes...)
		} else {
			rules := compiled(t, changed+never7+rulesAB)
			o.New, o.Owner, o.Was = matcher(t, rules), []int{NoOne, 0, NoOne, NoOne}, []int{NoOne, NoOne, 0, 1}
		}
		r := replayed(t, o, []byte(log))
		if r.Unnamed.Events != 1 || len(r.Unnamed.Examples) != 1 || !slices.Equal(r.Unnamed.Suspects, []int{1}) || r.Saved.Learnt.Events != 1 {
			t.Errorf("%s: got %+v", name, r)
		}
	}
}

// An event that the old rules do not explain is of other rules: that the new ones do not record it either is no change's doing.
func TestEventsOfOtherRulesAreNobodys(t *testing.T) {
	log := line("SYSCALL", 100, 1, `arch=c000003e syscall=87 success=yes exit=0 a0=0 a1=0 a2=0 a3=0 items=0 ppid=1 pid=2 auid=0 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=1 comm="x" exe="/usr/bin/x" key="other"`) +
		open(101, 2, 7, "/usr/bin/x", "/data/f", "a")
	r := replayed(t, optionsOf(t, rulesAB, "+0 "+never7+rulesAB, suggest.Change{Quiets: []int{0}}), []byte(log))
	if r.Unnamed.Events != 0 || r.Unknown.Events != 0 || r.Saved.Learnt.Events != 1 {
		t.Errorf("got %+v", r)
	}
}

// A call on an open file has no name: whether it is below the directory of a change the log does not say.
func TestWhatTheLogLeavesOpenIsNotSaved(t *testing.T) {
	rules := "-a always,exit -F arch=b64 -S fchmod -k a\n"
	call := `arch=c000003e syscall=91 success=yes exit=0 a0=3 a1=1a4 a2=0 a3=0 items=1 ppid=1 pid=2 auid=4294967295 uid=7 gid=0 euid=7 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=4294967295 comm="x" exe="/usr/bin/x" key="a"`
	log := line("SYSCALL", 100, 1, call) + line("PATH", 100, 1, `item=0 name=(null) inode=77 dev=08:01 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL`) + line("PROCTITLE", 100, 1, `proctitle="x"`)
	r := replayed(t, optionsOf(t, rules, "+0 -a never,exit -F arch=b64 -S fchmod -F exe=/usr/bin/x -F dir=/data\n"+rules, suggest.Change{Quiets: []int{0}}), []byte(log))
	if r.Saved.Learnt.Events != 0 || r.Unknown.Events != 1 || r.Changes[0].Unknown.Events != 1 || r.Unnamed.Events != 0 {
		t.Errorf("got %+v", r)
	}
}

// What is told late about a name is used for what came before: that /link is /data.
func TestAReplayThatWasLateIsRepeated(t *testing.T) {
	log := open(100, 1, 7, "/usr/bin/x", "/link/f", "a") + open(101, 2, 7, "/usr/bin/x", "/data/f", "a")
	o := optionsOf(t, rulesAB, "+0 "+never7+rulesAB, suggest.Change{Quiets: []int{0, 1}})
	r, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	reading := analyze.Reading{Matcher: o.Old, Jobs: 1, Once: true, Ledger: r}
	if err := reading.Read(t.Context(), textLog{record.NewReader(strings.NewReader(log))}); err != nil {
		t.Fatal(err)
	}
	if !r.Late() {
		t.Error("the second event says where the first was, and that was not late")
	}
	again := r.Repeat()
	if again.Late() || again.Result().Events != 0 {
		t.Error("a replay that begins anew has counted already")
	}
	if err := r.Again(); err == nil {
		t.Error("events may come twice")
	}
	if whole := replayed(t, o, []byte(log)); whole.Saved.Learnt.Events+whole.Unknown.Events != 2 {
		t.Errorf("got %+v", whole)
	}
}

// Where the rule that recorded it is no change's, or not known, any change may be at fault: there is no failure without a suspect.
func TestEveryUnnamedEventHasASuspect(t *testing.T) {
	rules := compiled(t, "-a never,exit -F arch=b64 -S openat -F uid=8\n"+never7+rulesAB)
	o := optionsOf(t, rulesAB, "+0 "+never7+rulesAB, suggest.Change{Quiets: []int{0}}, suggest.Change{Quiets: []int{0}})
	o.New, o.Owner, o.Was = matcher(t, rules), []int{NoOne, 0, NoOne, NoOne}, []int{NoOne, NoOne, 0, 1}
	r := replayed(t, o, []byte(open(100, 1, 8, "/usr/bin/x", "/etc/f", "b")))
	if r.Unnamed.Events != 1 || !slices.Equal(r.Unnamed.Suspects, []int{0, 1}) {
		t.Errorf("got %+v", r.Unnamed)
	}
}

func TestTheTestedPartIsApart(t *testing.T) {
	log := open(100, 1, 7, "/usr/bin/x", "/data/a/f", "a") + open(200, 2, 7, "/usr/bin/x", "/data/a/g", "a") + open(300, 3, 7, "/usr/bin/x", "/data/new/f", "a")
	o := optionsOf(t, rulesAB, "+0 "+never7+rulesAB, suggest.Change{Quiets: []int{0}})
	o.Tested = func(row *analyze.Row) bool { return row.Sec > 150 }
	c := replayed(t, o, []byte(log)).Changes[0]
	if c.Saved.Learnt.Events != 1 || c.Saved.Tested.Events != 2 || c.Behaviours != 2 || c.NewTested != 1 {
		t.Errorf("got %+v", c)
	}
}

// Names are chosen by whoever is audited: behaviours are bounded, and said to be at least so many.
func TestBehavioursAreBounded(t *testing.T) {
	budget := &behaviourBudget{}
	b := newBehaviours(budget)
	row := &analyze.Row{Exe: record.Value{Text: []byte("/usr/bin/x"), Quote: '"'}}
	rng := rand.New(rand.NewPCG(1, 2))
	long := strings.Repeat("d", 3000)
	for i := range 3 * behaviourBytes / 3000 {
		row.Path = fmt.Appendf(row.Path[:0], "/%d/%s/f", i, long)
		b.add(row, rng.IntN(2) == 0)
	}
	if !b.full || budget.used > behaviourBytes || len(b.seen) < behaviourBytes/4000 {
		t.Errorf("%d behaviours, %d bytes, full %v", len(b.seen), budget.used, b.full)
	}
	if n := len(b.rarest()); n != maxRarest {
		t.Errorf("%d rarest", n)
	}
}

func TestFolder(t *testing.T) {
	for path, want := range map[string]string{"/a/b/c": "/a/b", "/a": "/", "/": "", "": "", "a": "", "a/b": "a", "/a/b/": "/a", "/a//b": "/a", "//b": "/"} {
		if got := string(folder([]byte(path))); got != want {
			t.Errorf("folder of %q is %q, want %q", path, got, want)
		}
	}
}

func TestKeep(t *testing.T) {
	o := optionsOf(t, rulesAB, "+0 "+never7+rulesAB, suggest.Change{Quiets: []int{0}})
	for _, c := range []struct {
		log           string
		before, after match.Answer
		lost          bool
	}{
		{open(1, 1, 7, "/usr/bin/x", "/data/f", "a"), match.Yes, match.None, true},
		{open(1, 1, 7, "/usr/bin/x", "/etc/f", "a"), match.Yes, match.Yes, false},
		{open(1, 1, 7, "/usr/bin/y", "/data/f", "a"), match.Yes, match.Yes, false},
		{strings.Replace(open(1, 1, 7, "/usr/bin/x", "/data/f", "a"), "syscall=257", "syscall=87", 1), match.None, match.None, false},
		{strings.Split(open(1, 1, 7, "/usr/bin/x", "/data/f", "a"), "type=CWD")[0], match.Yes, match.Unknown, true}, // the line alone does not say which file
		{line("USER_LOGIN", 1, 1, `pid=9 uid=0 auid=1000 ses=3 msg='op=login res=success'`), match.Yes, match.Yes, false},
	} {
		var events []*event.Event
		for ev := range event.NewAssembler(event.Options{}).Events(record.NewReader(strings.NewReader(c.log)), nil) {
			events = append(events, ev.Clone())
		}
		got, err := Keep(o, events)
		if err != nil || len(got) != 1 {
			t.Fatal(got, err)
		}
		if k := got[0]; k.Before != c.before || k.After != c.after || k.Lost() != c.lost || k.Lost() != (k.By == 0) {
			t.Errorf("%s: got %v, then %v, by %d", c.log, k.Before, k.After, k.By)
		}
	}
}

func TestOptionsThatDoNotFit(t *testing.T) {
	for name, spoil := range map[string]func(*Options){
		"an owner too many": func(o *Options) { o.Owner = append(o.Owner, 0) },
		"no old form":       func(o *Options) { o.Was = o.Was[:1] },
		"a change too far":  func(o *Options) { o.Owner[0] = 1 },
		"a rule too far":    func(o *Options) { o.Was[1] = 2 },
	} {
		o := optionsOf(t, rulesAB, "+0 "+never7+rulesAB, suggest.Change{Quiets: []int{0}})
		spoil(&o)
		if _, err := New(o); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

// Two exclusions of one type are told apart by what each takes alone.
func TestTwoChangesOfOneType(t *testing.T) {
	log := open(100, 1, 7, "/usr/bin/x", "/data/f", "a") + open(100, 2, 8, "/usr/bin/x", "/data/f", "b") + open(100, 3, 9, "/usr/bin/x", "/data/f", "b")
	changed := "+0 -a never,exclude -F msgtype=PROCTITLE -F uid=7\n+1 -a never,exclude -F msgtype=PROCTITLE -F uid=8\n" + rulesAB
	r := replayed(t, optionsOf(t, rulesAB, changed, suggest.Change{Kind: suggest.Exclude, MsgType: "PROCTITLE"}, suggest.Change{Kind: suggest.Exclude, MsgType: "PROCTITLE"}), []byte(log))
	for i := range r.Changes {
		if v := r.Changes[i].Saved.Learnt; v.Records != 1 || v.Events != 0 || r.Changes[i].Behaviours != 0 || r.Changes[i].Hosts != 1 {
			t.Errorf("change %d: %+v", i, v)
		}
	}
	if r.Unnamed.Events != 0 || r.Saved.Learnt.Records != 2 {
		t.Errorf("got %+v", r)
	}
}

// Two changes that take records of the same events save each its own, and each on the host.
func TestTwoChangesOfOneEvent(t *testing.T) {
	log := open(100, 1, 7, "/usr/bin/x", "/data/f", "a")
	changed := "+0 -a never,exclude -F msgtype=PROCTITLE\n+1 -a never,exclude -F msgtype=CWD\n" + rulesAB
	r := replayed(t, optionsOf(t, rulesAB, changed, suggest.Change{Kind: suggest.Exclude, MsgType: "PROCTITLE"}, suggest.Change{Kind: suggest.Exclude, MsgType: "CWD"}), []byte(log))
	for i := range r.Changes {
		if v := r.Changes[i]; v.Saved.Learnt.Records != 1 || v.Hosts != 1 {
			t.Errorf("change %d: %+v", i, v)
		}
	}
	if r.Saved.Learnt.Records != 2 || r.Saved.Learnt.Events != 0 {
		t.Errorf("got %+v", r.Saved)
	}
}
