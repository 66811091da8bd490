package kernel

import (
	"fmt"
	"sort"

	"github.com/auditprof/auditprof/internal/audit/rule"
)

// door is what a lease needs of the kernel; *Client is the real one. It is wider than our interfaces should be because
// a restore touches everything.
type door interface {
	Status() (Status, error)
	Features() (Features, error)
	SetFeatures(Features) error
	Rules() ([]rule.Wire, error)
	Add(rule.Wire) error
	addFirst(rule.Wire) error
	Delete(rule.Wire) error
	set(setting, uint32) error
	// unread is how many bytes the kernel has sent to the auditd with this pid that it did not take yet.
	unread(pid int) (int64, error)
}

// State is everything of the audit system that a lease changes and puts back.
type State struct {
	Rules           []rule.Wire // as listed
	Enabled         uint32      // 0 or 1
	Failure         uint32      // FailSilent, FailPrintk or FailPanic
	RateLimit       uint32      // records per second
	BacklogLimit    uint32      // records
	BacklogWaitTime uint32      // jiffies
	Features        Features
}

// snapshot reads the state now.
func snapshot(d door) (State, error) {
	st, err := d.Status()
	if err != nil {
		return State{}, err
	}
	features, err := d.Features()
	if err != nil {
		return State{}, err
	}
	rules, err := d.Rules()
	if err != nil {
		return State{}, err
	}
	return State{Rules: rules, Enabled: st.Enabled, Failure: st.Failure, RateLimit: st.RateLimit,
		BacklogLimit: st.BacklogLimit, BacklogWaitTime: st.BacklogWaitTime, Features: features}, nil
}

// differences says in words where two states differ, want first; empty where they are the same.
func differences(want, got State) []string {
	var diffs []string
	if d := ruleDifference(want.Rules, got.Rules); d != "" {
		diffs = append(diffs, d)
	}
	number := func(name string, want, got uint32) {
		if want != got {
			diffs = append(diffs, fmt.Sprintf("%s is %d, should be %d", name, got, want))
		}
	}
	number("features", want.Features.Values, got.Features.Values)
	number("feature locks", want.Features.Lock, got.Features.Lock)
	number("rate_limit", want.RateLimit, got.RateLimit)
	number("backlog_limit", want.BacklogLimit, got.BacklogLimit)
	number("backlog_wait_time", want.BacklogWaitTime, got.BacklogWaitTime)
	number("failure", want.Failure, got.Failure)
	number("enabled", want.Enabled, got.Enabled)
	return diffs
}

// ruleDifference names the first place where two listings differ, "" where they are the same.
func ruleDifference(want, got []rule.Wire) string {
	for i := range min(len(want), len(got)) {
		if !want[i].Equal(got[i]) {
			return fmt.Sprintf("rule %d is %q, should be %q", i+1, Command(got[i]), Command(want[i]))
		}
	}
	switch {
	case len(want) > len(got):
		return fmt.Sprintf("%d rules are loaded, should be %d: missing from %q on", len(got), len(want), Command(want[len(got)]))
	case len(want) < len(got):
		return fmt.Sprintf("%d rules are loaded, should be %d: too many from %q on", len(got), len(want), Command(got[len(want)]))
	}
	return ""
}

// inListingOrder sorts rules as the kernel will list them: by list, within a list as they were.
func inListingOrder(rules []rule.Wire) []rule.Wire {
	sorted := append([]rule.Wire(nil), rules...)
	sort.SliceStable(sorted, func(i, j int) bool { return sorted[i].List < sorted[j].List })
	return sorted
}
