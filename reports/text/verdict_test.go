package text

import (
	"bytes"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/bench/gate"
	"github.com/auditprof/auditprof/reports/escape"
	"github.com/auditprof/auditprof/reports/testrun"
)

func verdictText(t *testing.T, v *gate.Verdict, width int) string {
	t.Helper()
	var out bytes.Buffer
	if err := WriteVerdict(&out, v, VerdictOptions{Width: width}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestVerdictComesFirstAndFailuresBeforePasses(t *testing.T) {
	low, value, high := 5.5e6, 6e6, 7e6
	got := verdictText(t, &gate.Verdict{Outcome: gate.Fail, Of: "site.rules", Budget: "b.yaml", Sections: gate.Sections(), Checks: []gate.Check{
		{Subject: "w", Metric: "lost", Limit: "lost <= 0", Status: gate.Pass, Dimension: "count", Value: new(float64), Low: new(float64), High: new(float64)},
		{Subject: "w", Metric: "latency_p99", Limit: "latency_p99 < 5ms", Place: "b.yaml:3:5", Status: gate.Fail, Dimension: "ns", Value: &value, Low: &low, High: &high, Cure: "mend it"},
	}}, 80)
	want := []string{"FAIL   site.rules", "✗ fail w: latency_p99 < 5ms, is 6.00 ms [5.50 ms, 7.00 ms]", "do: mend it", "✓ pass w: lost, lost <= 0, is 0"}
	at := 0
	for _, w := range want {
		i := strings.Index(got[at:], w)
		if i < 0 {
			t.Fatalf("no %q behind the one before in\n%s", w, got)
		}
		at += i
	}
}

func TestVerdictEscapesAndFits(t *testing.T) {
	for _, name := range testrun.Hostile() {
		for _, width := range []int{80, 160} {
			v := testrun.Filled[gate.Verdict](name.Text)
			for line := range strings.Lines(verdictText(t, &v, width)) {
				line = strings.TrimSuffix(line, "\n")
				if escape.Line(line) != line && !strings.ContainsAny(line, "✓✗") || strings.ContainsAny(line, "\x1b\u202e\r") || escape.Columns(line) > width+1 {
					t.Errorf("%s at %d: %q", name.What, width, line)
				}
			}
		}
	}
}
