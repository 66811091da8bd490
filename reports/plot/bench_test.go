package plot

import (
	"io"
	"testing"

	"github.com/auditprof/auditprof/reports/testrun"
)

// All pictures of 20 scenarios under 5 arms in 30 rounds: the goal for the whole report is 3 s.
func BenchmarkDrawLarge(b *testing.B) {
	run, slots := testrun.Large()
	for _, k := range Kinds {
		b.Run(k.Name, func(b *testing.B) {
			for b.Loop() {
				if err := Draw(io.Discard, k.Name, run, slots, "png"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
