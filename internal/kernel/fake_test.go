package kernel

import (
	"fmt"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/internal/audit/rule"
	"golang.org/x/sys/unix"
)

// fakeKernel is a door that keeps rules and settings as the kernel does, notes what is asked, and fails where told.
type fakeKernel struct {
	state State
	pid   uint32
	calls []string
	// fail answers a call that begins with the key, so many times.
	fail map[string]failure
	// backlogs and unreads are what the next looks find, then 0. panicked: failure 2 was set before the last of them.
	backlogs []uint32
	unreads  []int64
	panicked bool
}

type failure struct {
	err   error
	times int
}

func (k *fakeKernel) call(format string, args ...any) error {
	c := fmt.Sprintf(format, args...)
	k.calls = append(k.calls, c)
	for prefix, f := range k.fail {
		if strings.HasPrefix(c, prefix) && f.times > 0 {
			f.times--
			k.fail[prefix] = f
			return f.err
		}
	}
	return nil
}

func (k *fakeKernel) Status() (Status, error) {
	s := k.state
	var backlog uint32
	if len(k.backlogs) > 0 {
		backlog, k.backlogs = k.backlogs[0], k.backlogs[1:]
	}
	return Status{Backlog: backlog, Enabled: s.Enabled, Failure: s.Failure, PID: k.pid, RateLimit: s.RateLimit, BacklogLimit: s.BacklogLimit,
		BacklogWaitTime: s.BacklogWaitTime}, k.call("status")
}

func (k *fakeKernel) Features() (Features, error) { return k.state.Features, k.call("features") }

func (k *fakeKernel) SetFeatures(f Features) error {
	changed, err := changedFeatures(k.state.Features, f)
	if err != nil || changed == 0 {
		return err
	}
	k.state.Features.Values = f.Values
	return k.call("features = %#x", f.Values)
}

func (k *fakeKernel) Rules() ([]rule.Wire, error) {
	return inListingOrder(k.state.Rules), k.call("list")
}

func (k *fakeKernel) find(w rule.Wire) int {
	return slices.IndexFunc(k.state.Rules, func(o rule.Wire) bool { return o.Equal(w) })
}

func (k *fakeKernel) Add(w rule.Wire) error {
	if err := k.call("add %s", w.Key()); err != nil {
		return fmt.Errorf("add: %w", err)
	}
	if k.find(w) >= 0 {
		return fmt.Errorf("add: %w", unix.EEXIST)
	}
	k.state.Rules = append(k.state.Rules, w)
	return nil
}

func (k *fakeKernel) addFirst(w rule.Wire) error {
	k.state.Rules = append([]rule.Wire{w}, k.state.Rules...)
	return k.call("add first %s", Command(w))
}

func (k *fakeKernel) unread(int) (int64, error) {
	if len(k.unreads) == 0 {
		return 0, k.call("unread")
	}
	n := k.unreads[0]
	k.unreads = k.unreads[1:]
	return n, k.call("unread")
}

func (k *fakeKernel) Delete(w rule.Wire) error {
	if err := k.call("delete %s", w.Key()); err != nil {
		return fmt.Errorf("delete: %w", err)
	}
	i := k.find(w)
	if i < 0 {
		return fmt.Errorf("delete: %w", unix.ENOENT)
	}
	k.state.Rules = slices.Delete(slices.Clone(k.state.Rules), i, i+1)
	return nil
}

func (k *fakeKernel) set(s setting, v uint32) error {
	if err := k.call("%v = %d", s, v); err != nil {
		return err
	}
	switch s {
	case setEnabled:
		k.state.Enabled = v
	case setFailure:
		k.panicked = k.panicked || v == FailPanic && len(k.backlogs)+len(k.unreads) > 0
		k.state.Failure = v
	case setPID:
		k.pid = v
	case setRateLimit:
		k.state.RateLimit = v
	case setBacklogLimit:
		k.state.BacklogLimit = v
	case setBacklogWaitTime:
		k.state.BacklogWaitTime = v
	}
	return nil
}

// changes are the calls that changed something.
func (k *fakeKernel) changes() []string {
	return slices.DeleteFunc(slices.Clone(k.calls), func(c string) bool {
		return c == "status" || c == "list" || c == "features" || c == "unread"
	})
}

// keyed is a rule of a list that is told by its key alone.
func keyed(list rule.List, key string) rule.Wire {
	w, _ := rule.Wire{List: list, Action: rule.ActionAlways, Fields: []rule.WireField{{Type: 1, Op: rule.OpEqual, Value: 7}}}.WithExtraKey(key)
	return w
}
