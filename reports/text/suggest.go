package text

import (
	"fmt"
	"io"
	"strings"

	"github.com/auditprof/auditprof/analyze/suggest/advice"
	"github.com/auditprof/auditprof/bench/verify"
	"github.com/auditprof/auditprof/reports/escape"
)

// SuggestionOptions say how to print advice.
type SuggestionOptions struct {
	// Width of the terminal in columns; below 80 it is taken as 80.
	Width int
	// Color marks findings and alarms with terminal colours.
	Color bool
	// RuleCount is how many rules the set has.
	RuleCount int
	// Verified is what was measured, nil for nothing.
	Verified *verify.Verified
	// Next are the commands that the reader may want to type, most useful first.
	Next []Step
}

// WriteSuggestion prints what suggest-exclusions has to say: the verdict, each proposal with what it takes from sight, what was refused, the
// proof. The error is that of w.
func WriteSuggestion(w io.Writer, a *advice.Advice, options SuggestionOptions) error {
	v := &adviceView{a, options}
	p := &page{width: max(options.Width, 80)}
	v.head(p)
	v.verdict(p)
	for i := range a.Proposals {
		v.proposal(p, &a.Proposals[i])
	}
	v.caveats(p)
	v.refused(p)
	v.proof(p)
	if options.Verified != nil {
		p.verified(options.Verified)
	}
	v.remarks(p)
	v.next(p)
	return p.print(w, options.Color)
}

// adviceView is advice with how to print it.
type adviceView struct {
	advice  *advice.Advice
	options SuggestionOptions
}

// itemWidth is that of the words at the left within a proposal.
const itemWidth = 11

// item adds text after a word within a section, wrapped with a hanging indent.
func (p *page) item(label, format string, args ...any) {
	p.hang(plain, fmt.Sprintf("    %-*s", itemWidth, label), 4+itemWidth, fmt.Sprintf(format, args...))
}

// columns adds a line of words with two blanks between them, or wrapped where they do not fit.
func (p *page) columns(s style, words ...string) {
	if line := strings.Join(words, "  "); escape.Columns(escape.Line(line)) <= p.width {
		p.row(s, line)
		return
	}
	p.hang(s, words[0]+"  ", 4, strings.Join(words[1:], " "))
}

// ruleText adds the text of a rule, wrapped where an option begins and not between an option and its value.
func (p *page) ruleText(first, text string) {
	var parts []string
	for i, word := range strings.Split(escape.Line(text), " ") {
		if i > 0 && !strings.HasPrefix(word, "-") || len(parts) > 0 && strings.HasSuffix(parts[len(parts)-1], `\`) {
			parts[len(parts)-1] += " " + word
		} else {
			parts = append(parts, word)
		}
	}
	line, indent := first+parts[0], strings.Repeat(" ", escape.Columns(first)+2)
	for _, part := range parts[1:] {
		if escape.Columns(line)+1+escape.Columns(part) > p.width {
			p.broken(line, indent)
			line = indent + part
		} else {
			line += " " + part
		}
	}
	p.broken(line, indent)
}

// broken adds a line in as many pieces as it takes. What is broken off is indented: it must not look like a line of its own.
func (p *page) broken(line, indent string) {
	for escape.Columns(line) > p.width {
		head := take(line, p.width)
		p.row(plain, head)
		line = indent + line[len(head):]
	}
	p.row(plain, line)
}

// hang adds text after first, wrapped; further lines are indented.
func (p *page) hang(s style, first string, indent int, text string) {
	for i, part := range wrap(escape.Line(text), p.width, escape.Columns(first), indent) {
		if i == 0 {
			p.row(s, first+part)
		} else {
			p.row(s, strings.Repeat(" ", indent)+part)
		}
	}
}

func (v *adviceView) remarks(p *page) {
	if len(v.advice.Remarks) > 0 {
		p.gap()
	}
	for _, r := range v.advice.Remarks {
		p.prose(plain, "note", "%s", r)
	}
}

func (v *adviceView) next(p *page) {
	if len(v.options.Next) > 0 {
		p.gap()
	}
	for _, s := range v.options.Next {
		p.prose(plain, "next", "%s:", s.Why)
		p.verbatim("  " + s.Command)
	}
}
