package kernel

import (
	"errors"
	"fmt"

	"github.com/auditprof/auditprof/internal/audit/rule"
)

// Drop takes one rule out of what Apply made the kernel hold. Unlike another Apply it leaves the others where they lie in the kernel's memory,
// so that what is timed before and after differs in nothing else.
func (l *Lease) Drop(w rule.Wire) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.done {
		return errors.New("drop a rule: the lease has ended")
	}
	return expedited(l.journal.RCUExpedited, func() error {
		if err := l.client.Delete(w); err != nil {
			return fmt.Errorf("drop the rule %s: %w", Command(w), err)
		}
		return nil
	})
}
