package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/analyze/logs"
	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/analyze/suggest/proof"
	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/record"
	"github.com/auditprof/auditprof/internal/hostlog"
)

// studiedHost is a log of a host, read once, under the rules that it is of.
func studiedHost(t *testing.T, log []byte) *studied {
	t.Helper()
	file := filepath.Join(t.TempDir(), "host.rules")
	if err := os.WriteFile(file, []byte(hostlog.Rules), 0o600); err != nil {
		t.Fatal(err)
	}
	f := readingFlags{rules: []string{file}, targetFlag: "host-target", jobs: 1, quiet: true}
	rules, err := Command{}.openRules(f, false)
	if err != nil {
		t.Fatal(err)
	}
	in, err := logs.Open([]string{"-"}, bytes.NewReader(log), logs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close() })
	s, err := study(t.Context(), f, rules, in, &passes{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// proposalFor is an exclusion of what a program does below a directory, above the rule with a text.
func proposalFor(s *studied, id, exe, uid, dir string, learntBytes uint64) suggest.Proposal {
	quiets := slices.IndexFunc(s.settled.set.rules, func(r match.Rule) bool { return strings.Contains(r.Text, "b64 -S open,openat") })
	eq := func(field, value string) suggest.Cond { return suggest.Cond{Field: field, Op: "=", Value: value} }
	return suggest.Proposal{ID: id, Learnt: suggest.Volume{Bytes: learntBytes}, Change: suggest.Change{Quiets: []int{quiets},
		Calls: []suggest.Calls{{Arch: "b64", Names: []string{"open", "openat"}}}, Conds: []suggest.Cond{eq("uid", uid), eq("exe", exe), eq("dir", dir)}}}
}

func TestProveDropsWhatTheReplayDoesNotBearOut(t *testing.T) {
	log := hostlog.Text(hostlog.Options{Seed: 5, Days: 1, PerDay: 1000})
	s := studiedHost(t, log)
	good := proposalFor(s, "P1", hostlog.PostgresExe, "26", hostlog.PostgresData, 1000)
	boast := proposalFor(s, "P2", "/usr/sbin/nginx", "33", "/var/www/html", 1<<40)
	idle := proposalFor(s, "P3", "/usr/sbin/nginx", "33", "/nowhere", 0)
	lost := proposalFor(s, "P4", "/usr/bin/no-such", "1", "/srv/x", 100)
	lost.Change.Quiets = []int{4711}
	p, err := s.prove(t.Context(), []suggest.Proposal{good, boast, idle, lost}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	var why []string
	for _, d := range p.dropped {
		why = append(why, d.Why)
	}
	if len(p.proposals) != 1 || p.proposals[0].ID != "P1" || len(why) != 3 || !strings.Contains(why[0], "has no place") || !strings.Contains(why[1], "was to save 1099511627776 bytes") || !strings.Contains(why[2], "saves 0") {
		t.Errorf("left %d, dropped %q", len(p.proposals), why)
	}
	if got := p.restate(); got[0].ID != "P1" || got[0].Learnt.Events == 0 || got[0].Hosts != 1 {
		t.Errorf("%+v", got[0])
	}
}

func TestProveKeepsWhatMustBeKept(t *testing.T) {
	log := hostlog.Text(hostlog.Options{Seed: 5, Days: 1, PerDay: 1000})
	s := studiedHost(t, log)
	var keep []*event.Event
	for ev := range event.NewAssembler(event.Options{}).Events(record.NewReader(bytes.NewReader(log)), nil) {
		if bytes.Contains(ev.Records[0].Raw, []byte(hostlog.PostgresExe)) && bytes.Contains(ev.Records[0].Raw, []byte("file_accesses")) && bytes.Contains(ev.Records[0].Raw, []byte("success=yes")) {
			keep = append(keep, ev.Clone())
			break
		}
	}
	file := filepath.Join(t.TempDir(), "kept.log")
	var lines bytes.Buffer
	for i := range keep[0].Records {
		lines.Write(append(keep[0].Records[i].Raw, '\n'))
	}
	if err := os.WriteFile(file, lines.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	w, err := readWatched(suggestFlags{keep: []string{file}}, anyHost())
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.prove(t.Context(), []suggest.Proposal{proposalFor(s, "P1", hostlog.PostgresExe, "26", hostlog.PostgresData, 1000)}, nil, w.keep)
	if err != nil || len(p.proposals) != 0 || len(p.dropped) != 1 || !strings.Contains(p.dropped[0].Why, "takes an event of --keep: "+file+":1") {
		t.Errorf("%v: left %d, dropped %+v", err, len(p.proposals), p.dropped)
	}
}

// Whoever is suspected of what nobody names goes first: nothing else counts then.
func TestFaultsOfAProof(t *testing.T) {
	p := &proven{proposals: []suggest.Proposal{{ID: "P1"}, {ID: "P2", Learnt: suggest.Volume{Bytes: 10}}},
		replay: &proof.Result{Changes: make([]proof.Saving, 2), Unnamed: proof.Unnamed{Volume: suggest.Volume{Events: 3}, Suspects: []int{1}}}}
	if got := p.faults(); len(got) != 1 || got[0].id != "P2" || !strings.Contains(got[0].why, "3 events gone that no proposal names") {
		t.Errorf("%+v", got)
	}
	if exitCode(errUnproven) != exitInvalid || exitCode(errNotVerified) != exitInvalid {
		t.Error("a failed proof is no invalid run")
	}
}

func TestFits(t *testing.T) {
	count := func(events uint64) analyze.Count { return analyze.Count{Events: events} }
	for _, c := range []struct {
		name                          string
		rules, unexplained, conflicts uint64
		fits                          bool
	}{
		{"nothing", 0, 0, 0, true},
		{"all of them", 100, 0, 0, true},
		{"a few others", 100, 5, 20, true},
		{"a fifth", 80, 20, 0, true},
		{"more than a fifth", 79, 21, 0, false},
		{"keys of others", 100, 0, 21, false},
		{"none of them", 0, 1, 1, false},
	} {
		p := &analyze.Profile{Origins: analyze.Books{{Origin: analyze.Rules, Count: count(c.rules)}, {Origin: analyze.Unexplained, Count: count(c.unexplained)}},
			Conflicts: analyze.Conflicts{Events: c.conflicts, Keys: []analyze.Tallied{{Name: "their-key"}}}}
		err := fits(p, "audit.log", "a.rules", "--rules")
		var usage usageError
		if (err == nil) != c.fits || err != nil && (!errors.As(err, &usage) || !strings.Contains(err.Error(), `"their-key"`)) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
