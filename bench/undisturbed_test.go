package bench

import (
	"context"
	"errors"
	"slices"
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
		err := undisturbed(kernel.State{Rules: c.want, BacklogLimit: 64}, c.got, c.st)
		switch {
		case c.says == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.says != "" && (!errors.Is(err, ErrDisturbed) || !strings.Contains(err.Error(), c.says)):
			t.Errorf("%s: %v, want %q", c.name, err, c.says)
		}
	}
}

// Somebody else's change is on top of what was found, whatever of ours was loaded when it came.
func TestForeignChangesAreKept(t *testing.T) {
	host, ours, theirs := anyWire("host"), anyWire("ours"), anyWire("theirs")
	found := kernel.State{Rules: []rule.Wire{host}, BacklogLimit: 64}
	applied := kernel.State{Rules: []rule.Wire{ours}, BacklogLimit: 8192}
	on := kernel.Status{Enabled: 1, BacklogLimit: 8192}
	for _, c := range []struct {
		name string
		got  []rule.Wire
		st   kernel.Status
		any  bool
		want []rule.Wire
		room uint32
	}{
		{"nothing", []rule.Wire{ours}, on, false, []rule.Wire{host}, 64},
		{"a rule came", []rule.Wire{ours, theirs}, on, true, []rule.Wire{host, theirs}, 64},
		{"the set was replaced", []rule.Wire{theirs}, on, true, []rule.Wire{theirs}, 64},
		{"ours were deleted", nil, on, false, []rule.Wire{host}, 64},
		{"the host's own came back", []rule.Wire{ours, host}, on, true, []rule.Wire{host}, 64},
		{"a limit was set", []rule.Wire{ours}, kernel.Status{Enabled: 1, BacklogLimit: 500}, true, []rule.Wire{host}, 500},
	} {
		f := foreignChange(applied.Rules, c.got, applied, c.st)
		s := f.merge(found)
		if f.any() != c.any || !slices.EqualFunc(s.Rules, c.want, rule.Wire.Equal) || s.BacklogLimit != c.room {
			t.Errorf("%s: any %t, rules %v, limit %d", c.name, f.any(), s.Rules, s.BacklogLimit)
		}
	}
	if len(found.Rules) != 1 {
		t.Error("what was found was changed")
	}
}
