package main

import (
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/livetest"
)

// Without --rules the loaded rules are taken, and the report says so; without any of those the keys are all there is.
func TestLiveAnalyzeWithoutRules(t *testing.T) {
	livetest.Take(t)
	t.Chdir(t.TempDir())
	put(t, "audit.log", []byte(goodEvent))
	analyzed := func(wants ...string) {
		t.Helper()
		got := typed(t, "analyze", "--decisions", "d.tsv", "--output", "report", "audit.log")
		report := strings.Join(strings.Fields(slurp(t, "report")), " ")
		decisions := slurp(t, "d.tsv")
		for _, want := range wants {
			if got.code != exitOK || !strings.Contains(report+decisions, want) {
				t.Errorf("exit %d: %s\nno %q in\n%s\n%s", got.code, got.err, want, report, decisions)
			}
		}
	}
	analyzed("none are loaded in this kernel", "known by key", "\tunknown\t-")
	livetest.Auditctl(t, "-a", "always,exit", "-F", "arch=b64", "-S", "unlink", "-F", "key=other")
	livetest.Auditctl(t, "-a", "always,exit", "-F", "arch=b64", "-S", "openat", "-F", "path=/etc/passwd", "-F", "key=passwd")
	defer livetest.Auditctl(t, "-D")
	analyzed("loaded in this kernel now", "NOISY loaded:2 wrote 100 %", "1700000000.123:5\tloaded:2\tyes\t-\n")
}
