package suggest

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/auditprof/auditprof/internal/audit/names"
)

// The search in a table that is full: a hundred thousand behaviours of twenty programs, under five rules.
func BenchmarkPropose(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	rules := rulesOf(b, randomRules)
	n := &Noise{Rules: rules, Split: Split{CoveredSec: 3 * daySec, Hosts: 3}}
	for i := range 100_000 {
		x := randomBehaviour(rng, rules)
		if x.MsgType == "" {
			x.Arch, x.Exe, x.UID, x.AUID = names.ArchX86_64, fmt.Sprintf("/usr/sbin/service%d", i%20), uint32(i%20), unset
			x.Wanted = false
			if x.Dir != "" {
				x.Dir = fmt.Sprintf("/var/lib/s%d/%d/%d/%d", i%20, rng.IntN(5), rng.IntN(30), rng.IntN(100))
			}
		}
		n.Total.join(Parts{x.Learnt, x.Tested})
		n.Behaviours = append(n.Behaviours, x)
	}
	b.ReportAllocs()
	for b.Loop() {
		out := Propose(n, careful{}, nil, Options{})
		b.ReportMetric(float64(len(out.Proposals)), "proposals")
	}
}
