package kernel

import "github.com/auditprof/auditprof/internal/audit/rule"

// AddFirst puts a rule at the head of its list, as auditctl -A does. The kernel does not see that the same rule is loaded already.
func (c *Client) AddFirst(w rule.Wire) error { return c.addFirst(w) }
