package gate

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/bench/result"
)

// ErrFigures is a run whose numbers are none.
var ErrFigures = errors.New("the figures cannot be judged")

// judgeLimit judges one limit on one subject, or on each rule of it that the limit names.
func (j *judging) judgeLimit(s, base *Subject, l *Limit) {
	if len(j.d.errs) == maxErrors { // no more are told, and to look for the nearest names takes time
		return
	}
	if l.Rule == "" {
		f, err := j.find(s.Figures, l)
		if err != nil {
			j.d.failAt(l.Place, "%v", err)
			return
		}
		j.v.Checks = append(j.v.Checks, j.settle(j.weigh(s, f, baseFigure(base, l.Metric), l)))
		return
	}
	found := false
	for i := range s.Rules {
		r := &s.Rules[i]
		if !r.named(l.Rule) {
			continue
		}
		found = true
		f, err := j.find(r.Figures, l)
		if err != nil {
			j.d.failAt(l.Place, "of one rule: %v", err)
			return
		}
		c := j.weigh(s, f, baseRule(base, r, l.Metric), l)
		c.Rule, c.RuleText = r.Place(), r.Text
		j.v.Checks = append(j.v.Checks, j.settle(c))
	}
	switch {
	case found:
	case l.Rule != AnyRule:
		j.d.failAt(l.Place, "no rule of %s is %s%s", quote(s.Name), quote(l.Rule), nearest(l.Rule, ruleNames(s.Rules)))
	default:
		j.noRule(s, l)
	}
}

// noRule is a limit on each rule where there are no figures of single rules: nobody knows whether it is kept.
func (j *judging) noRule(s *Subject, l *Limit) {
	f, err := j.find(nil, l)
	if err != nil {
		j.d.failAt(l.Place, "of one rule: %v", err)
		return
	}
	f.Why, f.Cure = "there are no figures of single rules", "measure the rule set by name with bench --rules, or replay a log"
	j.v.Checks = append(j.v.Checks, j.settle(j.weigh(s, f, nil, l)))
}

// named tells whether a budget's name of a rule is of this one.
func (r *RuleFigures) named(name string) bool {
	key, byKey := strings.CutPrefix(name, "key=")
	return name == AnyRule || name == r.Place() || byKey && slices.Contains(strings.Split(r.Key, "\x01"), key) || normal(name) == normal(r.Text)
}

func ruleNames(rules []RuleFigures) []string {
	var names []string
	for i := range rules {
		names = append(names, rules[i].Place())
		if rules[i].Key != "" {
			names = append(names, "key="+rules[i].Key)
		}
	}
	return names
}

// find looks a metric up. One that is known and not there is a figure that says so; one that nobody knows is an error.
func (j *judging) find(figures map[string]Figure, l *Limit) (Figure, error) {
	f, ok := figures[l.Metric]
	if !ok {
		m, known := metrics[l.Metric]
		if !known {
			names := Metrics()
			for name := range figures {
				names = append(names, shown(name))
			}
			slices.Sort(names)
			names = slices.Compact(names)
			return f, fmt.Errorf("the metric %s is not known%s (auditprof gate --metrics lists them)", quote(shown(l.Metric)), nearest(shown(l.Metric), names))
		}
		f = Figure{Dimension: m.dimension, Kind: m.kind, Why: "it was not measured here"}
	}
	return f, l.fits(f.Dimension)
}

func baseFigure(base *Subject, metric string) *Figure {
	if base == nil {
		return nil
	}
	if f, ok := base.Figures[metric]; ok && f.N > 0 {
		return &f
	}
	return nil
}

// baseRule finds the same rule in the baseline: by its text, since lines move. A rule that is new there had nothing.
func baseRule(base *Subject, r *RuleFigures, metric string) *Figure {
	if base == nil || len(base.Rules) == 0 {
		return nil
	}
	for i := range base.Rules {
		if normal(base.Rules[i].Text) == normal(r.Text) {
			return baseFigure(&Subject{Figures: base.Rules[i].Figures}, metric)
		}
	}
	f := exact(r.Figures[metric].Dimension, 0, 1)
	return &f
}

// weigh judges one figure by one limit.
func (j *judging) weigh(s *Subject, f Figure, base *Figure, l *Limit) Check {
	c := Check{Subject: s.Name, Metric: shown(l.Metric), Limit: l.Text, Place: l.Place.String(), Severity: l.Severity, Dimension: dimensionWord(f.Dimension)}
	if f.N == 0 {
		c.Status, c.Reason, c.Cure = Inconclusive, "there is no figure", f.Cure
		if f.Why != "" {
			c.Reason = f.Why
		}
		return c
	}
	c.Value, c.Low, c.Exact = &f.Value, &f.Low, f.Low == f.High && !f.AtLeast
	if !f.AtLeast {
		c.High = &f.High
	}
	if why, cure := j.doubt(s, f, base, l); why != "" {
		c.Status, c.Reason, c.Cure = Inconclusive, why, cure
		return c
	}
	low, high := l.bound(f.Dimension, 0), l.bound(f.Dimension, 0)
	if l.Relative {
		if base.Rounded {
			f.Low, f.High = rounded4(f.Low), rounded4(f.High)
		}
		paired, with := f.against(*base)
		f = paired
		c.Baseline = &base.Value
		low, high = l.bound(f.Dimension, with.Low), l.bound(f.Dimension, with.High)
	}
	mid := low
	if l.Relative {
		mid = l.bound(f.Dimension, base.Value)
	}
	c.Bound = &mid
	c.Status = l.Op.compare(f, min(low, high), max(low, high))
	if c.Status == Inconclusive {
		c.Reason, c.Cure = unsure(f)
	}
	return c
}

// doubt says why a figure cannot be judged by a limit.
func (j *judging) doubt(s *Subject, f Figure, base *Figure, l *Limit) (why, cure string) {
	loss := slices.Contains(lossMetrics, l.Metric)
	switch {
	case s.Broken != "" && !loss && !j.lossAllowed(s):
		return s.Broken, "what loses records is fast and small for the wrong reason: mend that first"
	case f.Kind == Timed && f.N < leastRounds:
		return fmt.Sprintf("fewer than %d rounds are no interval (here %d)", leastRounds, f.N), fmt.Sprintf("measure %d rounds or more, without --quick", leastRounds)
	case !l.Relative:
		return "", ""
	case j.in.Base == nil:
		return "there is no baseline", "give one with --baseline"
	case j.baseDiffers(s):
		return j.otherDefinition(s)
	case j.otherSlots(s, l.Metric):
		return fmt.Sprintf("a slot has %.0f operations, in the baseline %.0f", s.Ops, j.in.Base.Scenario(s.Name).Ops), fmt.Sprintf("limit %s/op, or measure both in one run", shown(l.Metric))
	case base == nil:
		return "the baseline has no such figure", "write it anew with auditprof gate baseline, or give a run"
	case f.Kind == Timed && j.in.Apart != "":
		return "times of two machines are not compared: " + j.in.Apart, "measure both in one run, or on the same host and kernel"
	case base.Kind == Timed && base.N < leastRounds:
		return fmt.Sprintf("fewer than %d rounds are no interval (the baseline has %d)", leastRounds, base.N), fmt.Sprintf("measure %d rounds or more, without --quick", leastRounds)
	}
	return "", ""
}

// baseWorkload is a workload of the run in the baseline, nil for what is none: a user may call a workload log.
func (j *judging) baseWorkload(s *Subject) *Subject {
	if j.in.Figures.Scenario(s.Name) != s {
		return nil
	}
	return j.in.Base.Scenario(s.Name)
}

// baseDiffers tells whether the workload of the same name in the baseline is another one.
func (j *judging) baseDiffers(s *Subject) bool {
	base := j.baseWorkload(s)
	return base != nil && base.Definition != s.Definition
}

func (j *judging) otherDefinition(s *Subject) (why, cure string) {
	if j.in.Base.run == nil && j.baseWorkload(s).Definition == "" {
		return "the baseline does not say by which file workload " + quote(s.Name) + " was defined", "write it anew with auditprof gate baseline"
	}
	return "workload " + quote(s.Name) + " is defined by another file in the baseline", "measure both with the same file of the workload"
}

// otherSlots tells whether a total is of slots of which those of the baseline have more operations, or fewer: bench gives a slot as many as fit. In one
// run all arms have the same in each round, whatever their figures make of it.
func (j *judging) otherSlots(s *Subject, metric string) bool {
	if j.in.Base.run != nil && j.in.Base.run == j.in.Figures.run {
		return false
	}
	base := j.baseWorkload(s)
	if base == nil || s.Ops == 0 || base.Ops == 0 || !slices.Contains([]string{result.LogBytes, result.Records, result.Events}, metric) {
		return false
	}
	return math.Abs(s.Ops-base.Ops) > s.Ops/100 // rounds differ, and medians of them are compared
}

// lossAllowed tells whether something was lost and all limits on loss that the budget itself has for a workload are kept: then somebody has said that
// so much may be lost.
func (j *judging) lossAllowed(s *Subject) bool {
	allowed := false
	for i := range j.v.Checks {
		c := &j.v.Checks[i]
		if c.Subject == s.Name && slices.Contains(lossMetrics, c.Metric) {
			if c.Status != Pass {
				return false
			}
			allowed = allowed || c.Place != "" && c.Value != nil && *c.Value > 0
		}
	}
	return allowed
}

// compare judges an interval by a bound, which may be an interval too: kept where all of the one keeps the limit to all of the other, broken
// where none of it does.
func (o Op) compare(f Figure, low, high float64) Status {
	fl, fh := f.Low, f.High
	if f.AtLeast {
		fh = math.Inf(1)
	}
	kept, broken := false, false
	switch o {
	case Below:
		kept, broken = fh < low, fl >= high
	case AtMost:
		kept, broken = fh <= low, fl > high
	case Above:
		kept, broken = fl > high, fh <= low
	case AtLeast:
		kept, broken = fl >= high, fh < low
	case Equal:
		kept, broken = fl == fh && low == high && fl == low, fl > high || fh < low
	}
	switch {
	case kept:
		return Pass
	case broken:
		return Fail
	}
	return Inconclusive
}

// unsure says why an interval on both sides of a bound tells nothing.
func unsure(f Figure) (why, cure string) {
	switch {
	case f.AtLeast:
		return "it is at least that, and may be more: " + f.Why, f.Cure
	case f.Kind == Foretold && f.Why != "":
		return "the log leaves open whether it is kept: " + f.Why, f.Cure
	case f.Kind == Foretold:
		return "the log leaves open whether it is kept", "give a host snapshot with --host-snapshot, or measure"
	}
	return "the interval lies on both sides of the limit", fmt.Sprintf("measure more than %d rounds, or on a quieter machine", f.N)
}

func dimensionWord(d Dimension) string {
	return [...]string{"count", "ns", "bytes", "ratio", "share"}[d]
}

func list(names []string) string {
	var words []string
	for _, n := range names {
		words = append(words, quote(n))
	}
	return strings.Join(words, ", ")
}
