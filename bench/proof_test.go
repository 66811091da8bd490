package bench

import (
	"context"
	"errors"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Rules can hide the marked call without hiding the harness's messages: by the task list, by type, by who made it. That says nothing of the
// machine.
func TestRulesThatHideTheProofEndNoRun(t *testing.T) {
	for name, w := range map[string]rule.Wire{
		"task":    {List: rule.ListTask, Action: rule.ActionNever},
		"type":    {List: rule.ListExclude, Action: rule.ActionNever, Fields: []rule.WireField{{Type: fieldMsgType, Op: rule.OpEqual, Value: msgTypeSyscall}}},
		"by user": {List: rule.ListExclude, Action: rule.ActionNever, Fields: []rule.WireField{{Type: 1, Op: rule.OpEqual}}},
	} {
		r, m, _ := fakeRunner(t, 1)
		for i := range r.Plan.Arms {
			if r.Plan.Arms[i].Info.Name != "no audit" {
				r.Plan.Arms[i].Rules = append([]rule.Wire{w}, r.Plan.Arms[i].Rules...)
			}
		}
		r.Workloads = contextless{m}
		if err := proofOnly(t, r); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	r, m, _ := fakeRunner(t, 1)
	r.Plan.Arms[2].Rules = append(r.Plan.Arms[2].Rules, rule.Wire{List: rule.ListExclude,
		Fields: []rule.WireField{{Type: fieldMsgType, Op: rule.OpEqual, Value: 1302}}})
	r.Workloads = contextless{m}
	if err := proofOnly(t, r); !errors.Is(err, ErrNoContext) {
		t.Errorf("PATH records left out: %v, and the call's record is not among them", err)
	}
}

// proofOnly runs the warm-up and nothing else.
func proofOnly(t *testing.T, r *Runner) error {
	t.Helper()
	tail, err := openTail(r.Daemon.LogPath())
	if err != nil {
		t.Fatal(err)
	}
	defer tail.close()
	r.tail = tail
	return r.proveContexts(context.Background())
}
