package kernel

import (
	"fmt"
	"strings"
)

// auditUser is the message type AUDIT_USER, the one of auditctl -m.
const auditUser = 1005

// MaxUserText is AUDIT_MESSAGE_TEXT_MAX, the longest text of a user message in bytes.
const MaxUserText = 8560

// SendUser puts a USER record with this text into the log, as auditctl -m does. With auditing off the kernel drops it
// without a word; rules of the user and exclude lists may drop it too. The call lasts up to the backlog wait time
// while the queue is over its limit.
func (c *Client) SendUser(text string) error {
	if text == "" || len(text) > MaxUserText {
		return fmt.Errorf("send user message of %d bytes: the kernel takes 1 to %d", len(text), MaxUserText)
	}
	if i := strings.IndexFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }); i >= 0 {
		return fmt.Errorf("send user message: control character at byte %d: leave it out, it would split the log line", i)
	}
	if _, err := c.request(auditUser, append([]byte(text), 0)); err != nil {
		return fmt.Errorf("send user message: %w", err)
	}
	return nil
}
