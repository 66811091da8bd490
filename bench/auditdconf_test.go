package bench

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/bench/result"
)

// confRunner is a run of one set under two configurations of auditd.
func confRunner(t *testing.T) (*Runner, *fakeMachine) {
	t.Helper()
	r, m, _ := fakeRunner(t, 2)
	s := &session{Options: Options{AuditdConfs: []AuditdConf{{Name: "sync"}, {Name: "none"}}}}
	arms := append(slices.Clone(r.Plan.Arms[:2]), s.underConfs(r.Plan.Arms[2])...)
	r.Plan.Arms = withTwin(arms)
	r.auditd = "sync"
	r.Auditds = func(name string) (Daemon, error) {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.note("auditd %s rules=%d", name, len(m.rules))
		return m, nil
	}
	return r, m
}

// auditd changes where the arm does and nowhere else, with no rule loaded, never within a slot; each slot runs under its arm's.
func TestAuditdChangesBetweenSlotsOnly(t *testing.T) {
	r, m := confRunner(t)
	now, switched := "sync", 0
	m.onRun = func(m *fakeMachine, _ string) error {
		for _, line := range m.log {
			if name, ok := strings.CutPrefix(line, "auditd "); ok {
				now = strings.TrimSuffix(name, " rules=0")
			}
		}
		return nil
	}
	if _, err := r.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	was, open := "sync", false
	for _, line := range m.log {
		switch name, ok := strings.CutPrefix(line, "auditd "); {
		case strings.HasPrefix(line, "start"):
			open = true
		case strings.HasPrefix(line, "run"):
			open = false
		case ok && (open || !strings.HasSuffix(name, "rules=0")):
			t.Errorf("%q within a slot, or under rules", line)
		case ok && name == was:
			t.Errorf("auditd was %s and is started again", was)
		case ok:
			was, switched = name, switched+1
		}
	}
	if switched < 4 {
		t.Errorf("auditd changed %d times in 2 rounds, pilots and attribution", switched)
	}
	if now == "" {
		t.Error("no slot ran")
	}
	var names []string
	for _, a := range r.Plan.Arms {
		names = append(names, a.Info.Name+"/"+a.Info.AuditdConf+"/"+a.Info.TwinOf)
	}
	if want := []string{"no audit//", "no rules//", "a+sync/sync/", "a+none/none/", "a+sync again/sync/a+sync"}; !slices.Equal(names, want) {
		t.Errorf("arms %q, want %q", names, want)
	}
}

func TestAnAuditdThatDoesNotComeBackEndsTheRun(t *testing.T) {
	r, m := confRunner(t)
	r.Auditds = func(string) (Daemon, error) { return nil, errBroken }
	run, err := r.Run(context.Background())
	if !errors.Is(err, ErrDaemon) || !errors.Is(err, errBroken) || !strings.Contains(err.Error(), "a+none") {
		t.Errorf("%v", err)
	}
	if run == nil || len(m.rules) != 0 {
		t.Errorf("rules of the arm before are still loaded: %d", len(m.rules))
	}
}

func TestWithoutConfsAnArmStaysAsItIs(t *testing.T) {
	s := &session{Options: Options{AuditdLimits: AuditdLimits{CPUs: 0.5, MemoryBytes: 64 << 20}}}
	arms := s.underConfs(Arm{Info: result.Arm{Name: "a"}})
	if len(arms) != 1 || arms[0].Info.Name != "a" || arms[0].Auditd != "" || arms[0].Info.AuditdCPUs != 0.5 || arms[0].Info.AuditdBytes != 64<<20 {
		t.Errorf("%+v", arms)
	}
}
