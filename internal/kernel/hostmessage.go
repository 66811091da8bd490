package kernel

import (
	"fmt"
	"net/url"
)

// maxReason bounds a reason as it is given; escaped it is at most three times as long, and fits into a user message.
const maxReason = 2000

// HostMessage is the text of the user message that says in a host's own log what happens to it: what is "begin" or "end",
// id names the run. The reason is one word in double quotes with everything but plain letters, digits and a few signs
// escaped as in a URL (a space is %20): a quote, a blank or a line end in it cannot pretend to be another field.
func HostMessage(what, id, reason string) (string, error) {
	if len(reason) > maxReason {
		return "", fmt.Errorf("the reason has %d bytes, the log takes %d: shorten it", len(reason), maxReason)
	}
	text := fmt.Sprintf("op=auditprof-%s id=%s", url.PathEscape(what), url.PathEscape(id))
	if reason != "" {
		text += fmt.Sprintf(" reason=%q", url.PathEscape(reason))
	}
	if len(text) > MaxUserText {
		return "", fmt.Errorf("the message for the host's log has %d bytes, the kernel takes %d: shorten the reason", len(text), MaxUserText)
	}
	return text, nil
}
