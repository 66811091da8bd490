package main

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/hostlog"
)

func TestSnapshotDoubts(t *testing.T) {
	const day = 24 * 60 * 60
	window := func(names ...string) *analyze.Window {
		w := &analyze.Window{FirstSec: 1_763_000_000, LastSec: 1_763_000_000 + 2*day} // 2025-11-13
		for _, n := range names {
			w.Hosts = append(w.Hosts, analyze.Host{Name: n})
		}
		return w
	}
	for _, c := range []struct {
		name, host, taken string
		w                 *analyze.Window
		want              []string // a part of each doubt
	}{
		{"of this host and time", "db1", "2025-11-15T00:00:00Z", window("db1"), nil},
		{"a log without names", "db1", "2025-11-15T00:00:00Z", window(""), nil},
		{"another host", "db2", "2025-11-15T00:00:00Z", window("db1"), []string{`is of "db2", and 1 of 1`}},
		{"one of three hosts", "db1", "2025-11-15T00:00:00Z", window("db1", "db2", "db3"), []string{"2 of 3"}},
		{"years before", "db1", "2019-01-01T00:00:00Z", window("db1"), []string{"taken on 2019-01-01, and the log is of 2025-11-13 to 2025-11-15"}},
		{"long after", "db1", "2026-03-01T00:00:00Z", window("db1"), []string{"taken on 2026-03-01"}},
		{"no time", "db1", "", window("db1"), []string{"does not say when"}},
	} {
		got := snapshotDoubts(&match.Snapshot{Host: c.host, Taken: c.taken}, c.w)
		if !slices.EqualFunc(got, c.want, strings.Contains) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// Whoever may call logger(1) writes lines of syslog, with any tag: what they say must not pass for the kernel's word without a remark.
func TestRecordsOfUnknownSenders(t *testing.T) {
	rules := filepath.Join(t.TempDir(), "host.rules")
	if err := os.WriteFile(rules, []byte(hostlog.Rules), 0o600); err != nil {
		t.Fatal(err)
	}
	plain := string(hostlog.Text(hostlog.Options{Seed: 1, Days: 1, PerDay: 400}))
	syslog := strings.ReplaceAll("\n"+plain, "\ntype=", "\nNov 13 02:13:40 host mallory[12]: type=")
	for _, c := range []struct {
		name, log string
		want      bool
	}{{"auditd's own log", plain, false}, {"lines of syslog", syslog, true}} {
		f := suggestFlags{readingFlags: readingFlags{rules: []string{rules}, jobs: 1, quiet: true}, share: 0.9, max: 10, risk: "low"}
		s, err := Command{In: strings.NewReader(c.log), Out: io.Discard, Err: io.Discard}.suggestFrom(t.Context(), f, []string{"-"})
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		got := slices.ContainsFunc(s.advice.Remarks, func(r string) bool { return strings.Contains(r, "every user of the host may write such lines") })
		if got != c.want {
			t.Errorf("%s: remarks %q", c.name, s.advice.Remarks)
		}
	}
}
