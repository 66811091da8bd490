package escape

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Line makes s printable: control bytes and bytes that are no UTF-8 become \xNN, characters that print nothing or turn the writing direction
// (U+202E and its kin) become \uNNNN. A backslash of s stays as it is, so that rules read as written.
func Line(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size <= 1, r < 0x20, r == 0x7f:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r < 0x7f, unicode.IsPrint(r) && !unicode.Is(unicode.M, r):
			b.WriteString(s[i : i+size])
		case r > 0xffff:
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
		i += size
	}
	return b.String()
}

// Columns is how many terminal columns a line made by Line takes at most. Everything from U+1100 on is taken to be wide: a line that is
// shorter than it could be breaks no table, one that is longer does.
func Columns(s string) int {
	n := 0
	for _, r := range s {
		n += columns(r)
	}
	return n
}

func columns(r rune) int {
	if r >= 0x1100 {
		return 2
	}
	return 1
}

// Cut shortens s to at most width columns; what was cut ends in "...".
func Cut(s string, width int) string {
	if Columns(s) <= width {
		return s
	}
	if width <= 3 {
		return "..."[:max(width, 0)]
	}
	used := 0
	for i, r := range s {
		if used += columns(r); used > width-3 {
			return strings.TrimRight(s[:i], " ") + "..."
		}
	}
	return s
}
