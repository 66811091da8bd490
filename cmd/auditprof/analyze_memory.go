package main

import (
	"os"
	"runtime"
	"runtime/debug"
)

// readingBytes is what a reading of a log is meant to take above the rule set: its tables are bounded (analyze.Tally, match.Facts,
// event.Assembler), and what the collector lets lie between two rounds comes on top.
const readingBytes = 40 << 20

// boundMemory has memory collected earlier than Go would by itself: where bytes more are taken than now. Under a log made to fill every table
// that costs time. Whoever sets GOMEMLIMIT has decided already. The function it returns takes the bound away.
func boundMemory(bytes int64) (undo func()) {
	if os.Getenv("GOMEMLIMIT") != "" {
		return func() {}
	}
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	before := debug.SetMemoryLimit(int64(m.Sys-m.HeapIdle) + bytes)
	return func() { debug.SetMemoryLimit(before) }
}
