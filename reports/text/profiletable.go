package text

import (
	"fmt"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/reports/unit"
)

// entry is a line of a table: what made it, and how much.
type entry struct {
	name string
	note string // a line of its own below, "" for none
	analyze.Count
}

// volumes prints a table of what made the log, the largest first as given. Shares are of the bytes of the whole log. What a row says about
// the rest of the table (how many more there are, what no row claims) comes in rest.
func (v *profileView) volumes(p *page, title, about string, rows, rest []entry) {
	if len(rows)+len(rest) == 0 {
		return
	}
	p.gap()
	t := &table{fill: true}
	t.add(bold, fmt.Sprintf("%-*s%s", labelWidth, title, about), "events", "records", "bytes", "share")
	first, more := several(rows, v.top(len(rows)))
	for _, r := range first {
		v.volume(t, r)
	}
	if more > 0 {
		v.volume(t, entry{name: fmt.Sprintf("%s more", unit.Count(int64(more))), Count: sumOf(rows[len(first):])})
	}
	for _, r := range rest {
		v.volume(t, r)
	}
	t.print(p)
}

func (v *profileView) volume(t *table, r entry) {
	t.add(plain, "  "+r.name, countOf(r.Events), countOf(r.Records), unit.Bytes(float64(r.Bytes)), share(float64(r.Bytes), float64(v.bytes())))
	t.rows[len(t.rows)-1].note = r.note
}

// top is how many of n lines are shown.
func (v *profileView) top(n int) int {
	if v.options.All {
		return n
	}
	return max(v.options.Top, 1)
}

func sumOf(rows []entry) (total analyze.Count) {
	for _, r := range rows {
		total.Events += r.Events
		total.Records += r.Records
		total.Bytes += r.Bytes
	}
	return total
}

// many is "1 event", "2,000 events".
func many(n uint64, noun string) string { return plural(int(min(n, 1<<62)), noun) }

// countOf prints a whole number, 64 bits of it.
func countOf(n uint64) string { return unit.Count(int64(min(n, 1<<62))) }
