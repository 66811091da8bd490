package gate

import (
	"fmt"
	"slices"
	"time"
)

// Input is what a verdict is made of.
type Input struct {
	Budget  *Budget
	Figures *Figures
	// Base are the figures that limits relative to the baseline are of; nil: there is no baseline.
	Base *Figures
	// BaseName is the baseline in a word; Apart says why figures of time cannot be held against it, "" where they can.
	BaseName, Apart string
	// Sight is what is still seen; nil: nobody could compare, and NoSight says why.
	Sight   *Sight
	NoSight string
	// SameRule tells whether two texts are the same rule for a kernel, so that an entry of unseen: may be written in another way; nil: only words count.
	SameRule func(a, b string) bool
	// NotLoaded are lines of the rules that a kernel or auditctl refuses; Rules tells how many loaded, 0 where nobody read any.
	NotLoaded []Problem
	Loaded    int
	// Only are the sections that are judged; none: all.
	Only  []string
	Of    string
	Today time.Time
}

// judging is a verdict being made.
type judging struct {
	in Input
	v  *Verdict
	d  document // errors of the budget that only the figures show
}

// Judge holds the figures against the budget. An error is of the budget (a metric, a workload or a rule that is not there), each with its place; or
// of figures that are no numbers (ErrFigures).
func Judge(in Input) (*Verdict, error) {
	for _, f := range []*Figures{in.Figures, in.Base} {
		if f == nil {
			continue
		}
		if err := f.check(); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrFigures, err)
		}
	}
	if len(in.Only) == 0 {
		in.Only = Sections()
	}
	j := &judging{in: in, d: document{file: in.Budget.File}, v: &Verdict{Schema: VerdictSchema, Budget: in.Budget.File, Of: in.Of, Against: in.BaseName,
		Sections: in.Only, Checks: []Check{}, Losses: []Loss{}, Problems: []Problem{}, Proposals: []Proposal{}, Outside: []string{}, Remarks: []string{}}}
	j.judgeLoad()
	j.judgeSight()
	j.judgeScenarios()
	j.judgeOne(SectionLog, in.Budget.Log, in.Figures.Log, "no log was replayed: name one with --log, or leave the section out with --only")
	j.judgeOne(SectionRules, in.Budget.Rules, in.Figures.Rules, "no rules were read: name them with --rules, or leave the section out with --only")
	if err := j.d.err(); err != nil {
		return nil, err
	}
	if in.Sight != nil {
		j.v.Outside = append(j.v.Outside, in.Sight.Outside...)
	}
	j.conclude()
	return j.v, nil
}

func (j *judging) remark(format string, args ...any) {
	j.v.Remarks = append(j.v.Remarks, fmt.Sprintf(format, args...))
}

func (j *judging) judged(section string) bool { return slices.Contains(j.in.Only, section) }

// judgeLoad fails where a line does not load: what it should record is not recorded.
func (j *judging) judgeLoad() {
	if j.in.Loaded == 0 && len(j.in.NotLoaded) == 0 {
		return
	}
	n := float64(len(j.in.NotLoaded))
	c := Check{Subject: "rules", Metric: "not_loaded", Limit: "every line loads", Severity: SeverityError, Status: Pass, Dimension: "count", Value: &n, Exact: true}
	if len(j.in.NotLoaded) > 0 {
		p := j.in.NotLoaded[0]
		c.Status, c.Reason = Fail, fmt.Sprintf("%s: %s", Place{p.File, p.Line, p.Col}, p.Text)
		if n > 1 {
			c.Reason += fmt.Sprintf(" (and %d lines more)", len(j.in.NotLoaded)-1)
		}
		c.Cure = "mend the line, or take it out where another records the same"
		j.v.Problems = append(j.v.Problems, j.in.NotLoaded...)
	}
	j.v.Checks = append(j.v.Checks, c)
}

// judgeScenarios judges every workload of the run by its own limits and those of all.
func (j *judging) judgeScenarios() {
	if !j.judged(SectionScenarios) {
		return
	}
	sections := j.in.Budget.Scenarios
	for i := range sections {
		s := &sections[i]
		if s.Name == AllScenarios && len(j.in.Figures.Scenarios) > 0 || j.in.Figures.Scenario(s.Name) != nil {
			continue
		}
		names := j.in.Figures.scenarioNames()
		if len(names) == 0 {
			j.d.failAt(s.Place, "there is no run that ran %s: name one, or leave the section out with --only log,rules", quote(s.Name))
			continue
		}
		j.d.failAt(s.Place, "the run did not run %s: it has %s%s", quote(s.Name), list(names), nearest(s.Name, names))
	}
	for i := range j.in.Figures.Scenarios {
		subject := &j.in.Figures.Scenarios[i]
		var limits []Limit
		for k := range sections {
			if sections[k].Name == AllScenarios || sections[k].Name == subject.Name {
				limits = append(limits, sections[k].Limits...)
			}
		}
		// Limits on loss come first: whether figures count depends on them.
		slices.SortStableFunc(limits, func(a, b Limit) int { return lossLast(a) - lossLast(b) })
		j.judgeLoss(subject, limits)
		for k := range limits {
			j.judgeLimit(subject, j.baseOf(subject.Name), &limits[k])
		}
	}
}

func lossLast(l Limit) int {
	if slices.Contains(lossMetrics, l.Metric) {
		return 0
	}
	return 1
}

func (j *judging) baseOf(scenario string) *Subject {
	if j.in.Base == nil {
		return nil
	}
	return j.in.Base.Scenario(scenario)
}

// judgeOne judges the log, or the rules.
func (j *judging) judgeOne(name string, limits []Limit, subject *Subject, missing string) {
	if !j.judged(name) || len(limits) == 0 {
		return
	}
	if subject == nil {
		j.d.failAt(limits[0].Place, "%s", missing)
		return
	}
	if limits = j.known(name, limits, subject); len(limits) == 0 {
		return
	}
	var base *Subject
	if j.in.Base != nil {
		if base = j.in.Base.Log; name == SectionRules {
			base = j.in.Base.Rules
		}
	}
	for k := range limits {
		j.judgeLimit(subject, base, &limits[k])
	}
}

// known are the limits on metrics that the log, or the rules, have; of the others it says which there are. Of a run a metric may be absent for want of
// measuring; here it would never be there.
func (j *judging) known(name string, limits []Limit, subject *Subject) (kept []Limit) {
	for _, l := range limits {
		_, has := subject.Figures[l.Metric]
		if _, metric := metrics[l.Metric]; metric && !has {
			have := sortedKeys(subject.Figures)
			j.d.failAt(l.Place, "%s has no metric %s, which is one of a workload: it has %s", name, quote(shown(l.Metric)), list(have[:min(len(have), 8)]))
			continue
		}
		kept = append(kept, l)
	}
	return kept
}

// judgeLoss fails where records were lost, unless the budget has a limit of its own on that.
func (j *judging) judgeLoss(s *Subject, limits []Limit) {
	for _, name := range lossMetrics {
		own := slices.ContainsFunc(limits, func(l Limit) bool { return l.Metric == name && l.Rule == "" })
		f, there := s.Figures[name]
		if own || !there && name != lossMetrics[0] {
			continue
		}
		e := Expression{Text: name + " <= 0", Metric: name, Op: AtMost}
		j.v.Checks = append(j.v.Checks, j.settle(j.weigh(s, f, nil, &Limit{Expression: e, Severity: SeverityError})))
	}
}

// conclude makes one word of all checks.
func (j *judging) conclude() {
	j.v.Outcome = Pass
	switch {
	case j.v.Count(Fail) > 0:
		j.v.Outcome = Fail
	case j.v.Count(Inconclusive) > 0:
		j.v.Outcome = Inconclusive
	}
}

// settle makes a warning of what is not kept, or cannot be told, where no more is asked.
func (j *judging) settle(c Check) Check {
	if c.Severity == SeverityWarn && (c.Status == Fail || c.Status == Inconclusive) {
		if c.Status == Inconclusive && c.Reason != "" {
			c.Reason = cannotTell + c.Reason
		}
		c.Status = Warn
	}
	return c
}
