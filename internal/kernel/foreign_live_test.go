package kernel

import (
	"errors"
	"testing"
)

// TestLiveForeignRulesStay: what somebody else loads between the taking of the lease and the first Apply, and between two of them, is there after
// the restore, beside what was found.
func TestLiveForeignRulesStay(t *testing.T) {
	c := live(t)
	found := varied(t, c)
	l := acquire(t, Options{})
	theirs := harmless(5)
	if err := c.Add(theirs[3]); err != nil {
		t.Fatal(err)
	}
	if err := l.Apply(nil, Limits{}); !errors.Is(err, ErrForeign) {
		t.Errorf("first Apply: %v, want ErrForeign", err)
	}
	held := theirs[:3]
	if err := l.Apply(held, Limits{}); err != nil {
		t.Fatal(err)
	}
	if err := c.Add(theirs[4]); err != nil {
		t.Fatal(err)
	}
	if err := l.Replace(held, nil, Limits{}); !errors.Is(err, ErrForeign) {
		t.Errorf("Replace: %v, want ErrForeign", err)
	}
	if _, err := l.Restore(); err != nil {
		t.Fatal(err)
	}
	found.Rules = append(found.Rules, theirs[3:]...)
	found.Rules = inListingOrder(found.Rules)
	sameState(t, c, found)
}
