package place

import (
	"strings"

	"github.com/auditprof/auditprof/internal/audit/rule"
)

const (
	commentMark = "# auditprof "
	// maxComment is the longest comment line in bytes: enough for a sentence, far below rule.MaxLine, behind which auditctl takes the
	// rest of a line for a new one.
	maxComment = 500
)

// comment is the one place where comments are written. Its text may hold what an attacker chose, the name of a file say: a newline in it
// would be a rule. What is no printable ASCII is escaped, and what is too long is cut.
func comment(id, text string) string {
	line := commentMark + id + ": " + text
	var b strings.Builder
	for i := range len(line) {
		c := line[i]
		if b.Len() > maxComment {
			return b.String() + "..."
		}
		if c < ' ' || c > '~' {
			b.WriteString(`\x` + string(hexDigits[c>>4]) + string(hexDigits[c&15]))
			continue
		}
		b.WriteByte(c)
	}
	return strings.TrimRight(b.String(), " ")
}

const hexDigits = "0123456789abcdef"

// retired is a line of the rule file as a comment. It has no newline in it, since it is one line, and is cut where auditctl would take the
// rest for a new one.
func retired(id string, l *rule.Line) string {
	was := commentMark + id + " was: " + strings.TrimLeft(l.Text, " ")
	return was[:min(len(was), rule.MaxLine-1)] // one byte for a CR at its end
}
