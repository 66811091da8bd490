package text

import (
	"fmt"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/reports/unit"
)

// shownPrices is how many rules a table of prices names where none was left out to measure it.
const shownPrices = 3

// rulePrices prints, for each set on each workload, the rules that make every system call dearer, and how well all prices add up to what was
// measured.
func (v *view) rulePrices(p *page) {
	for _, c := range v.run.PriceChecks {
		prices := v.pricesOf(c)
		if len(prices) == 0 {
			continue
		}
		p.gap()
		v.priceTable(c, prices).print(p)
		v.addedUp(p, c)
	}
	if c := v.run.Calibration; c != nil && len(v.run.PriceChecks) > 0 {
		p.prose(plain, "", "steps of the kernel calibrated on this host under %s, residual %s", plural(len(c.Settings), "rule set"), unit.Percent(c.Residual))
	}
}

// pricesOf are a set's rules on a workload, the dearest first: all that were measured, or those that recorded nothing before the others.
func (v *view) pricesOf(c result.PriceCheck) []result.RulePrice {
	var all, measured []result.RulePrice
	for _, r := range v.run.RulePrices {
		if r.Scenario != c.Scenario || r.Arm != c.Arm {
			continue
		}
		all = append(all, r)
		if r.Measured != nil {
			measured = append(measured, r)
		}
	}
	if len(measured) > 0 {
		return measured
	}
	recorded := v.recorded(c)
	all = slices.DeleteFunc(all, func(r result.RulePrice) bool { return recorded[r.Rule] })
	first, _ := several(all, shownPrices)
	return first
}

// recorded are the rules of a set that recorded an event on a workload.
func (v *view) recorded(c result.PriceCheck) map[int]bool {
	rules := map[int]bool{}
	for _, a := range v.run.Attribution {
		if a.Scenario != c.Scenario || a.Arm != c.Arm {
			continue
		}
		for _, r := range a.Rules {
			if r.Events > 0 {
				rules[r.Rule] = true
			}
		}
	}
	return rules
}

func (v *view) priceTable(c result.PriceCheck, prices []result.RulePrice) *table {
	t := &table{fill: true}
	left := prices[0].Measured != nil
	head := []string{fmt.Sprintf("price  %s on %s, dearest unmatched", c.Arm, c.Scenario), "ns/syscall"}
	if left {
		head = []string{fmt.Sprintf("price  %s on %s, left out one by one", c.Arm, c.Scenario), "ns", "measured [95 % CI]"}
	}
	t.add(bold, head...)
	for _, r := range prices {
		text := v.ruleText(r)
		ns := r.Ns
		if left {
			ns = r.MuteNs
		}
		cells := []string{fmt.Sprintf("  %s:%d  %s", v.file(r.File), r.Line, brief(text)), unit.Digits(ns)}
		if m := r.Measured; m != nil {
			cells = append(cells, fmt.Sprintf("%s [%s %s]", unit.Digits(m.Value), unit.Digits(m.Low), unit.Digits(m.High)))
		}
		t.add(plain, cells...)
		t.rows[len(t.rows)-1].note = whyDear(r, text)
	}
	return t
}

func (v *view) ruleText(r result.RulePrice) string {
	rules := v.arm(r.Arm).Rules
	if r.Rule < 0 || r.Rule >= len(rules) {
		return ""
	}
	return rules[r.Rule].Text
}

// everyCall is the least number of times per system call that a rule is asked which is taken for once in each.
const everyCall = 0.99

// whyDear says what of a rule's text makes calls pay that it is not about.
func whyDear(r result.RulePrice, text string) string {
	if r.Asked < everyCall {
		return ""
	}
	var missing []string
	if !strings.Contains(text, "-S ") {
		missing = append(missing, "no syscall")
	}
	if !strings.Contains(text, "arch=") {
		missing = append(missing, "no arch")
	}
	if len(missing) == 0 {
		return "asked on every system call"
	}
	return "asked on every system call: it names " + strings.Join(missing, " and ")
}

// addedUp says what all prices of a set make together, and how far that is from what the rounds measured.
func (v *view) addedUp(p *page, c result.PriceCheck) {
	text := fmt.Sprintf("all rules together: %s per %s (%s), over audit without rules", unit.Time(c.PredictedPerOp), v.op(c.Scenario),
		plural(int(c.SyscallsPerOp+.5), "system call"))
	if c.SyscallsPerOp < 10 {
		text = fmt.Sprintf("all rules together: %s per %s (%s system calls), over audit without rules", unit.Time(c.PredictedPerOp), v.op(c.Scenario),
			unit.Digits(c.SyscallsPerOp))
	}
	if c.Rounds > 0 {
		text += fmt.Sprintf("; measured %s [%s %s], error %+.0f %%", unit.Time(c.MeasuredPerOp), unit.Time(c.MeasuredLow), unit.Time(c.MeasuredHigh), 100*c.Error)
	}
	if c.Kendall != nil {
		text += fmt.Sprintf("; the ranks agree by %.2f (Kendall, 1 is all)", *c.Kendall)
	}
	p.prose(plain, "", "%s", text)
	if c.LeftOut > 0 && v.run.Ablation != nil {
		v.ablated(p, c, v.run.Ablation)
	}
}

// ablated says how well the prices of single rules agree with what leaving them out showed.
func (v *view) ablated(p *page, c result.PriceCheck, a *result.Ablation) {
	text := fmt.Sprintf("left out in %s each: %d of %d foretold within the larger of %s ns and %s", plural(a.Done, "pair"), c.Within, c.LeftOut,
		fmt.Sprint(a.ToleranceNs), unit.Percent(a.ToleranceShare))
	if c.KendallApart != nil {
		text += fmt.Sprintf("; of rules further apart than that the ranks agree by %.2f (%s)", *c.KendallApart, plural(c.ApartPairs, "couple"))
		if c.KendallCeiling != nil {
			text += fmt.Sprintf(", and prices that were all right would agree by %.2f with so noisy a measure", *c.KendallCeiling)
		}
	} else {
		text += "; no two rules are further apart than that, so that they have no ranks"
	}
	if m := c.Control; m != nil {
		text += fmt.Sprintf("; nothing left out makes %s ns [%s %s]", unit.Digits(m.Value), unit.Digits(m.Low), unit.Digits(m.High))
	}
	p.prose(plain, "", "%s", text)
}
