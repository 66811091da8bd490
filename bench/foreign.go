package bench

import (
	"fmt"
	"slices"

	"github.com/auditprof/auditprof/internal/audit/rule"
	"github.com/auditprof/auditprof/internal/kernel"
)

// foreign is what somebody else changed while rules of ours were loaded. It is theirs: a restore of what was found before would undo it.
type foreign struct {
	// added are the rules that came, in listing order. replaced tells that none of ours was left beside them: the set was exchanged, as
	// augenrules --load does.
	added    []rule.Wire
	replaced bool
	// limits are the settings that differ from what was applied.
	limits kernel.Limits
}

// foreignChange finds what somebody changed from what was applied. Rules that only went are not theirs to keep: they were ours.
func foreignChange(want, got []rule.Wire, applied kernel.State, st kernel.Status) foreign {
	var f foreign
	ours := 0
	for _, w := range got {
		if slices.ContainsFunc(want, w.Equal) {
			ours++
			continue
		}
		f.added = append(f.added, w)
	}
	f.replaced = ours == 0 && len(want) > 0 && len(f.added) > 0
	for _, l := range []struct {
		to        **uint32
		want, got uint32
	}{
		{&f.limits.BacklogLimit, applied.BacklogLimit, st.BacklogLimit}, {&f.limits.RateLimit, applied.RateLimit, st.RateLimit},
		{&f.limits.BacklogWaitTime, applied.BacklogWaitTime, st.BacklogWaitTime}, {&f.limits.Failure, applied.Failure, st.Failure},
	} {
		if l.want != l.got {
			v := l.got
			*l.to = &v
		}
	}
	return f
}

func (f foreign) any() bool {
	l := f.limits
	return len(f.added) > 0 || l.BacklogLimit != nil || l.RateLimit != nil || l.BacklogWaitTime != nil || l.Failure != nil
}

// merge is the state that the machine must end with: what was found, with their change on top.
func (f foreign) merge(found kernel.State) kernel.State {
	s := found
	s.Rules = slices.Clone(found.Rules)
	if f.replaced {
		s.Rules = nil
	}
	for _, w := range f.added {
		if !slices.ContainsFunc(s.Rules, w.Equal) {
			s.Rules = append(s.Rules, w)
		}
	}
	for _, l := range []struct{ to, from *uint32 }{
		{&s.BacklogLimit, f.limits.BacklogLimit}, {&s.RateLimit, f.limits.RateLimit},
		{&s.BacklogWaitTime, f.limits.BacklogWaitTime}, {&s.Failure, f.limits.Failure},
	} {
		if l.from != nil {
			*l.to = *l.from
		}
	}
	return s
}

// String says what is kept.
func (f foreign) String() string {
	switch {
	case f.replaced:
		return fmt.Sprintf("the rule set was replaced by another of %d rules, which stays", len(f.added))
	case len(f.added) > 0:
		return fmt.Sprintf("%d rules came, which stay: %s", len(f.added), kernel.Command(f.added[0]))
	}
	return "settings were changed, which stay as they are now"
}
