package kernel

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/auditprof/auditprof/internal/audit/rule"
	"golang.org/x/sys/unix"
)

// foundState is a host with everything set to something odd.
func foundState() State {
	return State{Enabled: 1, Failure: FailPanic, RateLimit: 5, BacklogLimit: 8192, BacklogWaitTime: 15000,
		Features: Features{Values: 1},
		Rules:    []rule.Wire{keyed(rule.ListTask, "t"), keyed(rule.ListExit, "b"), keyed(rule.ListExit, "a"), keyed(rule.ListExclude, "x")}}
}

// benched is what a lease may have made of it.
func benched() *fakeKernel {
	return &fakeKernel{fail: map[string]failure{}, state: State{Enabled: 1, Failure: 1, BacklogLimit: 64, BacklogWaitTime: 500,
		Rules: []rule.Wire{keyed(rule.ListExit, "c1"), keyed(rule.ListExit, "c2")}}}
}

func restoring(k *fakeKernel) error {
	return bring{door: k, beat: func() {}, keepGoing: true}.to(foundState())
}

func TestRestoreOrder(t *testing.T) {
	k := benched()
	if err := restoring(k); err != nil {
		t.Fatal(err)
	}
	want := []string{"backlog_wait_time = 0", "enabled = 0", "delete c1", "delete c2", "add t", "add b", "add a", "add x",
		"features = 0x1", "rate_limit = 5", "backlog_limit = 8192", "backlog_wait_time = 15000", "failure = 1", "enabled = 1", "failure = 2"}
	if got := k.changes(); !reflect.DeepEqual(got, want) {
		t.Errorf("changes:\n%q, want\n%q", got, want)
	}
	if diffs := differences(foundState(), k.state); len(diffs) != 0 {
		t.Errorf("after the restore: %v", diffs)
	}
}

func TestRestoreLeavesRulesThatAreThere(t *testing.T) {
	k := benched()
	k.state = foundState()
	if err := restoring(k); err != nil {
		t.Fatal(err)
	}
	for _, c := range k.changes() {
		if strings.HasPrefix(c, "delete") || strings.HasPrefix(c, "add") || c == "enabled = 0" {
			t.Errorf("%q, though the rules were as found", c)
		}
	}
}

func TestApplyReloadsTheSameRules(t *testing.T) {
	k := benched()
	want := k.state
	if err := (bring{door: k, beat: func() {}, reload: true}).to(want); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(k.changes(), ","); !strings.Contains(got, "delete c1,delete c2,add c1,add c2") {
		t.Errorf("changes: %s", got)
	}
}

// TestFaults: each fault of the kernel ends in the found state, or in an error.
func TestFaults(t *testing.T) {
	for _, c := range []struct {
		call  string
		err   error
		times int
		ok    bool
	}{
		{"delete c1", unix.EINTR, 1, true},                // the next round deletes it
		{"delete c1", unix.ENOENT, 1, true},               // the kernel took it away by itself, and then it is listed no more
		{"delete c1", unix.EPERM, 100, false},             // locked meanwhile
		{"add a", unix.ENOENT, 100, false},                // its directory went
		{"backlog_wait_time = 0", unix.ENOBUFS, 1, false}, // tried again by attempts
		{"enabled = 1", unix.EPERM, 100, false},
		{"list", unix.ENOMEM, 1, false},
	} {
		k := benched()
		k.fail[c.call] = failure{c.err, c.times}
		err := restoring(k)
		if (err == nil) != c.ok {
			t.Errorf("%s fails with %v: %v", c.call, c.err, err)
		}
		if err != nil && c.err != unix.ENOMEM && !errors.Is(err, c.err) {
			t.Errorf("%s: %v does not say %v", c.call, err, c.err)
		}
		if left := len(differences(foundState(), k.state)); err == nil && left != 0 {
			t.Errorf("%s: no error, and %d differences", c.call, left)
		}
	}
}

func TestOneRefusedRuleDoesNotCostTheOthers(t *testing.T) {
	k := benched()
	k.fail["add b"] = failure{unix.ENOENT, 100}
	err := restoring(k)
	if !errors.Is(err, unix.ENOENT) {
		t.Errorf("got %v", err)
	}
	if len(k.state.Rules) != 3 || k.state.Enabled != 1 || k.state.Failure != FailPanic {
		t.Errorf("only %d rules are back, enabled %d, failure %d", len(k.state.Rules), k.state.Enabled, k.state.Failure)
	}
}

func TestApplyStopsAtTheFirstRefusedRule(t *testing.T) {
	k := benched()
	k.fail["add b"] = failure{unix.EINVAL, 1}
	err := bring{door: k, beat: func() {}, reload: true}.to(foundState())
	if !errors.Is(err, unix.EINVAL) || k.state.Enabled != 0 {
		t.Errorf("got %v with enabled %d, want EINVAL and auditing off", err, k.state.Enabled)
	}
}

// forgetful loses a rule without an error.
type forgetful struct{ *fakeKernel }

func (f forgetful) Add(w rule.Wire) error {
	if w.Key() == "a" {
		return nil
	}
	return f.fakeKernel.Add(w)
}

func TestListingIsCompared(t *testing.T) {
	err := bring{door: forgetful{benched()}, beat: func() {}, reload: true}.to(foundState())
	var mismatch *mismatchError
	if !errors.As(err, &mismatch) {
		t.Errorf("got %v, want a mismatch", err)
	}
}

func settlementOf(t *testing.T, k *fakeKernel) settlement {
	t.Helper()
	encoded, err := encodeState(foundState())
	if err != nil {
		t.Fatal(err)
	}
	return settlement{door: k, journal: journal{Found: encoded}, beat: func() {}, pauses: []time.Duration{1, 1}}
}

func TestSettleRetries(t *testing.T) {
	k := benched()
	k.fail["add a"] = failure{unix.ENOMEM, 2}
	restored, err := settlementOf(t, k).settle()
	if err != nil {
		t.Fatal(err)
	}
	if k.calls[0] != "backlog_wait_time = 0" {
		t.Errorf("the first call is %q: somebody may wait meanwhile", k.calls[0])
	}
	if diffs := differences(foundState(), k.state); len(diffs) != 0 || len(restored.Changed) == 0 {
		t.Errorf("differences %v, restored %+v", diffs, restored)
	}
}

func TestSettleFailsWithTheCommands(t *testing.T) {
	k := benched()
	k.fail["add a"] = failure{unix.ENOENT, 1000}
	_, err := settlementOf(t, k).settle()
	var not *NotRestoredError
	if !errors.As(err, &not) || !errors.Is(err, ErrNotRestored) || !errors.Is(err, unix.ENOENT) {
		t.Fatalf("got %v", err)
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("more than one line: %q", err.Error())
	}
	want := []string{"auditctl --backlog_wait_time 0", "auditctl -D", "auditctl -a always,task -F uid=7 -F key=t"}
	if !reflect.DeepEqual(not.Commands[:3], want) || not.Commands[len(not.Commands)-1] != "auditctl -f 2" {
		t.Errorf("commands: %q", not.Commands)
	}
}

func TestRefuse(t *testing.T) {
	k := benched()
	if host, err := refuse(k, true); err != nil || host.PID != 0 {
		t.Errorf("refused without cause: %v, or found %v", err, host)
	}
	k.state.Enabled = EnabledLocked
	if _, err := refuse(k, true); !errors.Is(err, ErrImmutable) {
		t.Errorf("immutable: %v", err)
	}
	k.state.Enabled, k.pid = 1, 1
	if _, err := refuse(k, false); !errors.Is(err, ErrAuditdRunning) || !strings.Contains(err.Error(), "--auditd running") {
		t.Errorf("auditd running: %v", err)
	}
	if host, err := refuse(k, true); err != nil || host != mustIdentify(1) {
		t.Errorf("auditd allowed to run: %v, %v", host, err)
	}
	k.pid = 1 << 30 // above every pid_max
	if _, err := refuse(k, false); err != nil || k.pid != 0 {
		t.Errorf("dead auditd: %v, pid %d", err, k.pid)
	}
}

func TestTargetOfApply(t *testing.T) {
	l := &Lease{found: foundState()}
	got, err := l.target(nil, Limits{})
	if err != nil || got.Failure != FailPrintk || got.Enabled != EnabledOn || got.BacklogLimit != 8192 || len(got.Rules) != 0 {
		t.Errorf("without limits: %+v, %v: want the found ones, but no panic", got, err)
	}
	zero, panics := uint32(0), FailPanic
	if got, err := l.target(nil, Limits{BacklogLimit: &zero, BacklogWaitTime: &zero}); err != nil || got.BacklogLimit != 0 || got.BacklogWaitTime != 0 || got.RateLimit != 5 {
		t.Errorf("with limits 0: %+v, %v", got, err)
	}
	if _, err := l.target(nil, Limits{Failure: &panics}); !errors.Is(err, ErrIrreversible) {
		t.Errorf("failure 2: %v", err)
	}
	if len(l.found.Rules) != 4 || l.found.Failure != FailPanic {
		t.Error("the found state was changed")
	}
}
