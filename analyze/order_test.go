package analyze

import (
	"context"
	"slices"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// reordered is a matcher of the same rules, each where order says.
func reordered(t *testing.T, m *match.Matcher, order ...int) *match.Matcher {
	t.Helper()
	var rules []match.Rule
	for _, i := range order {
		rules = append(rules, m.Rules()[i])
	}
	other, err := match.New(rules, match.Host{})
	if err != nil {
		t.Fatal(err)
	}
	return other
}

// What another order of the same rules decides otherwise is undecided, unless the log contradicts one of the two.
func TestAnotherOrderOfTheRules(t *testing.T) {
	const openat = "-a always,exit -F arch=b64 -S openat"
	log := call(1, 257, "a0=ffffff9c a1=0 a2=0 a3=0", "/", `name="/etc/motd" inode=7`)
	for _, c := range []struct {
		name, rules string
		order       []int
		want        Decision
		candidates  []int
	}{
		{"both match", openat + "\n" + openat + " -F uid=0\n", []int{1, 0}, Decision{Undecided, NoRule}, []int{0, 1}},
		{"both match, in the order that nobody overtakes", openat + "\n" + openat + " -F uid=0\n", []int{0, 1}, Decision{Rules, 0}, nil},
		{"one matches", openat + "\n" + openat + " -F uid=5\n", []int{1, 0}, Decision{Rules, 0}, nil},
		{"the key is of the one that is first there", openat + " -k a\n" + openat + " -F uid=0\n", []int{1, 0}, Decision{Rules, 1}, nil},
		{"the key is of the one that is first here", openat + "\n" + openat + " -F uid=0 -k b\n", []int{1, 0}, Decision{Rules, 0}, nil},
		{"the one that is overtaken does not win", openat + " -F uid=5\n" + openat + "\n" + openat + "\n", []int{1, 0, 2}, Decision{Rules, 1}, nil},
		{"never here", "-a never,exit -F arch=b64 -S openat\n" + openat + "\n", []int{1, 0}, Decision{Rules, 1}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := matcherOf(t, c.rules)
			keep := &rowKeeper{}
			r := Reading{Matcher: m, Orders: []Order{NewOrder(m, reordered(t, m, c.order...))}, Tally: NewTally(make([]RuleID, len(m.Rules()))), Ledger: keep}
			if err := r.Read(context.Background(), newTextLog(log)); err != nil {
				t.Fatal(err)
			}
			if got := keep.row; got.Decision != c.want || !slices.Equal(got.Candidates, c.candidates) || (got.Why != 0) != (got.Origin == Undecided) {
				t.Errorf("%v of %v, why %q; want %v of %v", got.Decision, got.Candidates, got.Why, c.want, c.candidates)
			}
		})
	}
}

// rowKeeper keeps the last row.
type rowKeeper struct{ row Row }

func (k *rowKeeper) Write(r *Row) error {
	k.row = *r
	k.row.Candidates = slices.Clone(r.Candidates)
	return nil
}
func (*rowKeeper) Doubt()       {}
func (*rowKeeper) Again() error { return nil }

// A rule that only one of two orders loads is none of the other's.
func TestARuleThatTheFirstOrderLacks(t *testing.T) {
	m := matcherOf(t, "-a always,exit -F arch=b64 -S openat\n")
	more := matcherOf(t, "-a always,exit -F arch=b64 -S openat\n-a always,exit -F arch=b64 -S close\n")
	if got := NewOrder(m, more).Rule; !slices.Equal(got, []int{0, NoRule}) {
		t.Errorf("rules %v", got)
	}
	if p := m.Rules()[0].Pos; p == (rule.Pos{}) {
		t.Fatal("rules without a place cannot be told apart")
	}
}
