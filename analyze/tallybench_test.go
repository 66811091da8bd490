package analyze

import (
	"fmt"
	"testing"
)

// BenchmarkTally adds the events of a real log, again and again.
func BenchmarkTally(b *testing.B) {
	rows, rules := recordedRows(b, 20000)
	t := NewTally(rules)
	for i := range rows {
		t.Add(&rows[i])
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		t.Add(&rows[i])
		if i++; i == len(rows) {
			i = 0
		}
	}
	if t.total.Events == 0 {
		b.Fatal("nothing was counted")
	}
}

// BenchmarkTallyHostile adds events of which nearly every one has names that have not been seen, or not for long.
func BenchmarkTallyHostile(b *testing.B) {
	rules := make([]RuleID, 200)
	g := newRandomRow(1, 50000, len(rules))
	var rows []Row
	for range 50000 {
		r := *g.next()
		r.Records = append([]RecordSize(nil), r.Records...)
		r.Exe = quoted(fmt.Sprintf("/usr/bin/program-%d", len(rows)))
		rows = append(rows, r)
	}
	t := NewTally(rules)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		t.Add(&rows[i])
		if i++; i == len(rows) {
			i = 0
		}
	}
}
