package bench

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/rule"
	"github.com/auditprof/auditprof/internal/kernel"
)

// What changed while an arm's slots ran makes the run invalid, whoever changed it.
func TestADisturbedArmEndsTheRun(t *testing.T) {
	r, m, rec := fakeRunner(t, 3)
	m.onRun = func(m *fakeMachine, _ string) error {
		if len(timedSlots(rec)) == 5 {
			m.disturbed = ErrDisturbed
		}
		return nil
	}
	run, err := r.Run(context.Background())
	if !errors.Is(err, ErrDisturbed) || run.Ended == "complete" || run.RoundsDone != 0 {
		t.Errorf("error %v, ended %q after %d rounds", err, run.Ended, run.RoundsDone)
	}
}

func TestUndisturbed(t *testing.T) {
	a, b := anyWire("a"), anyWire("b")
	user := rule.Wire{List: rule.ListUser}
	limit := uint32(64)
	on := kernel.Status{Enabled: 1, BacklogLimit: 64}
	for _, c := range []struct {
		name      string
		want, got []rule.Wire
		st        kernel.Status
		says      string
	}{
		{"as applied", []rule.Wire{a, b}, []rule.Wire{a, b}, on, ""},
		{"listed by list", []rule.Wire{a, user, b}, []rule.Wire{user, a, b}, on, ""},
		{"one gone", []rule.Wire{a, b}, []rule.Wire{b}, on, "rule 1 is now"},
		{"the last gone", []rule.Wire{a, b}, []rule.Wire{a}, on, "is gone"},
		{"one more", []rule.Wire{a}, []rule.Wire{a, b}, on, "came"},
		{"another order", []rule.Wire{a, b}, []rule.Wire{b, a}, on, "rule 1 is now"},
		{"switched off", nil, nil, kernel.Status{BacklogLimit: 64}, "enabled is now 0"},
		{"another limit", nil, nil, kernel.Status{Enabled: 1, BacklogLimit: 100}, "backlog_limit is now 100, it was 64"},
	} {
		err := undisturbed(c.want, c.got, kernel.Limits{BacklogLimit: &limit}, c.st)
		switch {
		case c.says == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.says != "" && (!errors.Is(err, ErrDisturbed) || !strings.Contains(err.Error(), c.says)):
			t.Errorf("%s: %v, want %q", c.name, err, c.says)
		}
	}
}
