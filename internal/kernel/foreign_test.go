package kernel

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/rule"
)

// visited is a kernel to which somebody else adds a rule just before a call.
type visited struct {
	*fakeKernel
	at  string // the call: "list", "delete c1", "add a"
	nth int    // how many such calls come first
}

func (v *visited) visit(call string) {
	if call != v.at {
		return
	}
	if v.nth--; v.nth == -1 {
		v.state.Rules = append(v.state.Rules, theirs)
	}
}

var theirs = keyed(rule.ListExit, "theirs")

func (v *visited) Rules() ([]rule.Wire, error) {
	v.visit("list")
	return v.fakeKernel.Rules()
}

func (v *visited) Delete(w rule.Wire) error {
	v.visit("delete " + w.Key())
	return v.fakeKernel.Delete(w)
}

func (v *visited) Add(w rule.Wire) error {
	v.visit("add " + w.Key())
	return v.fakeKernel.Add(w)
}

// TestWhatSomebodyElseLoadsMeanwhileStays: a rule that comes while rules are exchanged was deleted in the second round of deleting.
func TestWhatSomebodyElseLoadsMeanwhileStays(t *testing.T) {
	held := benched().state.Rules
	for _, c := range []struct {
		at  string
		nth int
		b   bring
	}{
		{"delete c1", 0, bring{}},
		{"delete c2", 0, bring{}},
		{"list", 0, bring{onlyHeld: true, held: held}},
		{"delete c2", 0, bring{onlyHeld: true, held: held}},
		{"add t", 0, bring{}},
		{"add x", 0, bring{onlyHeld: true, held: held}},
	} {
		v := &visited{benched(), c.at, c.nth}
		c.b.door, c.b.beat, c.b.reload = v, func() {}, true
		err := c.b.to(foundState())
		var came *ForeignError
		if !errors.As(err, &came) || len(came.Rules) != 1 || !came.Rules[0].Equal(theirs) {
			t.Errorf("before %s: %v", c.at, err)
		}
		if v.find(theirs) < 0 {
			t.Errorf("before %s: it is gone", c.at)
		}
	}
}

// TestHeldRulesAreNotForeign: an exchange that nobody disturbs deletes what it must, also where nothing is held.
func TestHeldRulesAreNotForeign(t *testing.T) {
	for _, held := range [][]rule.Wire{benched().state.Rules, nil} {
		k := benched()
		k.state.Rules = held
		want := foundState()
		want.Failure = FailPrintk
		if err := (bring{door: k, beat: func() {}, reload: true, onlyHeld: true, held: held}).to(want); err != nil {
			t.Error(err)
		}
	}
}

// TestARestoreDeletesWhatever: it knows no more whose a rule is.
func TestARestoreDeletesWhatever(t *testing.T) {
	v := &visited{benched(), "delete c1", 0}
	if err := (bring{door: v, beat: func() {}, keepGoing: true}).to(foundState()); err != nil || v.find(theirs) >= 0 {
		t.Errorf("%v, their rule at %d", err, v.find(theirs))
	}
}

// TestWithout against a search through all, in any order and with rules that are listed twice.
func TestWithout(t *testing.T) {
	pool := harmless(6)
	r := rand.New(rand.NewPCG(1, 2))
	pick := func() (list []rule.Wire) {
		for range r.IntN(8) {
			list = append(list, pool[r.IntN(len(pool))])
		}
		return list
	}
	for range 2_000 {
		rules, others := pick(), pick()
		var want []rule.Wire
		for _, w := range rules {
			if !slices.ContainsFunc(others, w.Equal) {
				want = append(want, w)
			}
		}
		if got := without(rules, others); !slices.EqualFunc(got, want, rule.Wire.Equal) {
			t.Fatalf("%d rules without %d: %d left, want %d", len(rules), len(others), len(got), len(want))
		}
	}
}

// BenchmarkWithout is a large set that is listed as it was loaded.
func BenchmarkWithout(b *testing.B) {
	rules := harmless(10_000)
	for b.Loop() {
		if without(rules, rules) != nil {
			b.Fatal("some are missing")
		}
	}
}
