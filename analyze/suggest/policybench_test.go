package suggest_test

import (
	"fmt"
	"testing"

	"github.com/auditprof/auditprof/analyze/suggest"
	"github.com/auditprof/auditprof/analyze/suggest/detect"
	"github.com/auditprof/auditprof/analyze/suggest/policy"
	"github.com/auditprof/auditprof/internal/audit/match"
	"github.com/auditprof/auditprof/internal/audit/names"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// A search in a full table with those who may object in earnest: a hundred thousand behaviours of twenty services.
func BenchmarkProposeWithPolicy(b *testing.B) {
	var mask rule.Wire
	mask.List, mask.Action = rule.ListExit, rule.ActionAlways
	for n := range mask.Mask {
		mask.Mask[n] = 1<<32 - 1
	}
	rules := []match.Rule{{Text: "-a always,exit -S all", Forms: []rule.Wire{mask}}}
	n := &suggest.Noise{Rules: rules, Split: suggest.Split{CoveredSec: 1 << 20, Hosts: 2}}
	for i := range 100_000 {
		x := suggest.Behaviour{Arch: names.ArchX86_64, Syscall: 257, Exe: fmt.Sprintf("/usr/sbin/s%d", i%20), UID: uint32(100 + i%20), EUID: uint32(100 + i%20),
			AUID: 1<<32 - 1, Outcome: suggest.Succeeded, Names: suggest.OneName, Family: -1, Hosts: 1,
			Dir: fmt.Sprintf("/var/lib/s%d/data/%d/%d/%d", i%20, i/20%5, i/100%30, i/3000)}
		x.DirOwner = suggest.Ownership{Seen: true, UID: x.UID}
		x.Learnt = suggest.Volume{Events: 10, Records: 40, Bytes: 8000}
		x.Tested = x.Learnt
		n.Total.Learnt.Add(x.Learnt)
		n.Total.Tested.Add(x.Tested)
		n.Behaviours = append(n.Behaviours, x)
	}
	host := detect.Host{Machine: names.ArchX86_64}
	for b.Loop() {
		out := suggest.Propose(n, policy.New(nil), detect.New(host, rules, detect.Builtin(host)), suggest.Options{Max: 30})
		b.ReportMetric(float64(len(out.Proposals)), "proposals")
	}
}
