package markdown

import (
	"html"
	"regexp"
	"strings"

	"github.com/auditprof/auditprof/reports/escape"
)

// maxName is how many columns of a name a cell shows.
const maxName = 120

// code is a name as a code span that may stand in a table. A code span ends at as many backticks as it began with, so it begins with more than
// the name has in a row. A pipe would end the cell: it has a backslash, and those in front of it are doubled, or one would take the pipe's.
func code(name string) string {
	name = escape.Cut(escape.Line(name), maxName)
	if strings.TrimSpace(name) == "" {
		return "(none)"
	}
	fence := strings.Repeat("`", longestRun(name)+1)
	pad := ""
	if strings.HasPrefix(name, "`") || strings.HasSuffix(name, "`") || strings.HasPrefix(name, " ") && strings.HasSuffix(name, " ") {
		pad = " " // one blank on each side is not part of a code span
	}
	return fence + pad + pipes.ReplaceAllString(name, `$1$1\|`) + pad + fence
}

// pipes are pipes with the backslashes in front of them.
var pipes = regexp.MustCompile(`(\\*)\|`)

// longestRun of backticks in a name.
func longestRun(name string) int {
	longest, run := 0, 0
	for _, c := range name {
		if c != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}

// plain escapes a sentence: punctuation that is markup, and what GitHub makes links of: mentions, issues, addresses.
var plain = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", `*`, `\*`, `_`, `\_`, `[`, `\[`, `]`, `\]`, `|`, `\|`, `~`, `\~`, `$`, `\$`, `<`, `&lt;`, `>`, `&gt;`, `&`, `&amp;`,
	`@`, "`@`", `#`, "`#`", `://`, "`://`", `www.`, "`www.`", `GH-`, "`GH-`",
)

// maxSentence is how many columns of a sentence are shown: one that quotes a hostile name has no end.
const maxSentence = 700

func sentence(text string) string { return plain.Replace(escape.Cut(escape.Line(text), maxSentence)) }

// tagged is a name within a block of HTML, where nothing is Markdown: references in place of signs, and <code> against mentions.
func tagged(name string) string {
	return "<code>" + html.EscapeString(escape.Cut(escape.Line(name), maxName)) + "</code>"
}
