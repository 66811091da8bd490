package text

import (
	"strings"
	"testing"

	"github.com/auditprof/auditprof/bench/result"
)

func TestAUnitIsSaidWithItsOwnFigure(t *testing.T) {
	m := func(v float64) result.Metric { return result.Metric{Value: v, Low: v - 1, High: v + 1, N: 12} }
	run := &result.Run{Ended: complete, Unit: &result.Unit{Name: "pg\x1b.service", Cgroup: "/c/pg", SlotNs: 30e9, Metric: "psql -c x", Processes: 7},
		Arms: []result.Arm{{Name: "no rules", Kind: result.ArmNoRules}, {Name: "a", Kind: result.ArmCandidate}},
		Results: []result.Result{{Scenario: "pg", Arm: "no rules", Metrics: map[string]result.Metric{result.UnitMetric: m(800)}},
			{Scenario: "pg", Arm: "a", Metrics: map[string]result.Metric{result.UnitMetric: m(600), result.UnitMetricRatio: {Value: .75, Low: .7, High: .8}}}}}
	var b strings.Builder
	if err := Write(&b, run, Options{Width: 200}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`unit   pg\x1b.service, 7 processes in /c/pg, as it ran; slots of 30.0 s`, "metric psql -c x", "no rules: 800 [799 801]\n",
		"a: 600 [599 601], 0.75 [0.70 0.80] times that of no rules"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is not in\n%s", want, b.String())
		}
	}
}
