package markdown

import (
	"io"
	"testing"

	"github.com/auditprof/auditprof/reports/csv"
	"github.com/auditprof/auditprof/reports/pprof"
	"github.com/auditprof/auditprof/reports/redact"
	"github.com/auditprof/auditprof/reports/testrun"
	"github.com/auditprof/auditprof/reports/text"
)

// A run of 20 scenarios under 5 arms in 30 rounds, in the forms that are text: the goal for a report is 3 s.
func BenchmarkLargeRun(b *testing.B) {
	run, slots := testrun.Large()
	for name, write := range map[string]func() error{
		"markdown": func() error { return WriteRun(io.Discard, run, text.Options{}) },
		"csv":      func() error { return csv.WriteRun(io.Discard, run) },
		"pprof":    func() error { return pprof.WriteRun(io.Discard, run) },
		"text":     func() error { return text.Write(io.Discard, run, text.Options{Width: 160}) },
		"redact":   func() error { r := redact.New(redact.Options{}); r.Run(run); r.Slots(slots); return nil },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := write(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
