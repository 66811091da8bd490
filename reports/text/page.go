package text

import (
	"fmt"
	"io"
	"strings"

	"github.com/auditprof/auditprof/reports/escape"
)

// style of a line. Colour never carries meaning alone: what is red also says so in words.
type style int

const (
	plain style = iota
	bold
	alarm
)

var sgr = map[style]string{bold: "\x1b[1m", alarm: "\x1b[1;31m"}

// labelWidth is that of the word at the left of a section.
const labelWidth = 7

// page collects lines no wider than width, all of them escaped.
type page struct {
	width int
	lines []line
}

type line struct {
	text  string
	style style
	label string // that the text begins with
}

// row adds one line and cuts it at the width: a table row never wraps.
func (p *page) row(s style, text string) {
	text = strings.TrimRight(escape.Cut(escape.Line(text), p.width), " ")
	p.lines = append(p.lines, line{text: text, style: s})
}

// gap adds an empty line between sections.
func (p *page) gap() {
	if n := len(p.lines); n > 0 && p.lines[n-1].text != "" {
		p.row(plain, "")
	}
}

// prose adds text after a label, wrapped with a hanging indent. A label longer than the column pushes the first line to the right.
func (p *page) prose(s style, label, format string, args ...any) {
	first := fmt.Sprintf("%-*s", labelWidth, label)
	if len(label) >= labelWidth {
		first = label + " "
	}
	indent := strings.Repeat(" ", labelWidth)
	for i, part := range wrap(escape.Line(fmt.Sprintf(format, args...)), p.width, escape.Columns(first), labelWidth) {
		if i == 0 {
			p.row(s, first+part)
			p.lines[len(p.lines)-1].label = label
		} else {
			p.row(s, indent+part)
		}
	}
}

// verbatim adds a line that is meant to be pasted: wrapping or cutting would break it, so it alone may be wider than the page.
func (p *page) verbatim(text string) {
	p.lines = append(p.lines, line{text: escape.Line(text)})
}

// wrap breaks text at spaces: the first line has width-first columns, the others width-rest. A word longer than a line is broken.
func wrap(text string, width, first, rest int) []string {
	var lines, now []string
	used, room := 0, width-first
	for _, word := range words(text) {
		if len(now) > 0 && used+1+escape.Columns(word) > room {
			lines, now, used, room = append(lines, strings.Join(now, " ")), nil, 0, width-rest
		}
		for len(now) == 0 && escape.Columns(word) > room {
			head := take(word, room)
			lines, word, room = append(lines, head), word[len(head):], width-rest
		}
		if len(now) > 0 {
			used++
		}
		now, used = append(now, word), used+escape.Columns(word)
	}
	return append(lines, strings.Join(now, " "))
}

// words splits at spaces but leaves a percent sign with its number.
func words(text string) []string {
	var list []string
	for _, w := range strings.Fields(text) {
		if n := len(list); n > 0 && strings.HasPrefix(w, "%") {
			list[n-1] += " " + w
		} else {
			list = append(list, w)
		}
	}
	return list
}

// take is the longest beginning of the word that fits, at least one character.
func take(word string, room int) string {
	for i, r := range word {
		if room -= escape.Columns(string(r)); room < 0 && i > 0 {
			return word[:i]
		}
	}
	return word
}

func (p *page) print(w io.Writer, color bool) error {
	var b strings.Builder
	for _, l := range p.lines {
		if on := sgr[l.style]; color && on != "" && l.text != "" {
			b.WriteString(on + l.text + "\x1b[0m\n")
		} else {
			b.WriteString(l.text + "\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
