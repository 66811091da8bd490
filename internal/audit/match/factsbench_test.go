package match

import (
	"path/filepath"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/event"
)

// BenchmarkLearn learns events of the recorded log again and again after all of it: nothing is new but what comes into being and goes.
func BenchmarkLearn(b *testing.B) {
	s := readSample(b, filepath.Join(corpus(b), "recorded"))
	m, err := New(s.rules, Host{})
	if err != nil {
		b.Fatal(err)
	}
	all := calls(s.log)
	names := 0
	for i := range all {
		names += len(all[i].Names)
	}
	f := NewFacts(m)
	eachCall(s.log, func(c *event.Call) { f.Learn(c) })
	b.ReportAllocs()
	b.ResetTimer()
	before := cpuNS(b)
	for n := range b.N {
		f.Learn(&all[n%len(all)])
	}
	b.ReportMetric(float64(cpuNS(b)-before)/float64(b.N)*float64(len(all))/float64(names), "cpu-ns/name")
}
