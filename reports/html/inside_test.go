package html

import (
	"strings"
	"testing"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/reports/testrun"
)

// CPU, memory and backlog within the slots have a line for each set that used any, and a band for the range of the rounds; figures that bench never
// writes have neither, and runs of earlier versions have the backlog alone.
func TestWithinASlot(t *testing.T) {
	run, slots := testrun.Small()
	text := page(t, run, RunOptions{Slots: slots})
	for _, want := range []string{"CPU of auditd, 0 to 17 % of a CPU", "Memory of auditd, 0 to 4.11\u00a0MiB", "Backlog, 0 to 1,409\u00a0records, of loaded now, site.rules, stig.rules", `class="band arm1"`} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	for i := range slots {
		slots[i].AuditdCPUNsSeries, slots[i].AuditdRSSBytesSeries = nil, &result.Series{StepNs: -1, Values: []int64{1}}
	}
	text = page(t, run, RunOptions{Slots: slots})
	if strings.Contains(text, "CPU of auditd, 0 to") || strings.Contains(text, "Memory of auditd, 0 to") || !strings.Contains(text, "Backlog, 0 to 1,409\u00a0records") {
		t.Error("series that are none are drawn, or the backlog is not")
	}
}
