package main

import (
	"strings"
	"testing"

	"github.com/auditprof/auditprof/bench/result"
)

func TestPricesAsATable(t *testing.T) {
	tau, apart, ceiling := 0.6, 1.0, 0.82
	run := &result.Run{
		Arms:     []result.Arm{{Name: "a|b", Rules: []result.Rule{{Text: "-w /x | y"}, {Text: "-w /z"}}}},
		Ablation: &result.Ablation{Pairs: 20, Done: 19, Wanted: 31},
		PriceChecks: []result.PriceCheck{
			{Arm: "a|b", Scenario: "s", PredictedPerOp: 110, MeasuredPerOp: 100, MeasuredLow: 90, MeasuredHigh: 105, Rounds: 8, Error: 0.1, Kendall: &tau,
				KendallApart: &apart, ApartPairs: 3, KendallCeiling: &ceiling, LeftOut: 2, Within: 1, Control: &result.Metric{Value: 0.2, Low: -1, High: 1}},
			{Arm: "a|b", Scenario: "t", PredictedPerOp: 100, MeasuredPerOp: 100, MeasuredLow: 90, MeasuredHigh: 105, Rounds: 8},
		},
		RulePrices: []result.RulePrice{
			{Arm: "a|b", Scenario: "s", Rule: 0, MuteNs: 10, Measured: &result.Metric{Value: 12, Low: 11, High: 13}},
			{Arm: "a|b", Scenario: "s", Rule: 1, MuteNs: 40, Measured: &result.Metric{Value: 20, Low: 19, High: 21}},
			{Arm: "a|b", Scenario: "s", Rule: 9, MuteNs: 40},
		},
	}
	var b strings.Builder
	prices(&b, run)
	for _, want := range []string{
		"| a/b, s | 110 | 100 [90 105] | +10 % | no | 1.00 of 0.82 (3 couples) | 0.60 | 1 of 2 | 0.2 [-1 1] |\n",
		"| a/b, t | 100 | 100 [90 105] | +0 % | yes | - | - | - | - |\n",
		"19 pairs of each rule, of 20 planned (31 would be needed",
		"| a/b, s | `-w /z` | 40 | 20 [19 21] |\n| a/b, s | `-w /x / y` | 10 | 12 [11 13] |\n",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}
