package kernel

import (
	"fmt"
	"testing"
)

// BenchmarkLoadUnload is one arm's loading and unloading with its comparisons, as Apply does it under a lease.
// Targets: 350 rules in 0.5 s, 10,000 in 10 s.
func BenchmarkLoadUnload(b *testing.B) {
	for _, n := range []int{350, 10000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			live(b)
			l := acquire(b, Options{})
			rules := harmless(n)
			for b.Loop() {
				if err := l.Apply(rules, Limits{}); err != nil {
					b.Fatal(err)
				}
				if err := l.Apply(nil, Limits{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkAcquireRestore is a lease on a host with that many rules of its own: the price of trying each again.
func BenchmarkAcquireRestore(b *testing.B) {
	for _, n := range []int{0, 350} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			c := live(b)
			for _, w := range harmless(n) {
				if err := c.Add(w); err != nil {
					b.Fatal(err)
				}
			}
			dir := runDir(b)
			for b.Loop() {
				if _, err := acquire(b, Options{RunDir: dir}).Restore(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkStatus is the price of one look of a sampler.
func BenchmarkStatus(b *testing.B) {
	c := live(b)
	for b.Loop() {
		if _, err := c.Status(); err != nil {
			b.Fatal(err)
		}
	}
}
