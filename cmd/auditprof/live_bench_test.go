package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/livetest"
)

func TestLiveBenchFromRulesToResult(t *testing.T) {
	livetest.Take(t)
	bin, dir := build(t), filepath.Join(t.TempDir(), "run")
	before, _ := livetest.State(t)
	r := run(t, bounded(t, 3*time.Minute, bin, "bench", "--rules", writeFile(t, "a.rules", aSet),
		"--scenario", inSmall(t, "file-churn", 10_000)+","+inSmall(t, "connect-storm", 2_000)+","+inSmall(t, "null-syscall", 100_000), "--quick", "--rounds", "2", "--out", dir))
	if r.code != 0 {
		t.Fatalf("exit %d\n%s\n%s", r.code, r.out, r.err)
	}
	restored(t, before)
	noTrace(t)
	got, slots, err := result.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !got.Restored.OK || got.Ended != "complete" || len(slots) == 0 {
		t.Errorf("restored %t, ended %q, %d slots", got.Restored.OK, got.Ended, len(slots))
	}
	checkBooks(t, got)
	checkAttribution(t, got)
	for _, res := range got.Results {
		if res.Invalid > 0 || !res.Complete {
			t.Errorf("%s on %s: invalid %d, findings %q", res.Arm, res.Scenario, res.Invalid, res.Findings)
		}
		if res.Metrics[result.CPUPerOp].Value <= 0 {
			t.Errorf("%s on %s has no cpu per operation", res.Arm, res.Scenario)
		}
	}
	// What the books call lines, the file has.
	if b, err := os.ReadFile(filepath.Join(dir, "rules", "a.rules.rules")); err != nil || !strings.Contains(string(b), "-F key=delete") {
		t.Errorf("the rules as loaded: %v: %s", err, b)
	}
}

func checkBooks(t *testing.T, r *result.Run) {
	t.Helper()
	if len(r.Books) == 0 || len(r.Books) != len(r.Attribution) || len(r.Books)%len(r.Scenarios) != 0 {
		t.Errorf("%d books and %d attributions for %d scenarios", len(r.Books), len(r.Attribution), len(r.Scenarios))
	}
	for _, b := range r.Books {
		var sum uint64
		for _, o := range b.Origins {
			sum += o.Bytes
		}
		if b.UnexplainedBytes != 0 || b.UnexplainedEvents != 0 || sum != b.LogBytes {
			t.Errorf("%s: %d bytes in the log, %d with an origin, unexplained %d bytes: %q", b.Scenario, b.LogBytes, sum, b.UnexplainedBytes, b.Unexplained)
		}
	}
}

// checkAttribution: each scenario's bytes belong to the rule that they must belong to.
func checkAttribution(t *testing.T, r *result.Run) {
	t.Helper()
	for _, a := range r.Attribution {
		if g := a.Agreement; g.Disagree != 0 || g.NotCompared != "" || len(a.Rules) > 0 && g.Agree == 0 {
			t.Errorf("%s: the matcher and the kernel: %+v", a.Scenario, g)
		}
		want := map[string]int{"file-churn": 4, "connect-storm": 5, "null-syscall": 0}[strings.TrimPrefix(a.Scenario, "few-")]
		if want == 0 {
			if len(a.Rules) != 0 {
				t.Errorf("%s: %+v recorded something", a.Scenario, a.Rules)
			}
			continue
		}
		if len(a.Rules) == 0 || a.Rules[0].Line != want {
			t.Errorf("%s: rules %+v, want line %d first", a.Scenario, a.Rules, want)
			continue
		}
		if d := a.EventsPerOp - a.EventsPerOpTimed; d > 0.02*a.EventsPerOp || d < -0.02*a.EventsPerOp {
			t.Errorf("%s: %.4f events per operation, %.4f in the timed slots", a.Scenario, a.EventsPerOp, a.EventsPerOpTimed)
		}
	}
}

func TestLiveKeepGoingSaysFirstWhatIsLeftOut(t *testing.T) {
	livetest.Take(t)
	bin := build(t)
	rules := writeFile(t, "some.rules", aSet+"-a always,exit -F arch=b64 -S openat -F uid=nosuchuser\n-a always,exit -F nosuch=1\n")
	r := run(t, bounded(t, time.Minute, bin, "bench", "--rules", rules, "--scenario", calls(t), "--quick", "--rounds", "1", "--keep-going", "--out", filepath.Join(t.TempDir(), "run")))
	left, figures := strings.Index(r.out, "LEFT OUT"), strings.Index(r.out, "calls")
	if r.code != 0 || left < 0 || left > figures || !strings.Contains(r.out, "some.rules:6") || !strings.Contains(r.out, "some.rules:7") {
		t.Errorf("exit %d\n%s%s", r.code, r.err, r.out)
	}
}

// TestLiveBackgroundNoiseIsToldApart runs a process of the same user that does what the workload does, at the same time. Its events are in the
// log, under the same rule; they must be in the books as what they are and not in the rule's share.
func TestLiveBackgroundNoiseIsToldApart(t *testing.T) {
	livetest.Take(t)
	bin, dir, noisy := build(t), filepath.Join(t.TempDir(), "run"), t.TempDir()
	for d := noisy; d != "/"; d = filepath.Dir(d) {
		if st, err := os.Stat(d); err == nil && strings.HasPrefix(d, os.TempDir()+"/") {
			os.Chmod(d, st.Mode()|0o755)
		}
	}
	os.Chmod(noisy, 0o777)
	noise := exec.Command("/bin/sh", "-c", `n=0; while [ $n -lt 200000 ]; do : > "$0/f"; rm "$0/f"; n=$((n+1)); done`, noisy)
	noise.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}, Setpgid: true}
	// A process forked before auditing was first on has no audit context (kernel/audit.c: audit_ever_enabled): make sure that it is.
	livetest.Auditctl(t, "-e", "1")
	livetest.Auditctl(t, "-e", "0")
	if err := noise.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Kill(-noise.Process.Pid, syscall.SIGKILL); noise.Wait() })
	r := run(t, bounded(t, 2*time.Minute, bin, "bench", "--rules", writeFile(t, "a.rules", aSet), "--scenario", inSmall(t, "file-churn", 20_000), "--quick", "--rounds", "1", "--out", dir))
	if r.code != 0 {
		t.Fatalf("exit %d\n%s\n%s", r.code, r.out, r.err)
	}
	got, _, err := result.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	checkBooks(t, got)
	checkAttribution(t, got)
	noted := slices.IndexFunc(got.Books[0].Origins, func(o result.Origin) bool { return o.Name == "other processes" && o.Events >= 50 })
	if noted < 0 {
		t.Errorf("want 50 events of other processes at least, or the noise was not there: %+v", got.Books[0].Origins)
	}
	for _, row := range got.Attribution[0].Rows {
		if !strings.HasSuffix(row.Exe, "/few-file-churn") {
			t.Errorf("the rule's share holds %d events of %s", row.Events, row.Exe)
		}
	}
}

// TestLiveLoadedRulesAreAnArm: what a host has now is measured beside the candidate, and attributed.
func TestLiveLoadedRulesAreAnArm(t *testing.T) {
	livetest.Take(t)
	bin, host, dir := build(t), loadHost(t), filepath.Join(t.TempDir(), "run")
	livetest.Auditctl(t, "-a", "always,exit", "-F", "arch=b64", "-S", "renameat", "-k", "host-rename")
	host, _ = livetest.State(t)
	r := run(t, bounded(t, 2*time.Minute, bin, "bench", "--rules", writeFile(t, "a.rules", aSet), "--scenario", files(t), "--quick", "--rounds", "1", "--out", dir))
	if r.code != 0 {
		t.Fatalf("exit %d\n%s\n%s", r.code, r.out, r.err)
	}
	restored(t, host)
	got, _, err := result.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(got.Arms, func(a result.Arm) bool { return a.Kind == result.ArmLoaded })
	if i < 0 || len(got.Arms[i].Rules) != 21 {
		t.Fatalf("arms %+v", got.Arms)
	}
	j := slices.IndexFunc(got.Attribution, func(a result.Attribution) bool { return a.Arm == got.Arms[i].Name })
	if j < 0 || len(got.Attribution[j].Rules) != 1 || !strings.Contains(got.Attribution[j].Rules[0].Text, "host-rename") {
		t.Errorf("attribution %+v", got.Attribution)
	}
}

// TestLiveBothLoadersLoadTheSame: what auditprof compiles is what the installed auditctl loads.
func TestLiveBothLoadersLoadTheSame(t *testing.T) {
	livetest.Take(t)
	bin := build(t)
	set := aSet + strings.Join([]string{
		"-A never,exit -F arch=b64 -S adjtimex -F auid=unset -F uid=nobody",
		"-a always,exit -F arch=b32 -S open,openat -F exit=-EACCES -F auid>=1000 -F auid!=unset -k access -k eacces",
		"-a always,exit -F path=/etc/hosts -F perm=wa -F success=1 -C auid!=obj_uid",
		"-a always,exclude -F msgtype=CWD",
		"-a never,user -F uid=61000",
		"-w /etc -p w -k dir",
		"-d always,exit -F arch=b64 -S connect -F key=net",
		"-a always,exit -S all -F a0&=0x10 -F filetype=link -F uid=61000",
	}, "\n") + "\n"
	var got []string
	for _, loader := range []string{"compiled", "auditctl"} {
		dir := filepath.Join(t.TempDir(), "run")
		r := run(t, bounded(t, time.Minute, bin, "bench", "--rules", "set="+writeFile(t, "a.rules", set), "--loader", loader,
			"--scenario", calls(t), "--quick", "--rounds", "1", "--out", dir))
		if r.code != 0 {
			t.Fatalf("%s: exit %d: %s", loader, r.code, r.err)
		}
		b, err := os.ReadFile(filepath.Join(dir, "rules", "set.rules"))
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(b))
	}
	if got[0] != got[1] || strings.Count(got[0], "\n") != 2*9 {
		t.Errorf("compiled:\n%s\nauditctl:\n%s", got[0], got[1])
	}
}
