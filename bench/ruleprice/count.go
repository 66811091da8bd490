package ruleprice

import (
	"fmt"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// comeTo adds n rules, in a walk of that length, to counts: shared by the two lengths that it lies between.
func (c Counts) comeTo(n float64, length int) {
	i := 0
	for i+1 < len(lengths) && lengths[i+1] <= length {
		i++
	}
	if i+1 == len(lengths) || length <= lengths[0] {
		c[firstRule+Step(i)] += n
		return
	}
	share := float64(length-lengths[i]) / float64(lengths[i+1]-lengths[i])
	c[firstRule+Step(i)] += n * (1 - share)
	c[firstRule+Step(i+1)] += n * share
}

// ask adds n rules whose fields are come to.
func (c Counts) ask(n float64, length int) {
	near, far := lengths[0], lengths[len(lengths)-1]
	share := min(1, max(0, float64(length-near)/float64(far-near)))
	c[Asked] += n * (1 - share)
	c[AskedFar] += n * share
}

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
	for _, s := range c.met {
		c.rule(s, len(c.met))
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

// rule counts what one rule took of a walk of that length.
func (c *Counter) rule(s match.Step, length int) {
	n := c.by[s.Rule]
	n.comeTo(1, length)
	if !s.Hit {
		return
	}
	n.ask(1, length)
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

// Beyond is what was counted beyond an earlier, shorter count of the same set: what a process does once, at its beginning and end, is in both
// and falls out. Nothing is below 0.
func (c *Counter) Beyond(o *Counter) *Counter {
	out := &Counter{calls: c.calls - min(o.calls, c.calls), shared: c.shared.beyond(o.shared)}
	for i := range c.by {
		out.by = append(out.by, c.by[i].beyond(o.by[i]))
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

// Asked is how often per system call the fields of a rule are come to.
func (c Census) Asked(rule int) float64 {
	n := c.Rules[rule]
	return (n[Asked] + n[AskedFar]) / max(c.Calls, 1e-9)
}

// TaxPerOp is nanoseconds that the set adds to an operation, over audit without a rule.
func (c Census) TaxPerOp(k Costs) float64 {
	sum := k.Of(c.Shared)
	for _, n := range c.Rules {
		sum += k.Of(n)
	}
	return sum
}
