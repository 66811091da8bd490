package markdown

import (
	"cmp"
	"fmt"
	"io"
	"strings"
)

// Limit is the size of the largest document: GitHub takes comments of up to 65,536 characters.
const Limit = 60_000

// reserve is kept for what closes tables, for counts of what is left out, and for headings.
const reserve = 2_000

// document collects text up to its limit.
type document struct {
	b    strings.Builder
	left int    // rows that had no room
	all  string // the command whose report has all rows
}

// fits tells whether so much more has room.
func (d *document) fits(text string) bool { return d.b.Len()+len(text)+reserve <= Limit }

// add writes a line, or counts it as left out.
func (d *document) add(line string) bool {
	if !d.fits(line) {
		d.left++
		return false
	}
	d.b.WriteString(line + "\n")
	return true
}

// table is a folded table or list.
type table struct {
	title string
	heads []string // none: the rows are lines of a list. One that begins with a blank is a column of numbers.
	rows  [][]string
	more  int // rows that were left out already
}

// fold writes a table, closed until the reader opens it. One without rows is not written.
func (d *document) fold(t table) {
	if len(t.rows) == 0 {
		return
	}
	head := fmt.Sprintf("\n<details><summary>%s</summary>\n\n%s", t.title, t.head())
	if !d.fits(head) {
		d.left += len(t.rows) + t.more
		return
	}
	d.b.WriteString(head)
	left := t.more
	for _, r := range t.rows {
		line := "| " + strings.Join(r, " | ") + " |"
		if len(t.heads) == 0 {
			line = "- " + strings.Join(r, " ")
		}
		if left > t.more || !d.fits(line) {
			left++ // a gap within a table would not be seen
			continue
		}
		d.b.WriteString(line + "\n")
	}
	if left > 0 {
		fmt.Fprintf(&d.b, "\n%d more left out here.\n", left)
	}
	d.b.WriteString("\n</details>\n")
}

func (t table) head() string {
	if len(t.heads) == 0 {
		return ""
	}
	var names, rules []string
	for _, h := range t.heads {
		rule := "---"
		if strings.HasPrefix(h, " ") {
			rule = "--:"
		}
		names, rules = append(names, strings.TrimSpace(h)), append(rules, rule)
	}
	return "| " + strings.Join(names, " | ") + " |\n| " + strings.Join(rules, " | ") + " |\n"
}

// print writes the document, with the count of what was left out as a whole.
func (d *document) print(w io.Writer) error {
	if d.left > 0 {
		fmt.Fprintf(&d.b, "\n%d more lines have no room in a comment: %s has all of them.\n", d.left, cmp.Or(d.all, "auditprof report RUN --format html"))
	}
	if _, err := io.WriteString(w, d.b.String()); err != nil {
		return fmt.Errorf("write Markdown: %w", err)
	}
	return nil
}
