package event

import (
	"bytes"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/record"
)

func benchmarkAssembler(b *testing.B, text []byte, opt Options) {
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	events := 0
	for b.Loop() {
		r := record.NewReader(bytes.NewReader(text))
		for range NewAssembler(opt).Events(r, nil) {
			events++
		}
	}
	b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
}

func BenchmarkAssembler(b *testing.B) {
	var text []byte
	for n := range 50000 {
		text = append(text, join(lines(10+n/1000, n)...)...)
	}
	b.Run("adjacent", func(b *testing.B) { benchmarkAssembler(b, text, Options{}) })
	b.Run("never complete", func(b *testing.B) {
		cut := bytes.ReplaceAll(text, []byte("type=PROCTITLE"), []byte("type=NOTHING"))
		benchmarkAssembler(b, cut, Options{Absent: map[string]bool{"PROCTITLE": true}})
	})
	var mixed []byte
	for n := 0; n < 50000; n += 2 {
		one, two := lines(10+n/1000, n), lines(10+n/1000, n+1)
		for i := range one {
			mixed = append(mixed, one[i]+"\n"+two[i]+"\n"...)
		}
	}
	b.Run("interleaved", func(b *testing.B) { benchmarkAssembler(b, mixed, Options{}) })
	b.Run("recorded", func(b *testing.B) { benchmarkAssembler(b, recorded(b), Options{}) })
	b.Run("recorded ten times", func(b *testing.B) { benchmarkAssembler(b, bytes.Repeat(recorded(b), 10), Options{}) })
}
