package text

import (
	"strings"
	"testing"

	"github.com/auditprof/auditprof/bench/result"
)

// A cost that is told stands before those that are not: of three workloads two are shown, and the open ones write more log.
func TestFindingsBeginWithWhatIsTold(t *testing.T) {
	of := func(scenario string, cpu, log float64) result.Result {
		return result.Result{Scenario: scenario, Arm: "site", Complete: true, Slots: 12, Metrics: map[string]result.Metric{
			result.CPURatio: {Unit: "ratio", Value: cpu, Low: cpu - 0.05, High: cpu + 0.05, N: 12}, result.LogBytesPerOp: {Unit: "bytes", Value: log, N: 12}}}
	}
	run := &result.Run{Schema: result.Schema, Ended: "complete", Rounds: 12, RoundsDone: 12, Restored: result.Restored{OK: true},
		Arms:      []result.Arm{{Name: "no audit", Kind: result.ArmNoAudit}, {Name: "site", Kind: result.ArmCandidate}},
		Scenarios: []result.Scenario{{Name: "opens"}, {Name: "execs"}, {Name: "calls"}},
		Results:   []result.Result{of("opens", 1.01, 900), of("execs", 1.02, 900), of("calls", 1.8, 0)}}
	var said []string
	for _, s := range RunVerdict(run, Options{}) {
		if strings.Contains(s.Text, "site on ") {
			said = append(said, s.Label+" "+s.Text)
		}
	}
	if len(said) != 2 || !strings.HasPrefix(said[0], "DEARER site on calls: 1.80") || !strings.HasPrefix(said[1], "NOISE site on execs") {
		t.Error(strings.Join(said, "\n"))
	}
}
