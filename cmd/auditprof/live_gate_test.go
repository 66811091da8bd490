package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/auditprof/auditprof/internal/livetest"
)

// TestLiveGate: this project's own gate, over a quick run of two sets on this kernel. The second records less: it fails, and passes where the budget
// names what it no longer sees.
func TestLiveGate(t *testing.T) {
	livetest.Take(t)
	before, _ := livetest.State(t)
	quieted := strings.ReplaceAll(quieted, "db-churn", "few-file-churn")
	bin, dir := build(t), filepath.Join(t.TempDir(), "run")
	r := run(t, bounded(t, 2*time.Minute, bin, "bench", "--rules", "base="+writeFile(t, "base.rules", openSet), "--rules", "new="+writeFile(t, "new.rules", quieted),
		"--scenario", inSmall(t, "file-churn", 3_000), "--quick", "--rounds", "1", "--canaries", "--quiet", "--out", dir))
	if r.code != exitOK {
		t.Fatalf("bench exits with %d\n%s%s", r.code, r.out, r.err)
	}
	restored(t, before)
	limits := "version: 1\nscenarios:\n  few-file-churn: [log_bytes/op <= baseline - 50%, lost <= 0]\n"
	never, _, _ := strings.Cut(quieted, "\n")
	for name, c := range map[string]struct {
		budget string
		code   int
		want   string
	}{
		"less is recorded":            {limits, exitFindings, "✗ fail seen: events"},
		"and somebody answers for it": {limits + "unseen: [{what: '" + never + "', reason: data files, owner: dba, expires: 2999-12-31}]\n", exitOK, "✓ pass seen: canary"},
		"not as much less":            {strings.Replace(limits, "<= baseline - 50%", ">= baseline", 1), exitFindings, "✗ fail few-file-churn: log_bytes/op"},
	} {
		r := run(t, bounded(t, time.Minute, bin, "gate", "--budget", writeFile(t, "budget.yaml", c.budget), dir, "--arm", "new", "--base-arm", "base"))
		if r.code != c.code || !strings.Contains(r.out, c.want) {
			t.Errorf("%s: exits with %d, want %d and %q\n%s%s", name, r.code, c.code, c.want, r.out, r.err)
		}
	}
}
