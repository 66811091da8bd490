package html

import (
	"fmt"
	"testing"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/reports/testrun"
)

// loud is a large run in which each of 400 rules recorded what four programs did, on every workload.
func loud() (*result.Run, []result.Slot) {
	run, slots := testrun.Large()
	rules := withRules(400).Arms[3].Rules
	for i := range run.Arms {
		if run.Arms[i].Rules != nil {
			run.Arms[i].Rules = rules
		}
	}
	for i := range run.Attribution {
		a := &run.Attribution[i]
		a.Rules, a.Rows = nil, nil
		for j := range rules {
			a.Rules = append(a.Rules, result.RuleShare{Rule: j, File: "site.rules", Line: j + 1, Text: rules[j].Text, Events: 10, Records: 30, Bytes: 4 * uint64(1_000_000>>(j/10))})
			for k := range 4 {
				a.Rows = append(a.Rows, result.Row{Rule: j, Type: fmt.Sprint("T", k), Exe: fmt.Sprintf("/usr/bin/app%d", (j*7+k)%30), Syscall: "openat", Events: 10, Records: 30, Bytes: uint64(1_000_000 >> (j / 10))})
			}
		}
	}
	return run, slots
}

// However much rules recorded on however many workloads, the page of 400 rules is below 2 MB: what has no room is named.
func TestPageOfLoudRulesStaysSmall(t *testing.T) {
	run, slots := loud()
	if got := page(t, run, RunOptions{Slots: slots}); len(got) >= 2_000_000 {
		t.Errorf("%d bytes", len(got))
	}
}
