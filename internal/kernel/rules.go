package kernel

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/auditprof/auditprof/internal/audit/rule"
	"golang.org/x/sys/unix"
)

// Message types of rules.
const (
	auditAddRule   = 1011
	auditDelRule   = 1012
	auditListRules = 1013
)

// filterPrepend in the first word of a rule puts it at the head of its list (AUDIT_FILTER_PREPEND).
const filterPrepend = 0x10

// Rules lists what is loaded: list by list in the order of rule.List, within a list in the order of evaluation.
func (c *Client) Rules() ([]rule.Wire, error) {
	for try := 0; ; try++ {
		rules, err := c.list()
		if errors.Is(err, unix.ENOBUFS) && try < 3 {
			continue // the kernel threw some away for want of room in our buffer: see receiveBuffer
		}
		return rules, err
	}
}

func (c *Client) list() ([]rule.Wire, error) {
	seq, err := c.request(auditListRules, nil)
	if err != nil {
		return nil, fmt.Errorf("list audit rules: %w", err)
	}
	var rules []rule.Wire
	for {
		msg, err := c.receive(seq)
		if err != nil {
			return nil, fmt.Errorf("list audit rules: %w", err)
		}
		switch msg.Header.Type {
		case unix.NLMSG_DONE:
			return rules, nil
		case auditListRules:
		default:
			return nil, fmt.Errorf("list audit rules: unexpected message type %d", msg.Header.Type)
		}
		w, err := rule.DecodeWire(msg.Data)
		if err != nil {
			return nil, fmt.Errorf("list audit rules: rule %d: %w", len(rules)+1, err)
		}
		rules = append(rules, w)
	}
}

// Add appends a rule to its list. errors.Is tells the kernel's reason: unix.EEXIST (the same rule is loaded),
// unix.EINVAL, unix.ENOENT (the target of dir=, or the parent of path= or exe=, is missing), unix.EPERM (locked).
func (c *Client) Add(w rule.Wire) error {
	if _, err := c.request(auditAddRule, w.Encode()); err != nil {
		return fmt.Errorf("add rule %q: %w", Command(w), err)
	}
	return nil
}

// addFirst puts a rule at the head of its list. The kernel does not see that the same rule is loaded already
// (kernel/auditfilter.c: audit_compare_rule compares the prepend flag).
func (c *Client) addFirst(w rule.Wire) error {
	b := w.Encode()
	binary.NativeEndian.PutUint32(b, uint32(w.List)|filterPrepend)
	if _, err := c.request(auditAddRule, b); err != nil {
		return fmt.Errorf("add rule %q: %w", Command(w), err)
	}
	return nil
}

// Delete takes one rule away, named by its whole content. unix.ENOENT: no such rule is loaded.
func (c *Client) Delete(w rule.Wire) error {
	if _, err := c.request(auditDelRule, w.Encode()); err != nil {
		return fmt.Errorf("delete rule %q: %w", Command(w), err)
	}
	return nil
}
