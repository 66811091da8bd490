package kernel

import (
	"slices"
	"strings"
	"testing"

	"errors"
	"golang.org/x/sys/unix"
)

// TestDropTakesOneRuleAway and leaves the others in their order; what is not loaded is an error, and so is a lease that has ended.
func TestDropTakesOneRuleAway(t *testing.T) {
	c := live(t)
	l := acquire(t, Options{RunDir: runDir(t)})
	rules := harmless(4)
	if err := l.Apply(rules, Limits{}); err != nil {
		t.Fatal(err)
	}
	if err := l.Drop(rules[1]); err != nil {
		t.Fatal(err)
	}
	got, err := c.Rules()
	if err != nil {
		t.Fatal(err)
	}
	want := slices.Delete(slices.Clone(rules), 1, 2)
	if len(got) != len(want) {
		t.Fatalf("%d rules, want %d", len(got), len(want))
	}
	for i := range want {
		if !got[i].Equal(want[i]) {
			t.Errorf("rule %d is %s, want %s", i, Command(got[i]), Command(want[i]))
		}
	}
	if err := l.Drop(rules[1]); !errors.Is(err, unix.ENOENT) {
		t.Errorf("dropped again: %v", err)
	}
	if _, err := l.Restore(); err != nil {
		t.Fatal(err)
	}
	if err := l.Drop(rules[0]); err == nil || !strings.Contains(err.Error(), "ended") {
		t.Errorf("after the end: %v", err)
	}
}
