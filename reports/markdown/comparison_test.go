package markdown

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/compare"
	"github.com/auditprof/auditprof/reports/testrun"
	"github.com/auditprof/auditprof/reports/text"
)

func compared(t *testing.T, c *compare.Comparison) string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteComparison(&b, c, text.ComparisonOptions{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// changed is a set to which a noisy rule was added, on one workload that got dearer.
func changed() *compare.Comparison {
	added := compare.Rule{File: "/etc/audit/rules.d/40-files.rules", Line: 3, Text: "-w /srv -p r"}
	noisy := compare.RuleVolume{New: &added, Kind: compare.Added, Is: compare.PerUnit{Events: 2, Records: 6, Bytes: 900}}
	return &compare.Comparison{Schema: compare.Schema, Base: compare.Side{Name: "runs/a"}, Others: []compare.Against{{
		Side: compare.Side{Name: "runs/b"}, Remarks: []string{"memory was 1 and is 2"},
		Sets: []compare.SetChange{{Old: "site", New: "site", OldRules: 4, NewRules: 5, Rules: []compare.RuleChange{{Kind: compare.Added, New: &added}},
			Workloads: []compare.WorkloadChange{{Name: "db-churn", Unit: "transaction", Old: compare.PerUnit{Events: 1, Records: 3, Bytes: 100},
				New: compare.PerUnit{Events: 3, Records: 9, Bytes: 1000}, Rules: []compare.RuleVolume{noisy}, Explains: []int{0},
				Costs: []compare.CostChange{{Name: result.CPURatio, Was: 1.1, Is: 1.4, Ratio: 1.27, Low: 1.2, High: 1.3, Rounds: 12, Verdict: "larger"}}}}}},
	}}}
}

func TestComparisonIsVerdictThenTables(t *testing.T) {
	got := compared(t, changed())
	at := 0
	for _, want := range []string{"### auditprof compare\n- **compare** runs/a: site -&gt; runs/b: site\n- **rules** 4 -&gt; 5: 1 added\n- **volume** db-churn: 100 B -&gt; 1000 B", "because of",
		"- **DEARER** db-churn, CPU: 1.27", "<details><summary>Cost</summary>", "| `db-churn` | CPU | 1.10 | 1.40 | 1.27 \\[1.20 1.30\\] | 12 | larger |",
		"<details><summary>Rules that changed: 1</summary>", "| added | - | `40-files.rules:3` | `-w /srv -p r` |", "<details><summary>Volume by workload</summary>",
		"| `db-churn` | transaction | 1.00 | 3.00 | 100 B | 1000 B |", "<details><summary>Volume by rule: <code>db-churn</code></summary>", "Remarks", "- memory was 1 and is 2"} {
		i := strings.Index(got[at:], want)
		if i < 0 {
			t.Fatalf("no %q behind what comes before it in\n%s", want, got)
		}
		at += i
	}
}

func TestHostileNamesInAComparison(t *testing.T) {
	for _, n := range testrun.Hostile() {
		columns := 0
		for line := range strings.SplitSeq(compared(t, testrun.Filled[*compare.Comparison](n.Text)), "\n") {
			if err := harmless(line, &columns); err != nil {
				t.Errorf("%s: %v:\n%s", n.What, err, line)
			}
		}
	}
}

func TestComparisonIsBounded(t *testing.T) {
	c := changed()
	s := &c.Others[0].Sets[0]
	for i := range 5000 {
		s.Rules = append(s.Rules, compare.RuleChange{Kind: compare.Added, New: &compare.Rule{File: "a", Line: i, Text: fmt.Sprint("-w /srv/|", i)}})
	}
	got := compared(t, c)
	if len(got) > Limit || strings.Count(got, "<details>") != strings.Count(got, "</details>") || !strings.Contains(got, "left out here") {
		t.Errorf("%d bytes", len(got))
	}
	if !strings.Contains(got, "more lines have no room in a comment: auditprof compare --format html has all") {
		t.Error("what has no room is not told")
	}
}
