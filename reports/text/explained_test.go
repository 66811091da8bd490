package text

import (
	"fmt"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/bench/result"
)

// explainedRun is the full run with explain slots on db-churn.
func explainedRun() *result.Run {
	run := full()
	levels := []string{"syscalls", "scheduler", "samples"}
	busy := result.SchedulerTimes{OnCPUNs: 951e6, WaitingNs: 474e6, Switches: 21269}
	slot := func(arm string) result.Explained {
		return result.Explained{Scenario: "db-churn", Arm: arm, Ops: 4000, Levels: levels, ProbeNs: 262.4, Samples: map[string]uint64{result.OutsideAudit: 300}}
	}
	none, rules, site, mute := slot("no audit"), slot("no rules"), slot("site.rules"), slot("site.rules")
	rules.Tax = &result.Shift{Ns: 31.4, Low: 20, High: 60, Calls: 90000, Syscalls: 9}
	site.Tax = &result.Shift{Ns: 826, Low: 250, High: 1793, Calls: 80000, Syscalls: 7}
	site.Record = &result.Shift{Ns: 13181.2, Low: 10011, High: 16631, Calls: 16072, Syscalls: 3, AsleepNs: 147512}
	site.Samples = map[string]uint64{result.AuditFilter: 5, result.AuditNames: 37, result.AuditFormat: 146, result.AuditQueue: 89, result.OutsideAudit: 426}
	site.Auditd, site.Kauditd = busy, result.SchedulerTimes{OnCPUNs: 163e6, WaitingNs: 382e6}
	site.Notes = []string{"36 samples were not counted: the maps were full"}
	mute.Mute, mute.Tax = true, &result.Shift{Ns: 729.7, Low: 249, High: 2114, Calls: 94538, Syscalls: 9}
	again := slot("no audit")
	again.Again, again.Tax = true, &result.Shift{Ns: -12, Low: -40, High: 30, Calls: 94000, Syscalls: 9}
	run.Explained = []result.Explained{none, rules, site, mute, again}
	return run
}

func TestExplainedGolden(t *testing.T) {
	for _, width := range []int{80, 160} {
		got := write(t, explainedRun(), Options{Width: width})
		checkLines(t, got, width, nil)
		golden(t, fmt.Sprintf("explained-%d", width), got)
	}
}

func TestExplainedSaysWhatIsMissing(t *testing.T) {
	run := explainedRun()
	for i := range run.Explained {
		e := &run.Explained[i]
		e.Levels, e.Samples, e.ProbeNs, e.Tax, e.Record = nil, nil, 0, nil, nil
		e.Notes = []string{"no syscalls: \x1b[31mnot permitted"}
	}
	text := write(t, run, Options{})
	for _, want := range []string{"what the probes add to each is not known", "site.rules       -"} {
		if !strings.Contains(strings.Join(strings.Fields(text), " "), strings.Join(strings.Fields(want), " ")) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Count(text, "not permitted") != 1 {
		t.Errorf("a note of all slots stands there once:\n%s", text)
	}
	checkLines(t, text, 80, nil)
	if strings.Contains(write(t, full(), Options{}), "explain ") {
		t.Error("a run without explain slots speaks of them")
	}
}
