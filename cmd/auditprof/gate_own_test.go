package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/auditprof/auditprof/bench/gate"
	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/livetest"
)

// stand stands for a program in scripts/gate.sh: the recorded logs are judged by auditprof itself, bench ends with one exit code, the gate of its run
// with another.
func stand(t *testing.T, bin, bench, live string) string {
	t.Helper()
	program := writeFile(t, "auditprof", `#!/bin/sh
case "$*" in
bench*) exit `+bench+` ;;
*--base-arm*) echo judged; exit `+live+` ;;
esac
exec '`+bin+`' "$@"
`)
	if err := os.Chmod(program, 0o755); err != nil {
		t.Fatal(err)
	}
	return program
}

// TestOwnGate: make gate passes with the good rules, and can fail: by louder rules, by a live run that is over its budget or is required and not there.
func TestOwnGate(t *testing.T) {
	bin := build(t)
	root := os.Getuid() == 0
	louder := "GATE_RULES=examples/gate/pull-request/rules.d"
	for name, c := range map[string]struct {
		bench, live string
		env         []string
		code        int
		want        string
		asRoot      bool
	}{
		"good rules":              {"0", "0", nil, exitOK, "PASS", false},
		"louder rules":            {"0", "0", []string{louder}, exitFindings, "✗ fail log 30-files.rules:2", false},
		"what does not load":      {"0", "0", []string{"GATE_RULES=" + writeFile(t, "bad.rules", "-a always,exit -S nosuch -k x\n")}, exitUsage, "no rule in it that loads", false},
		"a live run over it":      {"0", "1", nil, exitFindings, "judged", true},
		"nobody can tell":         {"0", "3", nil, exitUnsure, "judged", true},
		"an invalid run":          {"5", "0", nil, exitInvalid, "has to pass", true},
		"a machine without audit": {"4", "0", nil, exitOK, "skipped: ", true},
		"and it is required":      {"4", "0", []string{"AUDITPROF_REQUIRE_LIVE=1"}, exitEnvironment, "there is no live run", true},
	} {
		if c.asRoot && !root {
			t.Run(name, func(t *testing.T) { livetest.Missing(t, "root, whom the script measures for") })
			continue
		}
		cmd := exec.Command("sh", "scripts/gate.sh")
		cmd.Dir = "../.."
		cmd.Env = append(os.Environ(), "AUDITPROF_REQUIRE_LIVE=", "AUDITPROF="+stand(t, bin, c.bench, c.live), "GATE_LOCK="+filepath.Join(t.TempDir(), "lock"))
		cmd.Env = append(cmd.Env, c.env...)
		out, _ := cmd.CombinedOutput()
		if got := cmd.ProcessState.ExitCode(); got != c.code || !strings.Contains(string(out), c.want) {
			t.Errorf("%s: exits with %d, want %d and %q\n%s", name, got, c.code, c.want, out)
		}
	}
}

// TestOwnGateStopsAPassedPullRequest: a gate that lets the noisy pull request through is broken, and make gate says so.
func TestOwnGateStopsAPassedPullRequest(t *testing.T) {
	blind := writeFile(t, "auditprof", "#!/bin/sh\nexit 0\n")
	if err := os.Chmod(blind, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sh", "scripts/gate.sh")
	cmd.Dir = "../.."
	cmd.Env = append(os.Environ(), "AUDITPROF="+blind)
	if out, _ := cmd.CombinedOutput(); cmd.ProcessState.ExitCode() != exitFindings || !strings.Contains(string(out), "it has to be stopped") {
		t.Errorf("exits with %d\n%s", cmd.ProcessState.ExitCode(), out)
	}
}

// TestBudgetOfTheOwnGate: figures as a quick run has them pass, those of louder rules, of fewer records and of a loss fail.
func TestBudgetOfTheOwnGate(t *testing.T) {
	budget, err := readBudget("../../examples/gate/live/budget.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		events, lost float64
		want         gate.Status
	}{
		"as it is":    {0.5625, 0, gate.Pass},
		"louder":      {1.249, 0, gate.Fail},
		"little more": {0.57, 0, gate.Fail},
		"quieter":     {0.28, 0, gate.Fail},
		"lossy":       {0.5625, 1, gate.Fail},
	} {
		v, err := gate.Judge(gate.Input{Budget: budget, Figures: churned(c.events, c.lost), Base: churned(0.5625, 0), Only: []string{gate.SectionScenarios},
			Sight: &gate.Sight{Compared: map[string]uint64{gate.LostCanary: 9}}, Today: time.Now()})
		if err != nil {
			t.Fatal(err)
		}
		if v.Outcome != c.want {
			t.Errorf("%s: %s, want %s: %+v", name, v.Outcome, c.want, v.Checks)
		}
	}
}

// churned are figures of db-churn under rules that record so many events of five records for each operation.
func churned(events, lost float64) *gate.Figures {
	m := func(v float64, n int) result.Metric { return result.Metric{Value: v, Low: v, High: v, N: n} }
	const ops = 5000
	run := &result.Run{Scenarios: []result.Scenario{{Name: "db-churn", Ops: ops}}, Attribution: []result.Attribution{{Scenario: "db-churn", Arm: "new", Ops: ops,
		Rules: []result.RuleShare{{File: "20-users.rules", Line: 4, Text: "-a always,exit -S unlink -k delete", Events: uint64(events * ops)}}}},
		Results: []result.Result{{Scenario: "db-churn", Arm: "new", Complete: true, Metrics: map[string]result.Metric{
			result.Lost: m(lost, 1), result.EventsMissing: m(0, 1), result.PartialEvents: m(0, 1), result.Slowdown: m(1.7, 1),
			result.Events: m(events*ops, 1), result.EventsPerOp: m(events, 1), result.Records: m(5*events*ops, 1),
			result.LogBytes: m(1267*events*ops, 1), result.LogBytesPerOp: m(1267*events, 1)}}}}
	return gate.OfRun(run, "new")
}

// Exclusions are proposed where a limit is broken, and not where three rounds are too few to tell the time.
func TestExclusionsAreProposedForBrokenLimits(t *testing.T) {
	for _, c := range []struct {
		check gate.Check
		want  bool
	}{
		{gate.Check{Subject: "db-churn", Status: gate.Warn, Reason: "cannot tell: fewer than 6 rounds are no interval (here 1)"}, false},
		{gate.Check{Subject: "db-churn", Status: gate.Warn}, true},
		{gate.Check{Subject: "log", Status: gate.Fail}, true},
		{gate.Check{Subject: "seen", Status: gate.Fail}, false},
	} {
		if got := tooMuchWritten(&gate.Verdict{Checks: []gate.Check{c.check}}); got != c.want {
			t.Errorf("%+v: %v", c.check, got)
		}
	}
}
