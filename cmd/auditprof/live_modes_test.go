package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/cgroup"
	"github.com/auditprof/auditprof/internal/livetest"
)

// service starts a small busy process in a cgroup of its own, as a service would have: it writes a file in dir again and again. The cgroup is
// of the version that the machine counts CPU with.
func service(t *testing.T, dir string) (group string) {
	t.Helper()
	list, err := cgroup.Mounted()
	if err != nil {
		t.Fatal(err)
	}
	below, err := cgroup.CountsIn(list)
	if err != nil {
		livetest.Missing(t, err.Error())
	}
	group = filepath.Join(below, "auditprof-test-"+strconv.Itoa(os.Getpid())+"-unit")
	g, err := cgroup.Make(group)
	if err != nil {
		livetest.Missing(t, "a writable cgroup file system: "+err.Error())
	}
	t.Cleanup(func() {
		if err := g.Remove(); err != nil {
			t.Error(err)
		}
	})
	// A process forked before auditing was first on has no audit context (kernel/audit.c: audit_ever_enabled): make sure that it was.
	livetest.Auditctl(t, "-e", "1")
	livetest.Auditctl(t, "-e", "0")
	cmd := exec.Command("/bin/sh", "-c", `while :; do n=0; : > "$0/f"; while [ $n -lt 1000 ]; do n=$((n+1)); done; done`, dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	if err := g.Add(cmd.Process.Pid); err != nil {
		t.Fatal(err)
	}
	return group
}

// TestLiveUnit measures a service by its cgroup, under a load that is its own.
func TestLiveUnit(t *testing.T) {
	livetest.Take(t)
	bin, data, dir := build(t), t.TempDir(), filepath.Join(t.TempDir(), "run")
	group := service(t, data)
	before, _ := livetest.State(t)
	rules := writeFile(t, "a.rules", "-b 8192\n-w /etc/passwd -p wa -k identity\n-w "+data+" -p wa -k written\n")
	r := run(t, bounded(t, time.Minute, bin, "bench", "--unit", group, "--slot", "1s", "--metric", "echo rate 42.5", "--rules", rules,
		"--quick", "--rounds", "1", "--out", dir))
	if r.code != 0 {
		t.Fatalf("exit %d\n%s\n%s", r.code, r.out, r.err)
	}
	restored(t, before)
	noTrace(t)
	got, slots, err := result.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if u := got.Unit; u == nil || u.Cgroup != group || !u.HasContext || u.Processes != 1 {
		t.Errorf("unit %+v", u)
	}
	checkBooks(t, got)
	checkUnit(t, got, slots)
	r = run(t, bounded(t, time.Minute, bin, "bench", "--unit", group+"-not", "--slot", "1s", "--rules", rules, "--quick", "--out", dir+"-not"))
	if r.code != exitEnvironment || !strings.Contains(r.err, "the service has no cgroup") || strings.Count(r.err, "\n") != 1 {
		t.Errorf("a cgroup that is not there: exit %d: %s", r.code, r.err)
	}
	restored(t, before)
	noTrace(t)
}

// checkUnit: the figures are those of the service.
func checkUnit(t *testing.T, got *result.Run, slots []result.Slot) {
	t.Helper()
	if len(got.Attribution) != 1 {
		t.Fatalf("%d attributions", len(got.Attribution))
	}
	a := got.Attribution[0]
	if len(a.Rules) != 1 || a.Rules[0].Line != 3 || a.Rules[0].Events == 0 || a.EventsPerOp < 1 {
		t.Errorf("attribution %+v, want all events to line 3", a.Rules)
	}
	for _, res := range got.Results {
		if m := res.Metrics[result.UnitMetric]; m.Value != 42.5 || m.Unit != "value" {
			t.Errorf("arm %s: the metric is %+v", res.Arm, m)
		}
	}
	timed := 0
	for _, s := range slots {
		if s.Kind != result.SlotTimed {
			continue
		}
		timed++
		if s.WorkloadCPUNs <= 0 || s.OpsDone != 1 || s.UnitMetric == nil {
			t.Errorf("a slot of %s: %d ns of CPU, %d seconds, metric %v", s.Arm, s.WorkloadCPUNs, s.OpsDone, s.UnitMetric)
		}
		if own := s.Events - s.OtherEvents; s.Arm == "a.rules" && own < 1 || s.Arm == "no rules" && own != 0 {
			t.Errorf("a slot of %s: %d events of the service", s.Arm, own)
		}
	}
	if timed < 2 {
		t.Errorf("%d timed slots", timed)
	}
}

// TestLiveSweep searches the rate of a set that lets 1500 records a second through, which are 500 events, and drops the rest.
func TestLiveSweep(t *testing.T) {
	livetest.Take(t)
	bin, dir := build(t), filepath.Join(t.TempDir(), "run")
	before, _ := livetest.State(t)
	rules := writeFile(t, "a.rules", "-b 8192\n-r 1500\n-a always,exit -F arch=b64 -S getppid -F uid=nobody -k all\n")
	r := run(t, bounded(t, time.Minute, bin, "bench", "--sweep", "--rules", rules, "--scenario", writeFile(t, "calls.yaml", brief("getppid", 800)+"mix:\n  getppid: 1\n"),
		"--quick", "--out", dir))
	if r.code != 0 {
		t.Fatalf("exit %d\n%s\n%s", r.code, r.out, r.err)
	}
	restored(t, before)
	noTrace(t)
	got, slots, err := result.Read(dir)
	if err != nil || len(got.Sweeps) != 1 {
		t.Fatalf("%v, sweeps %+v", err, got.Sweeps)
	}
	s := got.Sweeps[0]
	if s.Arm != "a.rules" || s.OpsPerSecond < 50 || s.OpsPerSecond >= s.Broke || s.Broke > 800 || s.EventsPerSecond <= 0 || s.Why == "" {
		t.Errorf("sweep %+v", s)
	}
	if !slices.ContainsFunc(s.Steps, func(st result.SweepStep) bool { return !st.Held && st.Lost > 0 }) || len(s.Steps) < 3 {
		t.Errorf("no step lost anything: %+v", s.Steps)
	}
	if !slices.ContainsFunc(slots, func(s result.Slot) bool { return s.Kind == result.SlotSweep && s.Rate > 0 }) {
		t.Error("no slot at a rate of its own")
	}
	if !strings.Contains(r.out, "a.rules on calls: holds up to") {
		t.Errorf("the report does not say what is held:\n%s", r.out)
	}
}

// TestLiveAuditdConfs measures a set under two configurations; one that auditd refuses ends the run before anything is measured.
func TestLiveAuditdConfs(t *testing.T) {
	livetest.Take(t)
	bin, dir := build(t), filepath.Join(t.TempDir(), "run")
	before, _ := livetest.State(t)
	rules := writeFile(t, "a.rules", aSet)
	const disks = "space_left = 2\nadmin_space_left = 1\n" // auditd wants the first to be larger
	raw, enriched := writeFile(t, "raw.conf", disks+"log_format = RAW\nflush = NONE\n"), writeFile(t, "rich.conf", disks+"log_format = ENRICHED\nflush = INCREMENTAL\nfreq = 50\n")
	r := run(t, bounded(t, time.Minute, bin, "bench", "--rules", rules, "--auditd-conf", raw, "--auditd-conf", enriched,
		"--scenario", files(t), "--quick", "--rounds", "1", "--out", dir))
	if r.code != 0 {
		t.Fatalf("exit %d\n%s\n%s", r.code, r.out, r.err)
	}
	restored(t, before)
	noTrace(t)
	got, _, err := result.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if c := got.AuditdConfs; len(c) != 2 || c[0].Name != "raw" || c[0].LogFormat != "RAW" || c[1].Name != "rich" || c[1].LogFormat != "ENRICHED" {
		t.Errorf("configurations %+v", c)
	}
	bytes := map[string]float64{}
	for _, a := range got.Attribution {
		bytes[a.Arm] = a.EventsPerOp
		if len(a.Rules) == 0 {
			t.Errorf("arm %s: no rule recorded anything", a.Arm)
		}
	}
	if bytes["a.rules+raw"] == 0 || bytes["a.rules+rich"] == 0 || len(bytes) != 2 {
		t.Errorf("arms %v", bytes)
	}
	bad := writeFile(t, "bad.conf", disks+"flush = SOMETIMES\n")
	r = run(t, bounded(t, time.Minute, bin, "bench", "--rules", rules, "--auditd-conf", raw, "--auditd-conf", bad, "--scenario", files(t), "--quick", "--out", dir+"-bad"))
	if r.code != exitUsage || !strings.Contains(r.err, "the auditd.conf cannot be measured") || !strings.Contains(r.err, bad) {
		t.Errorf("exit %d: %s", r.code, r.err)
	}
	if _, err := os.Stat(dir + "-bad"); err == nil {
		t.Error("nothing was measured and there is a run directory")
	}
	restored(t, before)
	noTrace(t)
}
