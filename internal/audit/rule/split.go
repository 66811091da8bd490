package rule

import "strings"

// MaxLine is the longest line of a rule file in bytes: auditctl reads 6144 with the final NUL and takes the rest for a new line
// (src/auditctl.c: LINE_SIZE, get_line).
const MaxLine = 6143

// The bytes that auditctl itself puts in the place of escapes while it splits a line (src/auditctl.c: preprocess). Typed into a
// file they would be undone as if they were escapes.
const ownMarks = "\x04\x07"

// split cuts a line into words. Only spaces separate; \ and a space is a space inside a word, two \ are one, any other \ is
// itself. There are no quotes.
func split(pos Pos, text string) ([]Token, *Error) {
	var out []Token
	for i := 0; i < len(text); {
		if text[i] == ' ' {
			i++
			continue
		}
		word, n := unescape(text[i:])
		at := pos.after(i)
		if len(out) == 0 && len(word) != n {
			return nil, &Error{at, "escape in the first word, where auditctl does not undo it", "a space after the option: -w /a\\ b"}
		}
		out = append(out, Token{at, word})
		i += n
	}
	if i := strings.IndexAny(text, ownMarks); i >= 0 {
		return nil, &Error{pos.after(i), "control byte " + quote(text[i:i+1]) + ", which auditctl uses for itself", "leave it out"}
	}
	if i := strings.IndexByte(text, '\r'); i >= 0 {
		return nil, &Error{pos.after(i), "carriage return inside the line", "lines that end in LF; auditctl takes the CR as part of the word"}
	}
	if room := wordsRead(text); len(out) > room {
		return nil, &Error{out[room].Pos, "too many short words, auditctl drops those from here on", "values glued to their options (-kx), or longer keys"}
	}
	return out, nil
}

// wordsRead is how many words of a line auditctl reads: it makes room for one in three bytes and drops the words beyond
// (src/auditctl.c: fileopt). So "-w / -p r -k k" loses its last word.
func wordsRead(text string) int { return len(text)/3 + 1 }

// unescape reads one word from the start of s and says how many bytes it took.
func unescape(s string) (word string, n int) {
	var b strings.Builder
	for n < len(s) && s[n] != ' ' {
		if s[n] == '\\' && n+1 < len(s) && (s[n+1] == ' ' || s[n+1] == '\\') {
			n++
		}
		b.WriteByte(s[n])
		n++
	}
	return b.String(), n
}

// escape writes a word so that split gives it back.
func escape(word string) string {
	return strings.NewReplacer(`\`, `\\`, ` `, `\ `).Replace(word)
}
