package text

import (
	"strings"

	"github.com/auditprof/auditprof/reports/escape"
)

// table is a first column that gives way, then columns as wide as their longest cell. left marks columns that are aligned left.
type table struct {
	rows []tableRow
	over []span // a heading above several columns
	left map[int]bool
	// fill widens the first column to the page: where it holds text that is worth reading.
	fill bool
	gap  int // between columns, chosen by fit
}

type tableRow struct {
	style style
	cells []string
	note  string // a line of its own below, indented
}

type span struct {
	from, to int // columns, both included; never the first
	text     string
}

func (t *table) add(s style, cells ...string) {
	for i := range cells {
		cells[i] = escape.Line(cells[i])
	}
	t.rows = append(t.rows, tableRow{style: s, cells: cells})
}

// natural is the width of each column when nothing has to give way, headings included.
func (t *table) natural() []int {
	var w []int
	for _, r := range t.rows {
		for i, c := range r.cells {
			if i == len(w) {
				w = append(w, 0)
			}
			w[i] = max(w[i], escape.Columns(c))
		}
	}
	for _, s := range t.over {
		if missing := escape.Columns(s.text) - t.across(w, s.from, s.to); missing > 0 {
			w[s.to] += missing
		}
	}
	return w
}

// across is the width of the columns from..to with the gaps between them.
func (t *table) across(w []int, from, to int) int {
	wide := -t.gap
	for _, c := range w[from : to+1] {
		wide += t.gap + c
	}
	return wide
}

// fit chooses gaps of two columns, or of one where the page is narrow, and gives each column its width.
func (t *table) fit(width int) []int {
	t.gap = 2
	w := t.natural()
	if len(w) == 0 {
		return w
	}
	if t.across(w, 0, len(w)-1) > width {
		t.gap = 1
		w = t.natural()
	}
	room := max(width-t.across(w, 0, len(w)-1)+w[0], 8)
	if room < w[0] || t.fill {
		w[0] = room
	}
	return w
}

// fits tells whether the first column can be shown whole.
func (t *table) fits(width int) bool {
	t.gap = 1
	w := t.natural()
	return t.across(w, 0, len(w)-1) <= width
}

func (t *table) print(p *page) {
	w := t.fit(p.width)
	if len(t.over) > 0 {
		p.row(plain, t.heading(w))
	}
	for _, r := range t.rows {
		var b strings.Builder
		for i, c := range r.cells {
			if i > 0 {
				b.WriteString(strings.Repeat(" ", t.gap))
			}
			b.WriteString(pad(escape.Cut(c, w[i]), w[i], i == 0 || t.left[i]))
		}
		p.row(r.style, b.String())
		if r.note != "" {
			p.row(plain, "    "+r.note)
		}
	}
}

// heading puts each span's text above its columns.
func (t *table) heading(w []int) string {
	text := ""
	for _, s := range t.over {
		at := t.across(w, 0, s.from-1) + t.gap
		wide := t.across(w, s.from, s.to)
		text = pad(escape.Cut(text, at), at, true) + pad(escape.Cut(s.text, wide), wide, t.left[s.from] || s.from < s.to)
	}
	return text
}

func pad(s string, width int, left bool) string {
	space := strings.Repeat(" ", max(width-escape.Columns(s), 0))
	if left {
		return s + space
	}
	return space + s
}
