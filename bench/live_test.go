package bench

import (
	"errors"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/rule"
	"github.com/auditprof/auditprof/internal/kernel"
)

// halfHolder is a lease whose Apply may break off in the middle.
type halfHolder struct {
	rules    []rule.Wire
	fail     error
	adopted  int
	replaced []rule.Wire // as told to Replace last
}

func (h *halfHolder) Found() kernel.State      { return kernel.State{} }
func (h *halfHolder) Adopt(kernel.State) error { h.adopted++; return nil }
func (h *halfHolder) Drop(rule.Wire) error     { return nil }
func (h *halfHolder) held() ([]rule.Wire, kernel.Status, error) {
	return h.rules, kernel.Status{Enabled: kernel.EnabledOn}, nil
}

func (h *halfHolder) Apply(rules []rule.Wire, _ kernel.Limits) error {
	h.rules = rules
	return h.fail
}

func (h *halfHolder) Replace(held, rules []rule.Wire, lim kernel.Limits) error {
	h.replaced = held
	return h.Apply(rules, lim)
}

// A failed Apply left rules loaded; the next one took them for somebody else's, and a restore kept them on the host.
func TestWhatAFailedApplyLeavesIsNobodyElses(t *testing.T) {
	h := &halfHolder{}
	k := &liveKernel{lease: h, held: h.held}
	if err := k.Apply([]rule.Wire{anyWire("a")}, kernel.Limits{}); err != nil {
		t.Fatal(err)
	}
	h.fail = errBroken
	if err := k.Apply([]rule.Wire{anyWire("b")}, kernel.Limits{}); !errors.Is(err, errBroken) {
		t.Fatal(err)
	}
	h.fail = nil
	if err := k.Apply(nil, kernel.Limits{}); err != nil {
		t.Errorf("%v", err)
	}
	if h.adopted > 0 {
		t.Error("what the failed Apply left is to be restored")
	}
	// What really came from elsewhere still is.
	h.rules = []rule.Wire{anyWire("c")}
	if err := k.Apply(nil, kernel.Limits{}); !errors.Is(err, ErrDisturbed) || h.adopted != 1 {
		t.Errorf("%v, adopted %d times", err, h.adopted)
	}
}

// A rule that somebody loaded between the look at the kernel and the deleting of ours was deleted with them, and nobody was told. The lease keeps
// it; the run is told once.
func TestWhatComesWhileRulesAreExchangedEndsTheRun(t *testing.T) {
	h := &halfHolder{}
	k := &liveKernel{lease: h, held: h.held}
	if err := k.Apply([]rule.Wire{anyWire("a")}, kernel.Limits{}); err != nil {
		t.Fatal(err)
	}
	h.fail = &kernel.ForeignError{Rules: []rule.Wire{anyWire("theirs")}}
	err := disturbedAt("load arm b", k.Apply([]rule.Wire{anyWire("b")}, kernel.Limits{}))
	if !errors.Is(err, ErrDisturbed) || strings.Count(err.Error(), ErrDisturbed.Error()) != 1 {
		t.Errorf("%v", err)
	}
	if len(h.replaced) != 1 || !h.replaced[0].Equal(anyWire("a")) {
		t.Errorf("replaced %d rules, want the one that was loaded", len(h.replaced))
	}
}
