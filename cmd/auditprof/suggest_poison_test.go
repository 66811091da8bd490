package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze/ruleset"
	"github.com/auditprof/auditprof/analyze/suggest/advice"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/rule"
	"github.com/auditprof/auditprof/internal/hostlog"
)

// floodGenerations are the floods of one attacker: each is made of what the command said of the one before.
const floodGenerations = 10

// floodAttackers is how many attackers there are: AUDITPROF_FLOODS is for more floods than a test run has time for. The search with the policy
// alone sees a thousand (analyze/suggest/policy); here it is the whole command that reads the log and writes the rules.
func floodAttackers() int {
	if n, err := strconv.Atoi(os.Getenv("AUDITPROF_FLOODS")); err == nil && n > 0 {
		return (n + floodGenerations - 1) / floodGenerations
	}
	return 12
}

// floodedRules are the matchers of rule text as it is loaded by the host of the logs.
func floodedRules(t testing.TB, file string) *match.Matcher {
	t.Helper()
	set, err := ruleset.Load([]string{file}, nil, ruleset.ListingNo, ruleset.Options{Target: ruleset.Target{Auditctl: rule.Dialect3_0, Machine: names.ArchX86_64}})
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Refused) > 0 {
		t.Fatalf("%s: %v", file, set.Refused)
	}
	m, err := match.New(set.Rules, match.Host{Machine: names.ArchX86_64})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// saidConds are the conditions in the lines of what was proposed or refused, each as a function from a field to its value.
func saidConds(a *advice.Advice) (list []func(string) string) {
	add := func(lines []string) {
		for _, line := range lines {
			list = append(list, func(field string) string {
				_, rest, _ := strings.Cut(line, " -F "+field+"=")
				value, _, _ := strings.Cut(rest, " ")
				return value
			})
		}
	}
	for i := range a.Proposals {
		add(a.Proposals[i].Lines)
	}
	for i := range a.Refused {
		add(a.Refused[i].Lines)
	}
	return list
}

// Adaptive floods through the whole command: nothing of the attacker's is in what is written, no event of his is lost, and acts that must stay
// visible do.
func TestFloodsThroughTheCommand(t *testing.T) {
	dir := t.TempDir()
	old := filepath.Join(dir, "host.rules")
	if err := os.WriteFile(old, []byte(hostlog.Rules), 0o600); err != nil {
		t.Fatal(err)
	}
	before, acts := floodedRules(t, old), hostlog.Acts()
	written := 0
	t.Run("attackers", func(t *testing.T) {
		for seed := range uint64(floodAttackers()) {
			r := rand.New(rand.NewPCG(seed, 7))
			f := hostlog.NewFlood(r)
			for n := range uint64(floodGenerations) {
				log := hostlog.Text(hostlog.Options{Seed: seed*100 + n, Hosts: 2, Named: true, Days: 2, PerDay: 200, Guests: []hostlog.Guest{f.Guest()}})
				flags := suggestFlags{readingFlags: readingFlags{rules: []string{old}, jobs: 1, quiet: true}, share: 0.9, max: 10, risk: "low"}
				text, a, err := suggestText(context.Background(), flags, bytes.NewReader(log))
				if err != nil {
					t.Fatalf("%+v: %v", f, err)
				}
				if text != "" {
					written++
					checkFlooded(t, f, text, before, log, acts)
				}
				f = f.Mutate(r, saidConds(a))
			}
		}
	})
	if want := floodAttackers() * floodGenerations / 2; written < want {
		t.Errorf("rules were written after %d floods: after fewer than %d the others prove little", written, want)
	}
}

// checkFlooded looks for what an attacker has gained by the rules that were written after his flood.
func checkFlooded(t *testing.T, f hostlog.Flood, text string, before *match.Matcher, log, acts []byte) {
	t.Helper()
	lower := strings.ToLower(text)
	if strings.Contains(lower, hostlog.Marker) || strings.Contains(lower, hex.EncodeToString([]byte(hostlog.Marker))) {
		t.Errorf("%+v: what the attacker wrote is in the rules:\n%s", f, text)
	}
	file := filepath.Join(t.TempDir(), "after.rules")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	after := floodedRules(t, file)
	if lost := append(hostlog.Vanished(before, after, log, hostlog.OfMallory), hostlog.Vanished(before, after, acts, hostlog.IsAct)...); len(lost) > 0 {
		t.Errorf("%+v: lost %q under\n%s", f, lost, text)
	}
}
