package event

import (
	"os"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/record"
	"github.com/auditprof/auditprof/internal/biglog"
)

// BenchmarkBigLog reads a log of 600 MB from a file: its lines, its events, its calls. Memory has to stay as it is with a small one.
func BenchmarkBigLog(b *testing.B) {
	path := biglog.Path(b, 600e6)
	var call Call
	for _, c := range []struct {
		name string
		use  func(*record.Reader)
	}{
		{"lines", func(r *record.Reader) {
			for r.Scan() {
			}
		}},
		{"events", func(r *record.Reader) {
			for range NewAssembler(Options{}).Events(r, nil) {
			}
		}},
		{"calls", func(r *record.Reader) {
			for ev := range NewAssembler(Options{}).Events(r, nil) {
				call.Read(ev)
			}
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				f, err := os.Open(path)
				if err != nil {
					b.Fatal(err)
				}
				r := record.NewReader(f)
				c.use(r)
				if err := r.Err(); err != nil {
					b.Fatal(err)
				}
				b.SetBytes(r.Bytes())
				f.Close()
			}
		})
	}
}
