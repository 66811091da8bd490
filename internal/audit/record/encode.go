package record

import (
	"encoding/hex"
	"strings"
)

// EncodeUntrusted returns s as the kernel logs a string that a program chose: in quotes, or in upper-case hex without quotes where it
// holds a quote, a blank, a control character or a byte above 0x7e (kernel/audit.c:audit_string_contains_control).
func EncodeUntrusted(s string) string {
	if needsHex(s) {
		return strings.ToUpper(hex.EncodeToString([]byte(s)))
	}
	return `"` + s + `"`
}

func needsHex(s string) bool {
	for n := range len(s) {
		if c := s[n]; c == '"' || c < 0x21 || c > 0x7e {
			return true
		}
	}
	return false
}
