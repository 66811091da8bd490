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
	walk  *match.Walk
	rules []rule.Wire
	parts [kinds]Part
	calls uint64
	met   []match.Step
}

// The kinds of system calls whose steps are counted apart, since a step costs more where the call before it has emptied the nearest cache.
const (
	plain = iota // looks up no name
	named
	kinds
)

// Part is the steps of the calls of one kind.
type Part struct {
	Shared Counts   // of no single rule: what the first rule brings, and names
	Rules  []Counts // by rule
}

func newPart(rules int) Part {
	p := Part{Shared: newCounts(), Rules: make([]Counts, rules)}
	for i := range p.Rules {
		p.Rules[i] = newCounts()
	}
	return p
}

// each is a part made of every counts of this one.
func (p Part) each(of func(Counts) Counts) Part {
	out := Part{Shared: of(p.Shared)}
	for _, r := range p.Rules {
		out.Rules = append(out.Rules, of(r))
	}
	return out
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
	return &Counter{walk: m.Walk(bucket), rules: rules, parts: newParts(len(rules))}, nil
}

func newParts(rules int) (parts [kinds]Part) {
	for i := range parts {
		parts[i] = newPart(rules)
	}
	return parts
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
	p := c.parts[plain]
	if len(call.Names) > 0 {
		p = c.parts[named]
	}
	p.Shared[Walk]++
	p.Shared[Name] += float64(len(call.Names))
	c.met = c.met[:0]
	c.walk.Of(call, func(s match.Step) { c.met = append(c.met, s) })
	for _, s := range c.met {
		c.rule(p.Rules[s.Rule], s, len(c.met))
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
func (c *Counter) rule(n Counts, s match.Step, length int) {
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
	Calls float64 // system calls
	parts [kinds]Part
}

// PerOp is what was counted, in so many operations.
func (c *Counter) PerOp(ops uint64) Census {
	n := float64(max(1, ops))
	out := Census{Calls: float64(c.calls) / n}
	for kind, p := range c.parts {
		out.parts[kind] = p.each(func(c Counts) Counts { return c.scaled(n) })
	}
	return out
}

// Beyond is what was counted beyond an earlier, shorter count of the same set: what a process does once, at its beginning and end, is in both
// and falls out. Nothing is below 0.
func (c *Counter) Beyond(o *Counter) *Counter {
	out := &Counter{calls: c.calls - min(o.calls, c.calls)}
	for kind, p := range c.parts {
		earlier := o.parts[kind]
		out.parts[kind] = Part{Shared: p.Shared.beyond(earlier.Shared)}
		for i, r := range p.Rules {
			out.parts[kind].Rules = append(out.parts[kind].Rules, r.beyond(earlier.Rules[i]))
		}
	}
	return out
}

// Prices are nanoseconds that each rule adds to a system call of the workload, by rule.
func (c Census) Prices(k SetCosts) []float64 {
	out := make([]float64, len(c.parts[plain].Rules))
	for i := range out {
		if c.Calls > 0 {
			out[i] = k.sum(c, func(p Part) Counts { return p.Rules[i] }) / c.Calls
		}
	}
	return out
}

// Asked is how often per system call the fields of a rule are come to.
func (c Census) Asked(rule int) float64 {
	sum := 0.0
	for _, p := range c.parts {
		sum += p.Rules[rule][Asked] + p.Rules[rule][AskedFar]
	}
	return sum / max(c.Calls, 1e-9)
}

// SharedPerOp is nanoseconds that no single rule adds to an operation.
func (c Census) SharedPerOp(k SetCosts) float64 {
	return k.sum(c, func(p Part) Counts { return p.Shared })
}

// TaxPerOp is nanoseconds that the set adds to an operation, over audit without a rule.
func (c Census) TaxPerOp(k SetCosts) float64 {
	sum := c.SharedPerOp(k)
	for i := range c.parts[plain].Rules {
		sum += k.sum(c, func(p Part) Counts { return p.Rules[i] })
	}
	return sum
}
