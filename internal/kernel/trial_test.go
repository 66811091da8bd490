package kernel

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/rule"
	"golang.org/x/sys/unix"
)

func TestTryAgainLeavesNothing(t *testing.T) {
	k := &fakeKernel{state: foundState()}
	if err := tryAgain(context.Background(), k, foundState().Rules, func() {}); err != nil {
		t.Fatal(err)
	}
	if diffs := differences(foundState(), k.state); len(diffs) != 0 {
		t.Errorf("after the trial: %v", diffs)
	}
}

func TestTryAgainNamesTheRule(t *testing.T) {
	k := &fakeKernel{state: foundState(), fail: map[string]failure{"add b\x01": {unix.ENOENT, 1}}}
	err := tryAgain(context.Background(), k, foundState().Rules, func() {})
	if !errors.Is(err, ErrNotRestorable) || !errors.Is(err, unix.ENOENT) || !strings.Contains(err.Error(), "key=b") {
		t.Errorf("got %v", err)
	}
}

func TestTryAgainStopsWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	k := &fakeKernel{state: foundState()}
	if err := tryAgain(ctx, k, foundState().Rules, func() {}); !errors.Is(err, context.Canceled) || len(k.calls) != 0 {
		t.Errorf("got %v after %q", err, k.calls)
	}
}

func TestTrialOf(t *testing.T) {
	dir, _ := rule.Wire{List: rule.ListExit, Fields: []rule.WireField{{Type: rule.FieldDir, Op: rule.OpEqual, Value: 4, Str: "/etc"}}}.WithExtraKey("k")
	got, ok := trialOf(dir)
	if !ok || got.Fields[0].Str != "//etc" || got.Fields[0].Value != 5 || got.Key() != "k\x01"+trialKey {
		t.Errorf("dir: %+v, %v", got.Fields, ok)
	}
	if dir.Fields[0].Str != "/etc" {
		t.Error("the rule itself was changed")
	}
	long := keyed(rule.ListExit, strings.Repeat("k", rule.MaxKeyLen))
	if got, ok := trialOf(long); !ok || got.Fields[1].Type != rule.FieldPers || got.Key() != long.Key() {
		t.Errorf("full key: %+v, %v: want a field that is never true", got.Fields, ok)
	}
	for len(long.Fields) < rule.MaxFields {
		long, _ = long.WithField(1, rule.OpEqual, 7)
	}
	if _, ok := trialOf(long); ok {
		t.Error("full key and all fields: there is no room")
	}
	k := &fakeKernel{}
	if err := tryAgain(context.Background(), k, []rule.Wire{long}, func() {}); !errors.Is(err, ErrNotRestorable) {
		t.Errorf("no room: %v", err)
	}
}
