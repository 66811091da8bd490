package kernel

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLeaseRestoresVariedStates(t *testing.T) {
	for _, enabled := range []string{"0", "1"} {
		t.Run("enabled "+enabled, func(t *testing.T) {
			c := live(t)
			found := varied(t, c)
			auditctl(t, "-e "+enabled)
			found.Enabled = uint32(enabled[0] - '0')
			dir := runDir(t)
			l := acquire(t, Options{RunDir: dir})
			sameState(t, c, found)
			if diffs := differences(found, l.Found()); len(diffs) > 0 {
				t.Errorf("Found differs: %s", diffs)
			}
			backlog, rate, wait, failure := uint32(1024), uint32(0), uint32(99), FailPrintk
			want := harmless(9)
			if err := l.Apply(want, Limits{&backlog, &rate, &wait, &failure}); err != nil {
				t.Fatal(err)
			}
			sameState(t, c, State{Rules: want, Enabled: 1, Failure: failure, RateLimit: rate, BacklogLimit: backlog,
				BacklogWaitTime: wait, Features: found.Features})
			restored, err := l.Restore()
			if err != nil {
				t.Fatal(err)
			}
			if restored.Rules != len(found.Rules) || len(restored.Changed) == 0 {
				t.Errorf("restored %+v, want %d rules and changes", restored, len(found.Rules))
			}
			sameState(t, c, found)
			if again, err := l.Restore(); err != nil || len(again.Changed) != 0 {
				t.Errorf("second Restore: %+v, %v", again, err)
			}
			if entries, _ := filepath.Glob(filepath.Join(dir, "journal*")); len(entries) != 0 {
				t.Errorf("left behind: %v", entries)
			}
		})
	}
}

func TestOneLeaseAtATime(t *testing.T) {
	live(t)
	dir := runDir(t)
	acquire(t, Options{RunDir: dir})
	_, err := Acquire(context.Background(), Options{RunDir: dir})
	if !errors.Is(err, ErrHeld) || !strings.Contains(err.Error(), "audit slot held by pid") {
		t.Errorf("second lease: %v, want ErrHeld", err)
	}
	if _, err := RestoreStale(Options{RunDir: dir}); !errors.Is(err, ErrHeld) {
		t.Errorf("RestoreStale: %v, want ErrHeld", err)
	}
}

func TestRefusesRuleOfRenamedDirectory(t *testing.T) {
	c := live(t)
	watched := filepath.Join(t.TempDir(), "watched")
	if err := os.Mkdir(watched, 0o755); err != nil {
		t.Fatal(err)
	}
	auditctl(t, "-a always,exit -F arch=b64 -S unlinkat -F uid=61000 -k before")
	auditctl(t, "-w "+watched+" -p wa -k renamed")
	if err := os.Rename(watched, watched+"-now"); err != nil {
		t.Fatal(err)
	}
	found, err := snapshot(c)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Acquire(context.Background(), Options{RunDir: runDir(t)})
	if !errors.Is(err, ErrNotRestorable) || !strings.Contains(err.Error(), watched) {
		t.Errorf("got %v, want ErrNotRestorable naming %s", err, watched)
	}
	sameState(t, c, found)
}

func TestApplyRefusesPanic(t *testing.T) {
	live(t)
	l := acquire(t, Options{})
	failure := FailPanic
	if err := l.Apply(nil, Limits{Failure: &failure}); !errors.Is(err, ErrIrreversible) {
		t.Errorf("failure 2: %v, want ErrIrreversible", err)
	}
}

func TestRestoreSaysWhatItCannot(t *testing.T) {
	c := live(t)
	watched := filepath.Join(t.TempDir(), "a b'c")
	if err := os.Mkdir(watched, 0o755); err != nil {
		t.Fatal(err)
	}
	auditctlArgs(t, []string{"-w", watched, "-p", "wa", "-k", "lost"})
	auditctl(t, "-a always,exit -F arch=b64 -S unlinkat -F uid=61000 -k after")
	dir := runDir(t)
	l, err := Acquire(context.Background(), Options{RunDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Apply(harmless(2), Limits{}); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(watched); err != nil {
		t.Fatal(err)
	}
	_, err = l.Restore()
	var not *NotRestoredError
	if !errors.As(err, &not) || !errors.Is(err, ErrNotRestored) {
		t.Fatalf("got %v, want a NotRestoredError", err)
	}
	if rules, err := c.Rules(); err != nil || len(rules) != 1 || rules[0].Key() != "after" {
		t.Errorf("the rule that can be put back is not: %v, %v", rules, err)
	}
	if err := os.Mkdir(watched, 0o755); err != nil {
		t.Fatal(err)
	}
	runShell(t, strings.Join(not.Commands, "\n"))
	sameState(t, c, l.Found())
	if _, err := l.Restore(); err != nil {
		t.Errorf("Restore once the directory is back: %v", err)
	}
}

// TestFoundFailureIsKept: FailPanic itself is not for a test machine; TestRestoreOrder has it on the fake kernel.
func TestFoundFailureIsKept(t *testing.T) {
	c := live(t)
	auditctl(t, "-f 0")
	l := acquire(t, Options{})
	if err := l.Apply(nil, Limits{}); err != nil {
		t.Fatal(err)
	}
	if st, err := c.Status(); err != nil || st.Failure != FailSilent || st.Enabled != EnabledOn {
		t.Errorf("status %+v, %v: want the found failure and enabled 1", st, err)
	}
}
