package analyze

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/record"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// textLog is a log in memory.
type textLog struct{ *record.Reader }

func newTextLog(text string) textLog { return textLog{record.NewReader(strings.NewReader(text))} }

// lastWord keeps the latest decision of each event, by its serial.
type lastWord struct {
	said    map[uint64]Decision
	written int
	doubts  int
	again   int
	fail    error
}

func newLastWord() *lastWord { return &lastWord{said: map[uint64]Decision{}} }

func (l *lastWord) Write(r *Row) error {
	l.said[r.Serial] = r.Decision
	l.written++
	return l.fail
}
func (l *lastWord) Doubt()       { l.doubts = l.written }
func (l *lastWord) Again() error { l.again++; return nil }

func matcherOf(t *testing.T, text string) *match.Matcher {
	t.Helper()
	set, err := rule.ParseFile("test.rules", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	env := rule.Env{Machine: names.ArchX86_64, Dialect: rule.Dialect3_0}
	var rules []match.Rule
	for _, r := range set.Rules() {
		w, _, err := rule.Compile(r, env)
		if err != nil {
			t.Fatal(err)
		}
		rules = append(rules, match.Rule{Pos: r.Pos, Text: r.Text, Forms: []rule.Wire{w}})
	}
	m, err := match.New(rules, match.Host{Machine: names.ArchX86_64})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func call(serial, nr int, args, cwd, paths string) string {
	stamp := fmt.Sprintf("msg=audit(1700000000.100:%d):", serial)
	log := fmt.Sprintf("type=SYSCALL %s arch=c000003e syscall=%d success=yes exit=0 %s items=1 ppid=1 pid=9 auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0"+
		" egid=0 sgid=0 fsgid=0 tty=(none) ses=1 comm=\"x\" exe=\"/usr/bin/x\" key=(null)\n", stamp, nr, args)
	log += fmt.Sprintf("type=CWD %s cwd=%q\n", stamp, cwd)
	log += fmt.Sprintf("type=PATH %s item=0 %s dev=fe:00 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL\n", stamp, paths)
	return log + fmt.Sprintf("type=PROCTITLE %s proctitle=\"x\"\n", stamp)
}

// A call on a descriptor says only an inode. What file that is, is said later in the log: the decision waits for the second reading.
func TestWhatALogShowsLateChangesWhatCameBefore(t *testing.T) {
	m := matcherOf(t, "-a always,exit -F arch=b64 -S fchmod -F path=/etc/shadow\n-a always,exit -F arch=b64 -S fchmod,openat\n")
	log := call(1, 91, "a0=3 a1=1ff a2=0 a3=0", "/", "name=(null) inode=77") +
		call(2, 91, "a0=3 a1=1ff a2=0 a3=0", "/", "name=(null) inode=78") +
		call(3, 257, "a0=ffffff9c a1=0 a2=0 a3=0", "/", `name="/etc/shadow" inode=77`) +
		call(4, 257, "a0=ffffff9c a1=0 a2=0 a3=0", "/", `name="/etc/motd" inode=78`)
	for _, jobs := range []int{1, 3} {
		last := newLastWord()
		r := Reading{Matcher: m, Tally: NewTally(make([]RuleID, 2)), Ledger: last, Jobs: jobs}
		if err := r.Read(context.Background(), newTextLog(log)); err != nil {
			t.Fatal(err)
		}
		if r.Stale() == 0 || last.doubts == 0 {
			t.Fatalf("%d jobs: no doubt about %v", jobs, last.said)
		}
		if err := r.ReadAgain(context.Background(), newTextLog(log)); err != nil {
			t.Fatal(err)
		}
		for serial, want := range map[uint64]int{1: 0, 2: 1, 3: 1, 4: 1} {
			if got := last.said[serial]; got != (Decision{Rules, want}) {
				t.Errorf("%d jobs: event %d is %v, want rule %d", jobs, serial, got, want)
			}
		}
		p := r.Tally.Profile()
		if p.Total.Events != 4 || p.Rules[0].Events != 1 || p.Rules[1].Events != 3 || last.again != 1 {
			t.Errorf("%d jobs: total %+v, rules %+v", jobs, p.Total, p.Rules)
		}
	}
}

func TestWithoutRulesEventsAreToldByTheirKeys(t *testing.T) {
	last := newLastWord()
	r := Reading{Tally: NewTally(nil), Ledger: last}
	log := call(1, 91, "a0=3 a1=1ff a2=0 a3=0", "/", "name=(null) inode=77") + line("USER_AUTH", 2, "pid=1 uid=0 msg='op=x'") + line("LOGIN", 3, "pid=1")
	if err := r.Read(context.Background(), newTextLog(log)); err != nil {
		t.Fatal(err)
	}
	want := map[uint64]Decision{1: {ByKey, NoRule}, 2: {UserMessages, NoRule}, 3: {KernelMade, NoRule}}
	for serial, d := range want {
		if last.said[serial] != d {
			t.Errorf("event %d is %v, want %v", serial, last.said[serial], d)
		}
	}
}

func TestAReadingEndsWithItsLedgerAndItsLog(t *testing.T) {
	log := call(1, 91, "a0=3 a1=1ff a2=0 a3=0", "/", "name=(null) inode=77")
	full := errors.New("disk full")
	for name, c := range map[string]struct {
		log    Log
		ledger *lastWord
		ctx    func() context.Context
		want   error
	}{
		"ledger":      {newTextLog(log), &lastWord{said: map[uint64]Decision{}, fail: full}, context.Background, full},
		"log":         {textLog{record.NewReader(io.MultiReader(strings.NewReader(log), broken{}))}, newLastWord(), context.Background, os.ErrInvalid},
		"interrupted": {newTextLog(log), newLastWord(), canceled, context.Canceled},
	} {
		r := Reading{Tally: NewTally(nil), Ledger: c.ledger, Jobs: 2}
		if err := r.Read(c.ctx(), c.log); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, os.ErrInvalid }

func canceled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

// However many goroutines decide, a log has one profile.
func TestTheProfileIsTheSameForAnyNumberOfJobs(t *testing.T) {
	log := string(recorded(t))
	set, err := rule.ParseDir("rules.d", os.DirFS(filepath.Join(corpus(t), "recorded", "rules.d")))
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, r := range set.Rules() {
		if !strings.Contains(r.Text, "uid=ntp") {
			text.WriteString(r.Text + "\n")
		}
	}
	m := matcherOf(t, text.String())
	var first []byte
	for _, jobs := range []int{1, 2, 4} {
		r := Reading{Matcher: m, Tally: NewTally(make([]RuleID, len(m.Rules()))), Jobs: jobs}
		if err := r.Read(context.Background(), newTextLog(log)); err != nil {
			t.Fatal(err)
		}
		if r.Stale() > 0 {
			if err := r.ReadAgain(context.Background(), newTextLog(log)); err != nil {
				t.Fatal(err)
			}
		}
		got, err := json.Marshal(r.Tally.Profile())
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = got
		}
		if !bytes.Equal(first, got) {
			t.Errorf("%d jobs give another profile than 1", jobs)
		}
	}
}
