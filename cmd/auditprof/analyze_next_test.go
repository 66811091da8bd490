package main

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze"
)

// commandsOf are the commands that a report of p ends with.
func commandsOf(p *analyze.Profile, f analyzeFlags, args ...string) string {
	var list []string
	for _, s := range nextSteps(&analyzed{profile: p}, f, args) {
		list = append(list, s.Command)
	}
	return strings.Join(list, "\n")
}

func TestNextStepsHelpOnFromWhatWasFound(t *testing.T) {
	rules := []analyze.RuleCount{{}}
	undecided := analyze.Books{{Origin: analyze.Undecided, Count: analyze.Count{Events: 1}}}
	set := analyzeFlags{readingFlags: readingFlags{rules: []string{"a b.rules", "c.rules"}}}
	for _, c := range []struct {
		name    string
		profile analyze.Profile
		flags   analyzeFlags
		want    string
		not     string
	}{
		{"no rule set", analyze.Profile{}, analyzeFlags{}, "auditprof analyze --rules rules.d 'my log'", "bench"},
		{"a flame graph", analyze.Profile{Rules: rules}, set, "--format pprof --output p.pb.gz 'my log' && go tool pprof", "snapshot"},
		{"the same once more", analyze.Profile{Rules: rules}, analyzeFlags{readingFlags: readingFlags{rules: []string{"r"}, target: "kernel=5.14", targetFlag: "target", snapshot: "s.json", strict: true, hostAsNode: true}},
			"auditprof analyze --rules r --target kernel=5.14 --host-snapshot s.json --strict-load --host-as-node --format pprof", "by-key"},
		{"other rules", analyze.Profile{Rules: rules, Origins: undecided, Conflicts: analyze.Conflicts{Keys: []analyze.Tallied{{Name: "k"}}}}, set, "auditctl -l > loaded.rules", "snapshot"},
		{"a key of nobody", analyze.Profile{Rules: rules, Conflicts: analyze.Conflicts{Keys: []analyze.Tallied{{}}}}, set, "auditprof bench --rules 'a b.rules,c.rules'", "auditctl"},
		{"unknown", analyze.Profile{Rules: rules, Origins: undecided}, set, "auditprof snapshot --rules 'a b.rules' --rules c.rules --output host.json", "auditctl"},
		{"unknown in spite of a snapshot", analyze.Profile{Rules: rules, Origins: undecided}, analyzeFlags{readingFlags: readingFlags{rules: []string{"c.rules"}, snapshot: "s"}}, "auditprof bench", "auditprof snapshot"},
		{"rules that came once", analyze.Profile{Rules: rules}, analyzeFlags{readingFlags: readingFlags{rules: []string{"-"}}}, "", "auditprof"},
		{"profiles", analyze.Profile{Rules: rules, Origins: undecided}, analyzeFlags{merge: true}, "", "auditprof"},
	} {
		got := commandsOf(&c.profile, c.flags, "my log")
		if !strings.Contains(got, c.want) || strings.Contains(got, c.not) {
			t.Errorf("%s:\n%s", c.name, got)
		}
	}
}

func TestQuotedIsOneWordForAShell(t *testing.T) {
	for word, want := range map[string]string{"/var/log/audit": "/var/log/audit", "": "''", "a b": "'a b'", "it's": `'it'\''s'`, "$(id)": "'$(id)'", "-": "-", "~/x": "'~/x'"} {
		if got := quoted(word); got != want {
			t.Errorf("%q: %s, want %s", word, got, want)
		}
	}
}

func TestFewNotesHideNoOther(t *testing.T) {
	a := &analyzed{remarks: []string{"the host changed"}}
	for range 500 {
		a.refused = append(a.refused, strings.Repeat("x", 400))
	}
	got := a.notes(false)
	if len(got) != maxRefused+2 || got[maxRefused] != "and 497 more lines that are not loaded, with --all" || got[maxRefused+1] != "the host changed" || len(got[0]) > maxRemark {
		t.Errorf("%q", got)
	}
	if all := a.notes(true); len(all) != 501 || len(all[0]) < 400 {
		t.Errorf("%d notes of 501", len(all))
	}
}

// An interrupt leaves no file, and does not speak of a machine: nothing of it was touched.
func TestInterruptedAnalysisWritesNothing(t *testing.T) {
	t.Chdir(t.TempDir())
	put(t, "audit.log", []byte(strings.Repeat(goodEvent, 2000)))
	put(t, "a.rules", []byte(oneRule))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out, errs strings.Builder
	f := analyzeFlags{readingFlags: readingFlags{rules: []string{"a.rules"}, jobs: 2}, decisions: "d.tsv", profile: "p.json", format: "text", top: 5}
	err := Command{Out: &out, Err: &errs}.runAnalyze(ctx, f, []string{"audit.log"})
	var stopped stoppedError
	if !errors.As(err, &stopped) || exitCode(err) != exitInterrupted || out.Len() > 0 {
		t.Errorf("%v, exit %d, %q", err, exitCode(err), out.String())
	}
	if left := dirNames(t, "."); left != "a.rules audit.log" {
		t.Errorf("left behind: %s", left)
	}
}

// A pprof profile is no text: a terminal does not get one, a pipe does.
func TestPprofIsNotForTerminals(t *testing.T) {
	t.Chdir(t.TempDir())
	put(t, "audit.log", []byte(goodEvent))
	put(t, "a.rules", []byte(oneRule))
	terminal, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no terminal to be had: %v", err)
	}
	defer terminal.Close()
	var errs strings.Builder
	args := []string{"analyze", "--rules", "a.rules", "--format", "pprof", "audit.log"}
	if code := (Command{Out: terminal, Err: &errs}).Main(args); code != exitUsage || !strings.Contains(errs.String(), "--output p.pb.gz") {
		t.Errorf("exit %d: %s", code, errs.String())
	}
	if got := typed(t, args...); got.code != exitOK || !strings.HasPrefix(got.out, "\x1f\x8b") {
		t.Errorf("exit %d: %s, %q", got.code, got.err, got.out)
	}
}
