package html

import (
	"fmt"
	"strings"

	"github.com/auditprof/auditprof/bench/result"
)

// shownSteps is how many things the page says to do first.
const shownSteps = 3

// steps are the things to do first, the most urgent on top.
func (v *runView) steps() []step {
	list := append(v.repairs(), v.savings()...)
	if v.onlySwept() {
		list, _ = first(list, shownSteps)
		return list
	}
	if !v.run.Quick && v.run.RoundsDone >= verdictRounds {
		list = append(list, v.moreRounds()...)
	}
	list, _ = first(list, shownSteps)
	return list
}

// repairs are what must be put right before figures are worth anything.
func (v *runView) repairs() []step {
	var list []step
	if !v.run.Restored.OK {
		list = append(list, step{"Put the machine back, as root", strings.Join(append(v.run.Restored.Commands, "auditprof restore"), "\n")})
	}
	for _, b := range v.run.Books {
		if b.UnexplainedBytes > 0 || b.UnexplainedEvents > 0 {
			list = append(list, step{Text: "Keep the run directory and report it: books that do not close are a defect of auditprof."})
			break
		}
	}
	for _, r := range v.run.Results {
		if loss(r) != "" && v.arm(r.Arm).TwinOf == "" {
			text := "Raise the backlog limit (-b)"
			if top, share, _, ok := v.noisiest(r.Scenario, r.Arm); ok {
				text += fmt.Sprintf(", or quiet %s, which writes %s of the bytes on %s", place(v.file(top.File), top.Line), percentOf(share), r.Scenario)
			}
			list = append(list, step{Text: text + ", then measure again: what is lost is not counted."})
			break
		}
	}
	switch {
	case v.run.Ended != complete:
		list = append(list, step{Text: "Run bench again to its end: missing rounds make intervals wide."})
	case v.onlySwept():
	case v.run.Quick || v.run.RoundsDone < verdictRounds:
		list = append(list, step{Text: "Run bench without --quick: 12 rounds give intervals and a verdict."})
	}
	return list
}

// savings are what makes the rules cheaper.
func (v *runView) savings() []step {
	var list []step
	if r, ok := v.noisyWorst(); ok {
		top, share, _, _ := v.noisiest(r.Scenario, r.Arm)
		s := step{Text: fmt.Sprintf("Narrow or drop %s: it writes %s of the bytes on %s.", place(v.file(top.File), top.Line), percentOf(share), r.Scenario)}
		if len(v.run.Logs) > 0 && v.options.Dir != "" {
			s.Command = "auditprof suggest-exclusions --run " + v.options.Dir
		}
		list = append(list, s)
	}
	if r, ok := v.taxedWorst(); ok {
		text := fmt.Sprintf("Make the walk over %s shorter: on %s it costs more than the records. Fewer rules, each with arch= and -S, watches on files and not on directories.", r.Arm, r.Scenario)
		if p, ok := v.dearestUnmatched(r); ok {
			text = fmt.Sprintf("Make the walk over %s shorter: %s alone adds up to %s to every system call; each rule wants arch= and -S.", r.Arm, place(v.file(p.File), p.Line), timeOf(p.Ns))
		}
		list = append(list, step{Text: text})
	}
	for _, a := range v.judged() {
		if n := len(a.LeftOut); n > 0 {
			list = append(list, step{Text: fmt.Sprintf("Mend the %s of %s that did not load; the listing below has the reason of each.", plural(n, "line"), a.Name)})
			break
		}
	}
	return list
}

// noisyWorst is the dearest result that has a noisiest rule.
func (v *runView) noisyWorst() (worst result.Result, ok bool) {
	for _, a := range v.judged() {
		for _, r := range v.hurt(a.Name) {
			if _, _, _, noisy := v.noisiest(r.Scenario, r.Arm); noisy && (!ok || slowness(r) > slowness(worst)) {
				worst, ok = r, true
			}
		}
	}
	return worst, ok
}

// taxedWorst is the dearest result that is dear by the walk over the rules.
func (v *runView) taxedWorst() (worst result.Result, ok bool) {
	for _, a := range v.judged() {
		for _, r := range v.hurt(a.Name) {
			tax, _ := metric(r, result.FilterTaxPerOp)
			if tax.Low > 0 && tax.Value > value(r, result.RecordCostPerOp) && (!ok || slowness(r) > slowness(worst)) {
				worst, ok = r, true
			}
		}
	}
	return worst, ok
}

// dearestUnmatched is the rule with the highest price of a walk.
func (v *runView) dearestUnmatched(r result.Result) (dearest result.RulePrice, ok bool) {
	for _, p := range v.run.RulePrices {
		if p.Scenario == r.Scenario && p.Arm == r.Arm && p.Ns > dearest.Ns {
			dearest, ok = p, true
		}
	}
	return dearest, ok
}

// moreRounds asks for what would tell a difference that is open.
func (v *runView) moreRounds() []step {
	need, about := 0, result.Comparison{}
	for _, c := range v.run.Comparisons {
		if c.Verdict == result.VerdictCannotTell && c.RoundsNeeded > need && c.RoundsNeeded <= result.RoundsLimit {
			need, about = c.RoundsNeeded, c
		}
	}
	if need == 0 {
		return nil
	}
	return []step{{Text: fmt.Sprintf("Measure %s rounds to tell %s from %s on %s.", countOf(need), about.Arm, about.Against, about.Scenario),
		Command: fmt.Sprintf("auditprof bench --rounds %d …", need)}}
}
