package analyze

import (
	"fmt"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// EscapeUnprinted escapes what a terminal would act on instead of printing it: names in logs are written by attackers, and a JSON encoder
// leaves DEL, C1 controls (U+009B begins a command as ESC [ does) and what turns the writing direction (U+202E) as they are.
func EscapeUnprinted(text []byte) []byte {
	var out []byte
	done := 0 // bytes of text that are in out
	for i := 0; i < len(text); {
		if c := text[i]; c < 0x7f {
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		if !unicode.IsPrint(r) {
			out = append(out, text[done:i]...)
			out = appendEscaped(out, r)
			done = i + size
		}
		i += size
	}
	if done == 0 {
		return text
	}
	return append(out, text[done:]...)
}

// appendEscaped writes a character as JSON does in ASCII (RFC 8259, 7): beyond U+FFFF as two.
func appendEscaped(out []byte, r rune) []byte {
	if r <= 0xffff {
		return fmt.Appendf(out, `\u%04x`, r)
	}
	high, low := utf16.EncodeRune(r)
	return fmt.Appendf(out, `\u%04x\u%04x`, high, low)
}
