package text

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/auditprof/auditprof/compare"
)

// comparisonSample has everything that a comparison may say.
func comparisonSample(name string) *compare.Comparison {
	open := &compare.Rule{File: "40-files.rules", Line: 12, Text: "-a always,exit -F arch=b64 -S open,openat -k " + name}
	exec := &compare.Rule{File: "30-exec.rules", Line: 3, Text: "-a always,exit -F arch=b64 -S execve -k exec"}
	exec2 := &compare.Rule{File: "30-exec.rules", Line: 4, Text: "-a always,exit -F arch=b64 -S execve,execveat -k exec"}
	never := &compare.Rule{File: "10-quiet.rules", Line: 1, Text: "-a never,exit -F arch=b64 -S execve -F exe=/usr/bin/true"}
	per := func(events, bytes float64) compare.PerUnit {
		return compare.PerUnit{Events: events, Records: 4 * events, Bytes: bytes}
	}
	loud := compare.WorkloadChange{Name: "db-churn", Unit: "transaction", Old: per(0.4, 520), New: per(19.2, 12900), Share: 0.97, Explains: []int{0},
		Rules: []compare.RuleVolume{{Kind: compare.Added, New: open, Is: per(18.8, 12500)}, {Old: exec, New: exec2, Was: per(0.1, 200), Is: per(0.05, 100),
			Because: []compare.RuleChange{{Kind: compare.Added, New: never}}}},
		Costs: []compare.CostChange{{Name: "cpu_ratio", Was: 1.03, Is: 1.24, Ratio: 1.2, Low: 1.16, High: 1.25, Rounds: 12, Verdict: "larger"},
			{Name: "slowdown", Was: 1.01, Is: 1.02, Ratio: 1.01, Low: 0.97, High: 1.05, Rounds: 12, Verdict: "cannot tell"}}}
	same := compare.WorkloadChange{Name: "exec-storm", Unit: "exec", Same: true, Old: per(2, 3000), New: per(2, 3001),
		Costs: []compare.CostChange{{Name: "cpu_ratio", Was: 3.1, Is: 2.5, Ratio: 0.8, Low: 0.7, High: 0.9, Rounds: 12, Verdict: "smaller"}}}
	lossy := compare.WorkloadChange{Name: "connect-storm", Unit: "connect", NoFigure: "connect-storm lost records under site: what is not recorded costs nothing"}
	unknown := compare.WorkloadChange{Name: "mail-queue", Unit: "mail", NoVolume: "mail-queue has no attribution slot under site in the second"}
	return &compare.Comparison{Base: compare.Side{Name: "runs/before"}, Others: []compare.Against{
		{Side: compare.Side{Name: "runs/" + name}, Remarks: []string{"auditd.conf was flush = NONE and is flush = SYNC"},
			Sets: []compare.SetChange{{Old: "site", New: "site", OldRules: 2, NewRules: 4, Workloads: []compare.WorkloadChange{loud, same, lossy, unknown},
				Rules: []compare.RuleChange{{Kind: compare.Added, New: open}, {Kind: compare.Removed, Old: never}, {Kind: compare.Changed, Old: exec, New: exec2}, {Kind: compare.Moved, Old: exec, New: exec}}}}},
		{Side: compare.Side{Name: "runs/elsewhere"}, Sets: []compare.SetChange{{Old: "site", New: "site", OldRules: 2, NewRules: 2,
			NoCost: "the runs are of the hosts db1 and db2", Workloads: []compare.WorkloadChange{{Name: "null-syscall", Unit: "call"}}}}}}}
}

func TestComparisonGolden(t *testing.T) {
	for kind, name := range map[string]string{"comparison": "after", "comparison-hostile": "\x1b[2J\u202e<b>|x\n\x00"} {
		for _, width := range []int{80, 160} {
			var b bytes.Buffer
			if err := WriteComparison(&b, comparisonSample(name), ComparisonOptions{Width: width}); err != nil {
				t.Fatal(err)
			}
			golden(t, fmt.Sprintf("%s-%d", kind, width), b.String())
		}
	}
}
