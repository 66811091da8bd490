package bench

import (
	"errors"
	"fmt"
	"sync"

	"github.com/auditprof/auditprof/internal/audit/rule"
	"github.com/auditprof/auditprof/internal/kernel"
)

// statusClient is a client that several goroutines may ask.
type statusClient struct {
	mu sync.Mutex
	c  *kernel.Client
}

func (s *session) open() (*statusClient, error) {
	c, err := kernel.Open()
	if err != nil {
		return nil, err
	}
	s.onEnd(func() { c.Close() })
	return &statusClient{c: c}, nil
}

// Status asks the kernel.
func (c *statusClient) Status() (kernel.Status, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.c.Status()
}

// holder changes the kernel's audit state and answers for it; kernel.Lease is one.
type holder interface {
	Found() kernel.State
	Apply(rules []rule.Wire, lim kernel.Limits) error
	Replace(held, rules []rule.Wire, lim kernel.Limits) error
	Drop(w rule.Wire) error
	Adopt(found kernel.State) error
}

// listed is what the kernel holds.
func (c *statusClient) listed() ([]rule.Wire, kernel.Status, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	rules, err := c.c.Rules()
	if err != nil {
		return nil, kernel.Status{}, err
	}
	st, err := c.c.Status()
	return rules, st, err
}

// liveKernel is the lease and a client as the runner sees them.
type liveKernel struct {
	lease holder
	held  func() ([]rule.Wire, kernel.Status, error) // what the kernel holds now
	*statusClient
	rules   []rule.Wire // as applied last
	limits  kernel.Limits
	applied bool
}

// Apply loads rules under the lease, and remembers them for Check. What it replaces is looked at first: a change by somebody else would be
// gone without a trace. So would be one that comes while it is replaced.
func (k *liveKernel) Apply(rules []rule.Wire, lim kernel.Limits) error {
	exchange := k.lease.Apply
	if k.applied {
		if err := k.Check(); err != nil {
			return err
		}
		exchange = func(rules []rule.Wire, lim kernel.Limits) error { return k.lease.Replace(k.rules, rules, lim) }
	}
	// What an Apply that fails leaves is ours, whatever it is but for what the lease keeps as foreign: the next one must not take it for somebody
	// else's and have it restored.
	k.applied = false
	err := exchange(rules, lim)
	if errors.Is(err, kernel.ErrForeign) {
		return fmt.Errorf("%w: %w", ErrDisturbed, err)
	}
	if err != nil {
		return err
	}
	k.rules, k.limits, k.applied = rules, lim, true
	return nil
}

// Check lists what the kernel holds now. What somebody else changed becomes part of what is restored in the end.
func (k *liveKernel) Check() error {
	rules, st, err := k.held()
	if err != nil {
		return err
	}
	applied := appliedState(k.lease.Found(), k.rules, k.limits)
	disturbed := undisturbed(applied, rules, st)
	if f := foreignChange(applied.Rules, rules, applied, st); disturbed != nil && f.any() {
		disturbed = fmt.Errorf("%w; %s", disturbed, f)
		return errors.Join(disturbed, k.lease.Adopt(f.merge(k.lease.Found())))
	}
	return disturbed
}

// Mark sends a user message.
func (k *liveKernel) Mark(text string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.c.SendUser(text)
}
