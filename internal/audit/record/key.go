package record

import "bytes"

// keySeparator joins several keys of one rule (audit-userspace lib/libaudit.h: AUDIT_KEY_SEPARATOR).
var keySeparator = []byte{0x01}

// Keys returns the keys of the rule that recorded the event, in the rule's order: the key field of the record itself (not of a user
// message), decoded and split at 0x01. nil where there is none.
func Keys(r *Record) []string {
	at := find(r.Body, "key")
	if at < 0 || insideMessage(r.Body[:at]) {
		return nil
	}
	text, ok := r.Text("key")
	if !ok {
		return nil
	}
	var keys []string
	for part := range bytes.SplitSeq([]byte(text), keySeparator) {
		keys = append(keys, string(part))
	}
	return keys
}

// KeyFieldLen returns the bytes that the kernel writes behind key= for a rule with that key, several joined by 0x01, or for a rule
// without one, where present is false (kernel/audit.c:audit_log_key).
func KeyFieldLen(key string, present bool) int {
	switch {
	case !present:
		return len("(null)")
	case needsHex(key):
		return 2 * len(key)
	}
	return len(key) + 2
}
