package text

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/bench/verify"
)

// verifiedSamples are a change that holds and one that does not.
func verifiedSamples() map[string]*verify.Verified {
	ratio := func(v, low, high float64) result.Metric {
		return result.Metric{Unit: "ratio", Value: v, Low: low, High: high, N: 6}
	}
	good := verify.Workload{Scenario: "db-churn", Op: "transaction",
		Old:      verify.Arm{Bytes: 840, Events: 0.686, DaemonNs: 58_000, TaxNs: 18_000, TotalNs: 207_000},
		New:      verify.Arm{Bytes: 4.1, Events: 0.004, DaemonNs: 600, TaxNs: 19_000, TotalNs: 145_000},
		CPURatio: ratio(0.7, 0.68, 0.72), AARatio: ratio(1, 0.98, 1.02), Predicted: 0.992, Measured: 0.9951}
	quiet := verify.Workload{Scenario: "null-syscall", Op: "getppid", Old: verify.Arm{TaxNs: 250, TotalNs: 415}, New: verify.Arm{TaxNs: 260, TotalNs: 420},
		CPURatio: ratio(1.01, 0.99, 1.03), AARatio: ratio(1, 0.98, 1.02)}
	ended := verify.Workload{Scenario: "getppid", Ended: true, Old: verify.Arm{TaxNs: 250}, New: verify.Arm{TaxNs: 260, TotalNs: 420, Bytes: 1}}
	bad := good
	bad.New, bad.Measured, bad.Unknown = verify.Arm{Bytes: 420, Events: 0.35, DaemonNs: 30_000, TaxNs: 19_000, TotalNs: 170_000}, 0.5, 0.01
	return map[string]*verify.Verified{
		"verified": {Dir: "runs/1122-1402-verify", Rounds: 6, Workloads: []verify.Workload{good, quiet, ended}, Canaries: verify.Canaries{Done: 77, Before: 60, After: 60},
			Proposals: []verify.Proposal{{ID: "P1", Exercised: true, Why: "0.700 [0.680 0.720] times the CPU with it on db-churn"},
				{ID: "P2", Exercised: true, Dropped: true, Why: "it costs more than it saves: 1.030 [1.010 1.050] times the CPU with it on db-churn"}},
			Remarks: []string{"null-syscall makes no event under the old rules: nothing to save there"}},
		"verified-failed": {Dir: "runs/x\x1b[31m", Rounds: 3, Quick: true, Workloads: []verify.Workload{bad},
			Canaries: verify.Canaries{Done: 77, Before: 60, After: 58, Lost: []result.Canary{{Name: "ssh-key", Session: "service", By: "db-churn", What: "authorized_keys is written"}}},
			Failures: []string{"db-churn: the log shrank by 50.0 % and the prediction was 99.2 %: more than 2 points apart"}},
	}
}

func TestVerifiedGolden(t *testing.T) {
	for name, v := range verifiedSamples() {
		for _, width := range []int{80, 160} {
			p := &page{width: width}
			p.verified(v)
			var b bytes.Buffer
			if err := p.print(&b, false); err != nil {
				t.Fatal(err)
			}
			golden(t, fmt.Sprintf("%s-%d", name, width), b.String())
		}
	}
}
