package main

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/analyze/suggest/advice"
	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/record"
	"github.com/auditprof/auditprof/internal/audit/rule"
	"github.com/auditprof/auditprof/internal/hostlog"
)

// suggestedFor is what suggest-exclusions makes of a log of hosts: the changed rules, and the answer.
func suggestedFor(t testing.TB, log []byte) (string, *advice.Advice) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "host.rules")
	if err := os.WriteFile(file, []byte(hostlog.Rules), 0o600); err != nil {
		t.Fatal(err)
	}
	f := suggestFlags{readingFlags: readingFlags{rules: []string{file}, targetFlag: "host-target", jobs: 1, quiet: true}, share: 0.9, max: 10, risk: "low"}
	text, a, err := suggestText(t.Context(), f, bytes.NewReader(log))
	if err != nil {
		t.Fatal(err)
	}
	return text, a
}

// What is saved on days, and on hosts, that nothing was learnt from is what is saved on those that it was learnt from, within 5 points.
func TestUnseenDays(t *testing.T) {
	for seed := uint64(1); seed <= 6; seed++ {
		o := hostlog.Options{Seed: seed, Days: 6, PerDay: 1200, Hosts: []int{1, 1, 4}[seed%3]}
		o.Named = o.Hosts > 1
		text, a := suggestedFor(t, hostlog.Text(o))
		learnt, tested := shareOf(a.Saved.Learnt, a.Before.Learnt), shareOf(a.Saved.Tested, a.Before.Tested)
		t.Logf("seed %d, %d hosts: %d proposals save %.1f %% where learnt, %.1f %% elsewhere", seed, o.Hosts, len(a.Proposals), learnt, tested)
		if text == "" || learnt < 50 {
			t.Errorf("seed %d: %.1f %% saved: %s", seed, learnt, a.Nothing)
		}
		if math.Abs(learnt-tested) > 5 {
			t.Errorf("seed %d: saves %.1f %% of what was learnt from and %.1f %% of the rest", seed, learnt, tested)
		}
	}
}

func shareOf(part, all suggest.Volume) float64 {
	return 100 * float64(part.Bytes) / math.Max(float64(all.Bytes), 1)
}

// The saving that is printed is what the rules that are written would do, counted by nothing but the matcher's word on each event.
func TestSavingIsThatOfTheWrittenRules(t *testing.T) {
	for seed := uint64(11); seed <= 14; seed++ {
		log := hostlog.Text(hostlog.Options{Seed: seed, Days: 2, PerDay: 2000})
		text, a := suggestedFor(t, log)
		if text == "" {
			t.Fatalf("seed %d: nothing is proposed: %s", seed, a.Nothing)
		}
		if got, want := a.Saved.All(), goneUnder(t, text, log); got != want {
			t.Errorf("seed %d: %+v is printed as saved, the written rules save %+v", seed, got, want)
		}
		var sum suggest.Volume
		for _, p := range a.Proposals {
			sum.Add(p.Saved.All())
		}
		if sum != a.Saved.All() {
			t.Errorf("seed %d: the proposals save %+v, together %+v", seed, sum, a.Saved.All())
		}
		for _, line := range strings.Split(strings.TrimSpace(hostlog.Rules), "\n") {
			if !strings.Contains(text, line+"\n") {
				t.Errorf("seed %d: %q is not in the written rules any more", seed, line)
			}
		}
	}
}

// goneUnder is what rules would not write of a log that holds all.
func goneUnder(t testing.TB, text string, log []byte) (gone suggest.Volume) {
	t.Helper()
	judge := judgeOf(t, text)
	call := &event.Call{}
	for ev := range event.NewAssembler(event.Options{}).Events(record.NewReader(bytes.NewReader(log)), nil) {
		if !call.Read(ev) {
			call.Event = ev
		}
		left := 0
		for i, fate := range judge.Foretell(call).Records {
			if fate == match.None {
				gone.Records++
				gone.Bytes += uint64(ev.Records[i].Length)
			} else {
				left++
			}
		}
		if left == 0 {
			gone.Events++
		}
	}
	return gone
}

// judgeOf asks rule text as auditctl 3.0 loads it on Linux 6.1.
func judgeOf(t testing.TB, text string) *match.Judge {
	t.Helper()
	set, err := rule.ParseFile("written.rules", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var rules []match.Rule
	for _, r := range set.Rules() {
		w, _, err := rule.Compile(r, rule.Env{Machine: names.ArchX86_64, Dialect: rule.Dialect3_0})
		if err != nil {
			t.Fatal(err)
		}
		rules = append(rules, match.Rule{Pos: r.Pos, Text: r.Text, Forms: []rule.Wire{w}})
	}
	m, err := match.New(rules, match.Host{Machine: names.ArchX86_64, Kernel: match.Version{Major: 6, Minor: 1}})
	if err != nil {
		t.Fatal(fmt.Errorf("written rules: %w", err))
	}
	return m.Judge(nil)
}
