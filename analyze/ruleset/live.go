package ruleset

import (
	"fmt"

	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/rule"
	"github.com/auditprof/auditprof/internal/kernel"
)

// Live is what the kernel of this machine holds now. It only lists. The errors are those of kernel.Open (kernel.ErrNoPrivilege,
// kernel.ErrNoAudit, kernel.ErrNamespace), and ErrNoRules where nothing is loaded.
func Live() (*Set, error) {
	c, err := kernel.Open()
	if err != nil {
		return nil, fmt.Errorf("list the loaded rules: %w", err)
	}
	defer c.Close()
	held, err := c.Rules()
	if err != nil {
		return nil, err
	}
	if len(held) == 0 {
		return nil, fmt.Errorf("the kernel of this machine: %w: name the rules with --rules", ErrNoRules)
	}
	return liveSet(held), nil
}

// liveSet are rules as a kernel lists them: in its own order, with nothing left open.
func liveSet(held []rule.Wire) *Set {
	set := &Set{Live: true}
	for _, w := range held {
		set.Rules = append(set.Rules, match.Rule{Text: kernel.Command(w), Forms: []rule.Wire{w}})
	}
	return set
}
