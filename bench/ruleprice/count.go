package ruleprice

import (
	"fmt"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Lists up to near rules are walked in the nearest cache, those from far on are not; between them it is shared.
const (
	near = 40
	far  = 160
)

// farShare is the share of a walk over n rules that misses the nearest cache.
func farShare(n int) float64 { return min(1, max(0, float64(n-near)/(far-near))) }

// Counter counts the steps that system calls make the kernel take through one set.
type Counter struct {
	walk   *match.Walk
	rules  []rule.Wire
	shared Counts   // of no rule: what the first rule brings, and names
	by     []Counts // by rule
	calls  uint64
	met    []match.Step
}

// NewCounter is a counter for rules in the order in which the kernel lists them. bucket says for a rule with path= by the inode of its
// file where in the kernel's hash it lies. It refuses what no kernel can hold.
func NewCounter(rules []rule.Wire, host match.Host, bucket func(rule int) int) (*Counter, error) {
	compiled := make([]match.Rule, len(rules))
	for i, w := range rules {
		compiled[i] = match.Rule{Forms: []rule.Wire{w}}
	}
	m, err := match.New(compiled, host)
	if err != nil {
		return nil, fmt.Errorf("count the steps through %d rules: %w", len(rules), err)
	}
	c := &Counter{walk: m.Walk(bucket), rules: rules, shared: newCounts(), by: make([]Counts, len(rules))}
	for i := range c.by {
		c.by[i] = newCounts()
	}
	return c, nil
}

// Add counts one system call.
func (c *Counter) Add(call *event.Call) {
	if call.Uring {
		return
	}
	c.calls++
	if !c.any() {
		return
	}
	c.shared[Walk]++
	c.shared[Name] += float64(len(call.Names))
	c.met = c.met[:0]
	c.walk.Of(call, func(s match.Step) { c.met = append(c.met, s) })
	share := farShare(len(c.met))
	for _, s := range c.met {
		c.rule(s, share)
	}
}

// any tells whether the set has a rule of the lists that make the kernel collect names and walk (kernel/auditfilter.c: audit_n_rules).
func (c *Counter) any() bool {
	for _, w := range c.rules {
		if w.List == rule.ListExit || w.List == rule.ListTask || w.List == rule.ListIOUring {
			return true
		}
	}
	return false
}

// rule counts what one rule took of a walk of which share lies far.
func (c *Counter) rule(s match.Step, share float64) {
	n := c.by[s.Rule]
	n[Rule] += 1 - share
	n[RuleFar] += share
	if !s.Hit {
		return
	}
	n[Asked] += 1 - share
	n[AskedFar] += share
	for _, f := range c.rules[s.Rule].Fields[:s.Asked] {
		n[FieldStep(f.Type)]++
	}
}

// Census is the steps of one workload through one set, per operation.
type Census struct {
	Calls  float64 // system calls
	Shared Counts  // steps that no single rule makes
	Rules  []Counts
}

// PerOp is what was counted, in so many operations.
func (c *Counter) PerOp(ops uint64) Census {
	n := float64(max(1, ops))
	out := Census{Calls: float64(c.calls) / n, Shared: c.shared.scaled(n)}
	for _, r := range c.by {
		out.Rules = append(out.Rules, r.scaled(n))
	}
	return out
}

// Prices are nanoseconds that each rule adds to a system call of the workload, by rule.
func (c Census) Prices(k Costs) []float64 {
	out := make([]float64, len(c.Rules))
	for i, n := range c.Rules {
		if c.Calls > 0 {
			out[i] = k.Of(n) / c.Calls
		}
	}
	return out
}

// TaxPerOp is nanoseconds that the set adds to an operation, over audit without a rule.
func (c Census) TaxPerOp(k Costs) float64 {
	sum := k.Of(c.Shared)
	for _, n := range c.Rules {
		sum += k.Of(n)
	}
	return sum
}
