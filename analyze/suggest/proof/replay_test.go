package proof

import (
	"bytes"
	"context"
	"strconv"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/analyze/suggest"
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

func matcher(t testing.TB, rules []match.Rule) *match.Matcher {
	t.Helper()
	m, err := match.New(rules, host)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// optionsOf compiles an old rule set and a changed one. In the changed one "+N " before a line says that change N added it, "~N:M " that change
// N made it of rule M; all other rules are old ones, in order.
func optionsOf(t testing.TB, old, changed string, changes ...suggest.Change) Options {
	t.Helper()
	o := Options{Changes: changes, Host: host}
	olds := compiled(t, old)
	var text strings.Builder
	at := 0
	for line := range strings.Lines(changed) {
		owner, was := NoOne, NoOne
		mark, rest, _ := strings.Cut(line, " ")
		switch {
		case strings.HasPrefix(mark, "+"):
			owner, _ = strconv.Atoi(mark[1:])
			line = rest
		case strings.HasPrefix(mark, "~"):
			by, of, _ := strings.Cut(mark[1:], ":")
			owner, _ = strconv.Atoi(by)
			was, _ = strconv.Atoi(of)
			line, at = rest, was+1
		case strings.HasPrefix(line, "-a"), strings.HasPrefix(line, "-w"):
			for at < len(olds) && olds[at].Text != strings.TrimSpace(line) {
				at++
			}
			if at == len(olds) {
				t.Fatalf("%q is no rule of the old set behind those before it", line)
			}
			was = at
			at++
		default:
			text.WriteString(line)
			continue
		}
		text.WriteString(line)
		o.Owner, o.Was = append(o.Owner, owner), append(o.Was, was)
	}
	o.Old, o.New = matcher(t, olds), matcher(t, compiled(t, text.String()))
	return o
}

// replayed is what a replay of a log finds, in a reading that knows the whole log.
func replayed(t testing.TB, o Options, log []byte) *Result {
	t.Helper()
	read := func(l analyze.Ledger, again *analyze.Reading) *analyze.Reading {
		r, src := again, textLog{record.NewReader(bytes.NewReader(log))}
		var err error
		if r == nil {
			r = &analyze.Reading{Matcher: o.Old, Jobs: 1, Once: true}
			err = r.Read(context.Background(), src)
		} else {
			r.Ledger = l
			err = r.ReadAgain(context.Background(), src)
		}
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	reading := read(nil, nil)
	r, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	read(r, reading)
	if r.Late() {
		r = r.Repeat()
		read(r, reading)
	}
	return r.Result()
}

// recount is what is gone from a log under a changed rule set, by asking Foretell alone.
func recount(t testing.TB, o Options, log []byte) (gone suggest.Volume) {
	t.Helper()
	asm, lines := event.NewAssembler(event.Options{}), record.NewReader(bytes.NewReader(log))
	var events []*event.Event
	for ev := range asm.Events(lines, nil) {
		events = append(events, ev.Clone())
	}
	facts := match.NewFacts(o.New)
	call := &event.Call{}
	for _, ev := range events {
		if call.Read(ev) {
			facts.Learn(call)
		}
	}
	judge := o.New.Judge(facts.Again())
	for _, ev := range events {
		if !call.Read(ev) {
			call.Event = ev
		}
		left := 0
		for i, fate := range judge.Foretell(call).Records {
			if fate != match.None {
				left++
				continue
			}
			gone.Records++
			gone.Bytes += uint64(ev.Records[i].Length)
		}
		if left == 0 {
			gone.Events++
		}
	}
	return gone
}

const (
	neverPostgres = "-a never,exit -F arch=b64 -S open,openat -F auid=4294967295 -F uid=26 -F success=1 -F exe=" + hostlog.PostgresExe + " -F dir=" + hostlog.PostgresData
	opens         = "-a always,exit -F arch=b64 -S open,openat -k file_accesses"
)

// ruleIndex is the index of a line in a rule set.
func ruleIndex(t testing.TB, text, line string) int {
	t.Helper()
	for i, r := range compiled(t, text) {
		if r.Text == line {
			return i
		}
	}
	t.Fatalf("%q is no rule", line)
	return -1
}

func inserted(text, before, line string) string {
	return strings.Replace(text, before, line+"\n"+before, 1)
}

func TestTheReplayIsTheRecount(t *testing.T) {
	quiets := []int{ruleIndex(t, hostlog.Rules, opens)}
	exit := suggest.Change{Quiets: quiets}
	proctitle := suggest.Change{Kind: suggest.Exclude, MsgType: "PROCTITLE"}
	both := inserted(inserted(hostlog.Rules, opens, "+0 "+neverPostgres), "-w /etc/passwd", "+1 -a never,exclude -F msgtype=PROCTITLE")
	for seed := uint64(1); seed <= 3; seed++ {
		log := hostlog.Text(hostlog.Options{Seed: seed, Days: 1, PerDay: 3000, Hosts: int(seed), Named: seed > 1})
		for name, o := range map[string]Options{
			"exit":           optionsOf(t, hostlog.Rules, inserted(hostlog.Rules, opens, "+0 "+neverPostgres), exit),
			"exclude":        optionsOf(t, hostlog.Rules, inserted(hostlog.Rules, "-w /etc/passwd", "+0 -a never,exclude -F msgtype=PROCTITLE"), proctitle),
			"both":           optionsOf(t, hostlog.Rules, both, exit, proctitle),
			"narrower":       optionsOf(t, hostlog.Rules, strings.Replace(hostlog.Rules, opens, "~0:"+strconv.Itoa(quiets[0])+" "+strings.Replace(opens, " -k", " -F auid>=1000 -F auid!=-1 -k", 1), 1), suggest.Change{Kind: suggest.Narrow, Quiets: quiets}),
			"user messages":  optionsOf(t, hostlog.Rules, inserted(hostlog.Rules, "-w /etc/passwd", "+0 -a never,user -F msgtype=USER_ACCT"), suggest.Change{Kind: suggest.User, MsgType: "USER_ACCT"}),
			"nothing at all": optionsOf(t, hostlog.Rules, hostlog.Rules),
		} {
			got, want := replayed(t, o, log), recount(t, o, log)
			saved := got.Saved.Learnt
			if saved != want {
				t.Errorf("seed %d, %s: saves %+v, a recount finds %+v", seed, name, saved, want)
			}
			if (want.Bytes == 0) != (name == "nothing at all") {
				t.Errorf("seed %d, %s: the recount finds %+v: nothing was tested", seed, name, want)
			}
			var sum suggest.Volume
			for _, c := range got.Changes {
				sum.Add(c.Saved.Learnt)
				if len(c.Collateral) > 0 {
					t.Errorf("seed %d, %s: collateral %+v", seed, name, c.Collateral)
				}
			}
			if sum != saved {
				t.Errorf("seed %d, %s: the changes save %+v, together %+v", seed, name, sum, saved)
			}
			if got.Unnamed.Events > 0 || got.Unknown.Events > 0 {
				t.Errorf("seed %d, %s: unnamed %+v, unknown %+v", seed, name, got.Unnamed, got.Unknown)
			}
		}
	}
}
