package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/kernel"
	"github.com/auditprof/auditprof/scenarios"
)

// demoUnit is a service with a process in a cgroup of its own, which works where busy.
func demoUnit(t *testing.T, busy bool) *unit {
	t.Helper()
	g, err := testGroups(t).next()
	if err != nil {
		t.Fatal(err)
	}
	script := "read go; sleep 60"
	if busy {
		script = "read go; while :; do :; done"
	}
	cmd := exec.Command("sh", "-c", script)
	in, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err == nil {
		err = g.Add(cmd.Process.Pid)
	}
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(in)
	t.Cleanup(func() { g.End(); cmd.Wait(); g.Remove() })
	// A busy one has used CPU behind each nap, whoever else wants it: its clock moves with the kernel's ticks.
	nap := func(ctx context.Context, _ time.Duration) error {
		if !busy {
			time.Sleep(time.Millisecond)
			return ctx.Err()
		}
		before, err := g.CPUNs()
		for now := before; err == nil && ctx.Err() == nil; now, err = g.CPUNs() {
			time.Sleep(time.Millisecond)
			if now > before {
				return nil
			}
		}
		return errors.Join(err, ctx.Err())
	}
	return &unit{UnitOptions: UnitOptions{Name: "demo.service", Slot: 2 * time.Second}, group: g, beat: func() {}, sleep: nap}
}

// unitRunner is a run of the unit on a fake machine, which records an event of it where sees.
func unitRunner(t *testing.T, u *unit, sees bool) (*Runner, *fakeMachine) {
	t.Helper()
	r, m, _ := fakeRunner(t, 2)
	u.Workloads = m
	r.Workloads, r.Unit, r.Base.Unit = u, u, &result.Unit{Name: u.Name}
	r.Plan.UnitSlot, r.Plan.Scenarios = u.Slot, []scenarios.Info{UnitScenario(u.UnitOptions)}
	r.Plan.Arms = r.Plan.Arms[1:] // no arm without audit
	r.Sleep = func(ctx context.Context, _ time.Duration) error {
		time.Sleep(time.Millisecond)
		m.mu.Lock()
		defer m.mu.Unlock()
		if sees && len(m.rules) > 0 && m.rules[0].Key() == contextKey {
			m.event(`"` + contextKey + `"`)
		}
		return ctx.Err()
	}
	return r, m
}

func TestAUnitIsMeasuredBesideAuditingWithoutRules(t *testing.T) {
	u := demoUnit(t, true)
	n := 0.0
	u.metric = func(context.Context) (float64, error) { n++; return n, nil }
	r, m := unitRunner(t, u, true)
	run, err := r.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if !run.Unit.HasContext || len(m.rules) > 0 {
		t.Errorf("%+v, %d rules left", run.Unit, len(m.rules))
	}
	for _, res := range run.Results {
		if res.Slots != 2 || res.Metrics[result.CPURatio].N == 0 || res.Metrics[result.UnitMetric].N != 2 || res.Metrics[result.UnitMetricRatio].N == 0 {
			t.Errorf("%s: %+v", res.Arm, res)
		}
	}
	for _, c := range run.Comparisons {
		if c.Arm == "a" && c.Against != "no rules" {
			t.Errorf("%+v", c)
		}
	}
}

func TestAUnitWithoutContextIsRefused(t *testing.T) {
	for busy, want := range map[bool]error{true: ErrUnitContext, false: ErrUnitIdle} {
		u := demoUnit(t, busy)
		time.Sleep(20 * time.Millisecond) // what it did to begin
		r, m := unitRunner(t, u, false)
		if _, err := r.Run(context.Background()); !errors.Is(err, want) || !errors.Is(err, ErrUnit) {
			t.Errorf("busy %t: %v", busy, err)
		}
		if len(m.rules) > 0 || !contains(m.log, "apply 2") {
			t.Errorf("%d rules left after %q", len(m.rules), m.log)
		}
	}
}

func TestWhatIsNoUnit(t *testing.T) {
	u := demoUnit(t, false)
	if err := u.group.Add(os.Getpid()); err != nil {
		t.Fatal(err)
	}
	_, err := u.pids()
	if rerr := os.WriteFile(filepath.Join(filepath.Dir(filepath.Dir(u.group.Dir)), "cgroup.procs"), []byte(fmt.Sprint(os.Getpid())), 0); rerr != nil {
		t.Fatal(rerr)
	}
	if !errors.Is(err, ErrUnit) {
		t.Errorf("a cgroup with ourselves: %v", err)
	}
	if err := u.group.End(); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if _, err = u.pids(); err != nil {
			break
		}
	}
	if !errors.Is(err, ErrUnit) || !strings.Contains(err.Error(), "start it") {
		t.Errorf("an empty cgroup: %v", err)
	}
}

// A restart puts a service that the command forks itself out of audit's sight, and back; one that somebody else forks it does not.
func TestARestartedUnitHasTheMarkOrNot(t *testing.T) {
	u := demoUnit(t, false)
	dir := t.TempDir()
	script := "#!/bin/sh\n[ \"$1 $2 $3\" = 'restart -- demo.service' ] || exit 3\nfor p in $(cat " + u.group.Dir + "/cgroup.procs); do kill -9 $p; done\n" +
		"for i in $(seq 200); do rmdir " + u.group.Dir + " && break; sleep 0.01; done; mkdir " + u.group.Dir + " || exit 4\n" + // as systemd does
		"setsid sleep 60 >/dev/null 2>&1 &\necho $! > " + u.group.Dir + "/cgroup.procs\n"
	if err := os.WriteFile(filepath.Join(dir, "systemctl"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	for _, noContext := range []bool{true, false} {
		if err := restartUnit(context.Background(), u, noContext); err != nil {
			t.Fatal(err)
		}
		pids, err := u.pids()
		if err != nil || allMarked(pids, personalityOf) != noContext {
			t.Errorf("marked %t, want %t, of %v, %v", !noContext, noContext, pids, err)
		}
		if _, err := u.group.CPUNs(); err != nil {
			t.Errorf("the CPU of a restarted unit: %v", err)
		}
	}
	u.Name = "other.service"
	if err := restartUnit(context.Background(), u, false); !errors.Is(err, ErrUnit) {
		t.Errorf("a restart that fails: %v", err)
	}
}

// Where init forks the unit there is no arm without audit, and a warning.
func TestWithoutTheMarkThereIsNoArmWithoutAudit(t *testing.T) {
	u := demoUnit(t, true)
	restarts := 0
	u.restart = func(context.Context, bool) error { restarts++; return nil }
	r, _ := unitRunner(t, u, true)
	r.Plan.Arms = append([]Arm{{Info: result.Arm{Name: "no audit", Kind: result.ArmNoAudit}, Rules: noAuditRules()}}, r.Plan.Arms...)
	run, err := r.Run(context.Background())
	if err != nil || run.Arms[0].Kind != result.ArmNoRules || len(run.Warnings) == 0 || !strings.Contains(run.Warnings[0].Text, "init starts") {
		t.Errorf("%v: %+v, %+v", err, run.Arms, run.Warnings)
	}
	if restarts < 2*3 {
		t.Errorf("%d restarts: one in each arm of each round is due", restarts)
	}
	if allMarked([]int{1, 2}, func(pid int) (uint64, bool) { return kernel.MarkPersonality, pid == 1 }) {
		t.Error("a process that is gone counts as marked")
	}
}
