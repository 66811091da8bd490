package match

import (
	"bytes"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/event"
	"github.com/auditprof/auditprof/internal/audit/record"
)

// sparse is one of how many calls of the recorded log a benchmark takes: a reader of logs decides events that it has just read, so they
// must be few enough to stay in the cache.
const sparse = 113

// calls reads some of the system calls of a log, each with memory of its own.
func calls(log []byte) []event.Call {
	var out []event.Call
	n := 0
	for ev := range event.NewAssembler(event.Options{}).Events(record.NewReader(bytes.NewReader(log)), nil) {
		var c event.Call
		if n++; n%sparse == 0 && c.Read(ev.Clone()) {
			out = append(out, c)
		}
	}
	return out
}

// cpuNS is the CPU time of this process, in nanoseconds: on a machine that others use too it says more than the clock.
func cpuNS(b *testing.B) int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}

// BenchmarkDecide decides the events of the recorded log under its 240 rules, one an operation.
func BenchmarkDecide(b *testing.B) {
	s := readSample(b, filepath.Join(corpus(b), "recorded"))
	all := calls(s.log)
	for _, keys := range []bool{true, false} {
		rules, name := s.rules, "keys"
		if !keys {
			rules, name = keyless(rules), "keyless"
			for i := range all {
				all[i].Key = null
			}
		}
		b.Run(name, func(b *testing.B) {
			m, err := New(rules, Host{Kernel: Version{6, 18, 44}})
			if err != nil {
				b.Fatal(err)
			}
			j := m.Judge(nil)
			b.ReportAllocs()
			b.ResetTimer()
			before := cpuNS(b)
			for i := range b.N {
				j.Decide(&all[i%len(all)])
			}
			b.ReportMetric(float64(cpuNS(b)-before)/float64(b.N), "cpu-ns/op")
		})
	}
}
