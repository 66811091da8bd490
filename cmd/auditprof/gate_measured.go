package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/audit/match"
)

// measured refuses rules that were typed beside a run that measured others: its figures would stand for rules that nobody measured.
func (g *gated) measured(f gateFlags, r *gatedRun) error {
	if r.run != nil && g.next != nil && len(f.rules) > 0 && !measuredUnder(r.run, r.arm, g.next.set.Rules) {
		return usageError{fmt.Errorf("--rules: arm %q of the run was measured under other rules: measure again, or leave --rules out", r.arm)}
	}
	if r.base != nil && g.prior != nil && len(f.baseRules) > 0 && !measuredUnder(r.base, r.baseArm, g.prior.set.Rules) {
		g.remarks = append(g.remarks, fmt.Sprintf("the figures of the baseline (arm %s) were not measured under --base-rules", r.baseArm))
	}
	return nil
}

// measuredUnder tells whether an arm of a run had these rules: the same lines in the same order, list by list. Of rules that were found loaded there
// are no lines.
func measuredUnder(run *result.Run, arm string, rules []match.Rule) bool {
	has, typed := map[string][]string{}, map[string][]string{}
	for i := range run.Arms {
		if run.Arms[i].Name != arm {
			continue
		}
		if run.Arms[i].Kind != result.ArmCandidate {
			return true
		}
		for _, r := range run.Arms[i].Rules {
			has[r.List] = append(has[r.List], strings.Join(strings.Fields(r.Text), " "))
		}
	}
	for _, r := range rules {
		list := r.Forms[0].List.String()
		typed[list] = append(typed[list], strings.Join(strings.Fields(r.Text), " "))
	}
	return maps.EqualFunc(has, typed, slices.Equal[[]string])
}
