package text

import (
	"strings"
	"testing"

	"github.com/auditprof/auditprof/bench/result"
)

func compared(scenario, arm, against, metric string, ratio [3]float64, verdict string) result.Comparison {
	return result.Comparison{Scenario: scenario, Arm: arm, Against: against, Metric: metric, Ratio: ratio[0], Low: ratio[1], High: ratio[2],
		P: 0.0005, PAll: 0.004, Noise: 0.02, N: 12, Verdict: verdict, Detectable: 1.041, Floor: 1.02}
}

// told is a run with verdicts: one told, one that cannot be, one without a figure, beside two other sets; controls and disturbed slots.
func told() *result.Run {
	run := full()
	run.Comparisons = []result.Comparison{
		compared("db-churn", "no rules", "no audit", result.CPURatio, [3]float64{1.004, .99, 1.02}, result.VerdictNotTested),
		compared("db-churn", "site.rules", "no audit", result.CPURatio, [3]float64{1.27, 1.23, 1.31}, result.VerdictSlower),
		compared("db-churn", "site.rules", "no audit", result.Slowdown, [3]float64{1.24, 1.20, 1.29}, result.VerdictSlower),
		compared("db-churn", "site.rules", "loaded now", result.CPURatio, [3]float64{1.23, 1.19, 1.27}, result.VerdictSlower),
		compared("db-churn", "site.rules", "loaded now", result.Slowdown, [3]float64{1.20, 1.15, 1.26}, result.VerdictNotTested),
		compared("db-churn", "site.rules again", "site.rules", result.CPURatio, [3]float64{1, .98, 1.02}, result.VerdictCannotTell),
		compared("null-syscall", "site.rules", "no audit", result.CPURatio, [3]float64{1.94, .99, 2}, result.VerdictCannotTell),
		compared("null-syscall", "site.rules", "no audit", result.Slowdown, [3]float64{1.9, .97, 2}, result.VerdictCannotTell),
		{Scenario: "null-syscall", Arm: "site.rules", Against: "loaded now", Metric: result.CPURatio, P: 1, PAll: 1, Verdict: result.VerdictNoFigure,
			Why: "site.rules lost 3 records, 0 events are missing, 0 partial"},
	}
	run.Comparisons[6].RoundsNeeded = 31
	run.Protocol = &result.Protocol{Tests: 8, Alpha: 0.05, WarmupRounds: 1}
	run.Trust.Planted = []result.Planted{{Scenario: "db-churn", Arm: "planted wall=5%", Metric: result.Slowdown, Share: 0.05, Found: true},
		{Scenario: "db-churn", Arm: "planted cpu=2%", Metric: result.CPURatio, Share: 0.02}}
	run.Trust.Rejected = []result.Rejected{{Arm: "no audit", Slots: 26, Rejected: 2, ByRule: map[string]int{"steal": 1, "calibration": 1}}, {Arm: "site.rules", Slots: 24}}
	return run
}

// differs is a run whose A/A differs.
func differs() *result.Run {
	run := told()
	c := &run.Comparisons[5]
	c.Verdict, c.PAll, c.Ratio, c.Low, c.High = result.VerdictSlower, 0.004, 1.1, 1.05, 1.2
	run.Trust.AA["db-churn"] = metricOf(result.CPURatio, 1.1, 1.05, 1.2)
	return run
}

func init() { runs["told"], runs["differs"] = told, differs }

func TestVerdictWords(t *testing.T) {
	text := write(t, told(), Options{Width: 160})
	for _, want := range []string{
		"DEARER site.rules on db-churn: 1.27 [1.23 1.31]",
		"CANNOT TELL site.rules on null-syscall",
		"12 rounds find +4.1 % or more, about 31 rounds would tell a difference as large as this",
		"site.rules against loaded now on db-churn: CPU 1.23 [1.19 1.27] dearer, wall time 1.20 [1.15 1.26]\n",
		"no figure: site.rules lost 3 records",
		"planted on db-churn: 5.0 % wall time found; 2.0 % CPU NOT found",
		"8 verdicts, each with the p-value that holds for all of them (Holm, 5.0 %)",
		"2 of 50 slots disturbed and run again: no audit 2 of 26 (calibration 1, steal 1)",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "INVALID") {
		t.Error("a good run is called invalid")
	}
}

// A service that is not restarted is measured against audit without rules.
func TestAUnitWithoutAnArmWithoutAudit(t *testing.T) {
	run := told()
	run.Unit = &result.Unit{Name: "some.service"}
	run.Arms = run.Arms[1:]
	for i := range run.Comparisons {
		if run.Comparisons[i].Against == "no audit" {
			run.Comparisons[i].Against = "no rules"
		}
	}
	text := write(t, run, Options{Width: 160})
	if !strings.Contains(text, "DEARER site.rules on db-churn: 1.27 [1.23 1.31] times the CPU per transaction of no rules") {
		t.Errorf("got\n%s", text)
	}
}

func TestADifferenceOfAASaysSoFirst(t *testing.T) {
	text := write(t, differs(), Options{Width: 160})
	invalid, first := strings.Index(text, "INVALID A/A differs on db-churn"), strings.Index(text, "DEARER")
	if invalid < 0 || first < invalid || !strings.Contains(text, "A/A DIFFERS on db-churn") {
		t.Errorf("got\n%s", text)
	}
}

// A verdict that was taken back says why, and not how many rounds would tell.
func TestAVerdictThatIsHeldBackSaysWhy(t *testing.T) {
	c := compared("db-churn", "site.rules", "no audit", result.CPURatio, [3]float64{1.27, 1.23, 1.31}, result.VerdictCannotTell)
	c.Why, c.RoundsNeeded = "5 of 12 rounds are done", 12
	if got := cannotTell(c); got != "no verdict: 5 of 12 rounds are done" {
		t.Error(got)
	}
}
