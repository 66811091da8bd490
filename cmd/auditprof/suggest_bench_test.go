package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/auditprof/auditprof/internal/hostlog"
)

// benchBytes is the size of the log: 1<<28, or AUDITPROF_BENCH_BYTES.
func benchBytes(b *testing.B) int64 {
	text := os.Getenv("AUDITPROF_BENCH_BYTES")
	if text == "" {
		return 1 << 28
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// BenchmarkSuggest is suggest-exclusions beside analyze on the same log of a host: beyond_s is what it takes more, peak_MiB the most memory that
// the program had from the system.
func BenchmarkSuggest(b *testing.B) {
	dir := b.TempDir()
	log, rules := filepath.Join(dir, "audit.log"), filepath.Join(dir, "host.rules")
	size := benchBytes(b)
	file, err := os.Create(log)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := io.Copy(file, hostlog.New(hostlog.Options{Days: 3, Bytes: size})); err != nil {
		b.Fatal(err)
	}
	file.Close()
	if err := os.WriteFile(rules, []byte(hostlog.Rules), 0o600); err != nil {
		b.Fatal(err)
	}
	read := readingFlags{rules: []string{rules}, jobs: runtime.GOMAXPROCS(0), quiet: true}
	c := Command{In: nil, Out: io.Discard, Err: io.Discard}
	b.SetBytes(size)
	var beyond time.Duration
	peak := peakMemory()
	for b.Loop() {
		began := time.Now()
		if _, err := c.analyzeLogs(context.Background(), analyzeFlags{readingFlags: read}, []string{log}); err != nil {
			b.Fatal(err)
		}
		read1 := time.Since(began)
		s, err := c.suggestFrom(context.Background(), suggestFlags{readingFlags: read, share: 0.9, max: 10, risk: "low"}, []string{log})
		if err != nil || len(s.advice.Proposals) == 0 {
			b.Fatal("nothing proposed: ", err)
		}
		beyond += time.Since(began) - 2*read1
	}
	b.ReportMetric(beyond.Seconds()/float64(b.N), "beyond_s")
	b.ReportMetric(float64(peak())/(1<<20), "peak_MiB")
}

// peakMemory looks every now and then how much memory the program has, until the function that it returns is called.
func peakMemory() func() uint64 {
	stop, most := make(chan struct{}), make(chan uint64)
	go func() {
		var m runtime.MemStats
		var top uint64
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				runtime.ReadMemStats(&m)
				top = max(top, m.Sys-m.HeapReleased)
			case <-stop:
				most <- top
				return
			}
		}
	}()
	return func() uint64 { close(stop); return <-most }
}
