package main

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/bench/result"
)

// worstShown is how many rules whose foretold and measured prices lie furthest apart are named.
const worstShown = 10

// prices is what the prices of rules are worth: their sum against the tax of each set on each workload, how the rules that were left out rank, and
// those that are furthest off.
func prices(w io.Writer, run *result.Run) {
	fmt.Fprintln(w, "| set, workload | foretold, ns per operation | measured | error | in the interval | ranks agree (rules apart), of what right prices would reach | ranks agree (all) | within 5 ns or 20 % | nothing left out, ns per call |")
	fmt.Fprintln(w, "|---|---|---|---|---|---|---|---|---|")
	for _, c := range run.PriceChecks {
		measured, off, in := "-", "-", "-"
		if c.Rounds > 0 {
			measured = fmt.Sprintf("%s [%s %s]", short(c.MeasuredPerOp), short(c.MeasuredLow), short(c.MeasuredHigh))
			off, in = fmt.Sprintf("%+.0f %%", 100*c.Error), "no"
			if c.MeasuredLow <= c.PredictedPerOp && c.PredictedPerOp <= c.MeasuredHigh {
				in = "yes"
			}
		}
		apart, all, within := "no two apart", "-", "-"
		if c.KendallApart != nil {
			apart = fmt.Sprintf("%.2f (%d couples)", *c.KendallApart, c.ApartPairs)
		}
		if c.KendallApart != nil && c.KendallCeiling != nil {
			apart = fmt.Sprintf("%.2f of %.2f (%d couples)", *c.KendallApart, *c.KendallCeiling, c.ApartPairs)
		}
		if c.Kendall != nil {
			all = fmt.Sprintf("%.2f", *c.Kendall)
		}
		if c.LeftOut > 0 {
			within = fmt.Sprintf("%d of %d", c.Within, c.LeftOut)
		} else {
			apart = "-"
		}
		fmt.Fprintf(w, "| %s, %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", cell(c.Arm), cell(c.Scenario), short(c.PredictedPerOp), measured, off, in, apart, all, within, metric(c.Control))
	}
	if a := run.Ablation; a != nil {
		fmt.Fprintf(w, "\n%d pairs of each rule, of %d planned (%d would be needed for 5 ns to each side on the noisiest workload).\n", a.Done, a.Pairs, a.Wanted)
	}
	worst(w, run)
}

// worst are the rules left out whose foretold price lies furthest from what that showed.
func worst(w io.Writer, run *result.Run) {
	var left []result.RulePrice
	for _, p := range run.RulePrices {
		if p.Measured != nil {
			left = append(left, p)
		}
	}
	if len(left) == 0 {
		return
	}
	off := func(p result.RulePrice) float64 { return math.Abs(p.MuteNs - p.Measured.Value) }
	slices.SortStableFunc(left, func(a, b result.RulePrice) int { return cmp.Compare(off(b), off(a)) })
	fmt.Fprintln(w, "\nThe rules that are furthest off:\n\n| set, workload | rule | foretold, ns per system call | measured |\n|---|---|---|---|")
	for _, p := range left[:min(worstShown, len(left))] {
		fmt.Fprintf(w, "| %s, %s | `%s` | %s | %s |\n", cell(p.Arm), cell(p.Scenario), cell(text(run, p)), short(p.MuteNs), metric(p.Measured))
	}
}

// text is a rule's own, short.
func text(run *result.Run, p result.RulePrice) string {
	for _, a := range run.Arms {
		if a.Name == p.Arm && p.Rule >= 0 && p.Rule < len(a.Rules) {
			r := []rune(strings.ReplaceAll(a.Rules[p.Rule].Text, "`", "'"))
			if len(r) > 80 {
				return string(r[:80]) + "…"
			}
			return string(r)
		}
	}
	return "?"
}

func metric(m *result.Metric) string {
	if m == nil {
		return "-"
	}
	return fmt.Sprintf("%s [%s %s]", short(m.Value), short(m.Low), short(m.High))
}
