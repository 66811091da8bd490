package text

import (
	"fmt"
	"testing"

	"github.com/auditprof/auditprof/bench/result"
)

// priced is a run with prices of single rules; with the dearest left out, measured too.
func priced(left bool) *result.Run {
	run := full()
	price := func(rule int, ns float64) result.RulePrice {
		r := run.Arms[3].Rules[rule]
		p := result.RulePrice{Scenario: "null-syscall", Arm: "site.rules", Rule: rule, File: r.File, Line: r.Line, Ns: ns, MuteNs: ns}
		if rule == 2 {
			p.Asked = 1
		}
		if left {
			p.Measured = &result.Metric{Unit: "ns", Value: ns + 1.5, Low: ns - 2, High: ns + 4, N: 12}
		}
		return p
	}
	run.RulePrices = []result.RulePrice{price(2, 31.2), price(0, 4.1), price(1, 3.9)}
	check := result.PriceCheck{Scenario: "null-syscall", Arm: "site.rules", SyscallsPerOp: 1.04, PredictedPerOp: 41, SharedPerOp: 2,
		MeasuredPerOp: 39, MeasuredLow: 33, MeasuredHigh: 44, Rounds: 12, Error: 2.0 / 39}
	if left {
		tau, apart, ceiling := 1.0, 0.9, 0.93
		check.Kendall, check.KendallApart, check.KendallCeiling, check.ApartPairs, check.LeftOut, check.Within = &tau, &apart, &ceiling, 2, 3, 3
		check.Control = &result.Metric{Unit: "ns", Value: -0.2, Low: -0.9, High: 0.6, N: 40}
		run.Ablation = &result.Ablation{Pairs: 34, Done: 34, Wanted: 34, ToleranceNs: 5, ToleranceShare: 0.2}
	}
	run.PriceChecks = []result.PriceCheck{check}
	run.Calibration = &result.Calibration{Residual: 0.004, Settings: make([]result.Setting, 18)}
	return run
}

func TestRulePrices(t *testing.T) {
	for name, run := range map[string]*result.Run{"prices": priced(false), "ablated": priced(true)} {
		for _, width := range []int{80, 160} {
			v := newView(run, Options{Width: width})
			p := &page{width: width}
			v.rulePrices(p)
			text := ""
			for _, l := range p.lines {
				text += l.text + "\n"
			}
			checkLines(t, text, width, nil)
			golden(t, fmt.Sprintf("%s-%d", name, width), text)
		}
	}
}

// TestPricesOfARunThatWasTamperedWith: indexes of a run directory are another's word.
func TestPricesOfARunThatWasTamperedWith(t *testing.T) {
	run := priced(true)
	run.RulePrices[0].Rule, run.RulePrices[1].Rule = 1<<40, -7
	run.RulePrices[2].Arm, run.PriceChecks[0].Arm = "nobody's\x1b[31m", "nobody's\x1b[31m"
	run.Calibration.Settings = nil
	checkLines(t, write(t, run, Options{Width: 80}), 80, run.Restored.Commands)
}
