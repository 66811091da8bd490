package main

import (
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/livetest"
	"golang.org/x/sys/unix"
)

// stepClock sets the machine's clock off by a while, and right again when the test ends: by the monotonic clock, which no step touches.
func stepClock(t *testing.T, by time.Duration) (back func()) {
	t.Helper()
	set := func(at time.Time) error {
		ts := unix.NsecToTimespec(at.UnixNano())
		return unix.ClockSettime(unix.CLOCK_REALTIME, &ts)
	}
	began := time.Now()
	if err := set(began.Round(0).Add(by)); err != nil {
		livetest.Missing(t, "a clock that may be set (CAP_SYS_TIME): "+err.Error())
	}
	done := false
	back = func() {
		if done {
			return
		}
		done = true
		if err := set(began.Round(0).Add(time.Since(began))); err != nil {
			t.Errorf("the clock is still off by %v: %v", by, err)
		}
	}
	t.Cleanup(back)
	return back
}

// TestLiveTheClockSteps sets the clock back by a minute in the middle of a slot, and right again in the middle of another: the kernel's
// stamps run backwards and jump, and nothing is lost or counted twice.
func TestLiveTheClockSteps(t *testing.T) {
	livetest.Take(t)
	bin, rules := build(t), writeFile(t, "a.rules", aSet)
	host, _ := livetest.State(t)
	dir := filepath.Join(t.TempDir(), "run")
	cmd := exec.Command(bin, "bench", "--rules", rules, "--scenario", inSmall(t, "file-churn", 10_000), "--quick", "--rounds", "50", "--out", dir)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	awaitSlots(t, cmd, dir, result.SlotAttribution, 1)
	back := stepClock(t, -time.Minute)
	awaitSlots(t, cmd, dir, result.SlotTimed, 4)
	back()
	awaitSlots(t, cmd, dir, result.SlotTimed, 8)
	cmd.Process.Signal(syscall.SIGINT)
	if code := ended(t, cmd, 30*time.Second); code != 130 {
		t.Errorf("exit %d", code)
	}
	restored(t, host)
	noTrace(t)
	r, slots, err := result.Read(dir)
	if err != nil || !r.Restored.OK {
		t.Fatalf("%v, run %+v", err, r)
	}
	backwards := false
	for i, s := range slots {
		backwards = backwards || i > 0 && s.Started.Before(slots[i-1].Started)
		// A slot that a busy machine had turned away is no matter of the clock.
		if !s.Valid && s.Why != "context canceled" && s.Rejected == "" {
			t.Errorf("%s slot of %s: %s", s.Kind, s.Arm, s.Why)
		}
		// A price slot leaves a record type out, and nothing else.
		if s.Valid && !s.Complete() {
			t.Errorf("%s slot of %s: %d lost, %d missing, %d partial", s.Kind, s.Arm, s.Lost, s.EventsMissing, s.PartialEvents)
		}
		if s.WallNs < 0 || s.WallNs > int64(20*time.Second) || s.DrainNs < 0 || s.CalibrationNs < 0 || s.CalibrationNs > int64(20*time.Second) {
			t.Errorf("%s slot of %s took %d ns, its drain %d, the loop before it %d", s.Kind, s.Arm, s.WallNs, s.DrainNs, s.CalibrationNs)
		}
	}
	if !backwards {
		t.Error("no slot began before the one ahead of it: the clock was not stepped")
	}
	checkBooks(t, r)
}
