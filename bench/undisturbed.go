package bench

import (
	"errors"
	"fmt"
	"slices"

	"github.com/auditprof/auditprof/internal/audit/rule"
	"github.com/auditprof/auditprof/internal/kernel"
)

// ErrDisturbed: the kernel does not hold what an arm loaded, at the end of its slots or when it was to be loaded again. Somebody else changed
// it, or a rule's directory went and the kernel took the rule away (kernel/audit_tree.c: kill_rules). No slot of that arm can be believed.
var ErrDisturbed = errors.New("the rules changed while they were measured")

// disturbedAt says at what the rules were found changed.
func disturbedAt(what string, err error) error {
	if errors.Is(err, ErrDisturbed) {
		return fmt.Errorf("%s: %w", what, err)
	}
	return fmt.Errorf("%w: %s: %w", ErrDisturbed, what, err)
}

// undisturbed compares what the kernel holds with what was applied.
func undisturbed(applied kernel.State, got []rule.Wire, st kernel.Status) error {
	want := slices.Clone(applied.Rules)
	slices.SortStableFunc(want, func(a, b rule.Wire) int { return int(a.List) - int(b.List) })
	for i := range min(len(want), len(got)) {
		if !want[i].Equal(got[i]) {
			return fmt.Errorf("%w: rule %d is now %q, it was %q", ErrDisturbed, i+1, kernel.Command(got[i]), kernel.Command(want[i]))
		}
	}
	switch {
	case len(got) < len(want):
		return fmt.Errorf("%w: %q is gone, or one before it", ErrDisturbed, kernel.Command(want[len(got)]))
	case len(got) > len(want):
		return fmt.Errorf("%w: %q came", ErrDisturbed, kernel.Command(got[len(want)]))
	}
	for _, l := range []struct {
		name      string
		want, got uint32
	}{
		{"backlog_limit", applied.BacklogLimit, st.BacklogLimit}, {"rate_limit", applied.RateLimit, st.RateLimit},
		{"backlog_wait_time", applied.BacklogWaitTime, st.BacklogWaitTime}, {"failure", applied.Failure, st.Failure},
		{"enabled", kernel.EnabledOn, st.Enabled},
	} {
		if l.want != l.got {
			return fmt.Errorf("%w: %s is now %d, it was %d", ErrDisturbed, l.name, l.got, l.want)
		}
	}
	return nil
}

// appliedState is what the kernel holds after an Apply: the limits asked for, and those found on the host in place of the others.
func appliedState(found kernel.State, rules []rule.Wire, lim kernel.Limits) kernel.State {
	s := found
	s.Rules, s.Failure = rules, min(s.Failure, kernel.FailPrintk)
	for _, l := range []struct{ to, from *uint32 }{
		{&s.BacklogLimit, lim.BacklogLimit}, {&s.RateLimit, lim.RateLimit},
		{&s.BacklogWaitTime, lim.BacklogWaitTime}, {&s.Failure, lim.Failure},
	} {
		if l.from != nil {
			*l.to = *l.from
		}
	}
	return s
}
