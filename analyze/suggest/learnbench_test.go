package suggest

import (
	"bytes"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/record"
	"github.com/auditprof/auditprof/internal/hostlog"
)

// rowsOf are all events of a log as rows of one rule.
func rowsOf(text []byte) []analyze.Row {
	var rows []analyze.Row
	reader := record.NewReader(bytes.NewReader(text))
	asm := event.NewAssembler(event.Options{})
	for ev := range asm.Events(reader, nil) {
		ev = ev.Clone()
		call, row := &event.Call{}, analyze.Row{}
		if !call.Read(ev) {
			call = nil
		}
		row.Fill(ev, call)
		row.Decision = analyze.Decision{Origin: analyze.UserMessages, Rule: analyze.NoRule}
		if call != nil {
			row.Decision = analyze.Decision{Origin: analyze.Rules, Rule: 0}
		}
		rows = append(rows, row)
	}
	return rows
}

// One event of a log of hosts, when all its behaviours are known.
func BenchmarkLearn(b *testing.B) {
	rows := rowsOf(hostlog.Text(hostlog.Options{Seed: 1, Hosts: 2, Named: true, Days: 1, Bytes: 8 << 20}))
	l := NewLearner(LearnerOptions{})
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if err := l.Write(&rows[i%len(rows)]); err != nil {
			b.Fatal(err)
		}
	}
}

// One event of a flood in which each is in a folder of its own: the tables are full again and again.
func BenchmarkLearnFlood(b *testing.B) {
	rows := rowsOf(hostlog.Text(hostlog.Options{Seed: 1, Hosts: 1, Days: 1, Bytes: 1 << 20}))
	var row analyze.Row
	for i := range rows {
		if len(rows[i].Path) > 0 && rows[i].Call != nil && len(rows[i].Call.Names) == 1 {
			row = rows[i]
		}
	}
	for name, rest := range map[string]string{"flat": "/y", "deep": strings.Repeat("/d", 30) + "/y", "long": strings.Repeat("/some-folder", 300) + "/y"} {
		b.Run(name, func(b *testing.B) {
			l := NewLearner(LearnerOptions{})
			path := []byte("/flood00000000" + rest)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				for n, at := i, 13; n > 0; n, at = n/10, at-1 {
					path[at] = byte('0' + n%10)
				}
				row.Path = path
				if err := l.Write(&row); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
