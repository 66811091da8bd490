package text

import (
	"fmt"
	"io"
	"strings"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/compare"
	"github.com/auditprof/auditprof/reports/unit"
)

// ComparisonOptions say how to print a comparison.
type ComparisonOptions struct {
	// Width of the terminal in columns; below 80 it is taken as 80.
	Width int
	// Color marks what grew with terminal colours.
	Color bool
	// All shows every rule that changed, and every rule whose volume did.
	All bool
}

// Lines of a list without All.
const (
	fewRuleChanges = 12
	fewRuleVolumes = 5
)

// WriteComparison prints what changed: rules, volume with the rule that explains it, cost. The error is that of w.
func WriteComparison(w io.Writer, c *compare.Comparison, options ComparisonOptions) error {
	p := &page{width: max(80, options.Width)}
	for i := range c.Others {
		p.gap()
		p.against(c, &c.Others[i], options)
	}
	return p.print(w, options.Color)
}

func (p *page) against(c *compare.Comparison, a *compare.Against, o ComparisonOptions) {
	for i := range a.Sets {
		s := &a.Sets[i]
		p.gap()
		p.prose(bold, "compare", "%s -> %s", sideName(c.Base.Name, s.Old), sideName(a.Side.Name, s.New))
		p.ruleChanges(s, o.All)
		for j := range s.Workloads {
			p.volumeChange(&s.Workloads[j], o.All)
		}
		p.costTable(s)
	}
	for _, r := range a.Remarks {
		p.prose(plain, "note", "%s", r)
	}
}

// ComparisonVerdict is what changed from the base to one other side, without the lists: how many rules, which volumes because of which rule, and
// the costs that are told apart.
func ComparisonVerdict(c *compare.Comparison, a *compare.Against) []Sentence {
	return sentences(func(p *page) {
		for i := range a.Sets {
			p.setVerdict(c, a, &a.Sets[i])
		}
	})
}

func (p *page) setVerdict(c *compare.Comparison, a *compare.Against, s *compare.SetChange) {
	p.prose(bold, "compare", "%s -> %s", sideName(c.Base.Name, s.Old), sideName(a.Side.Name, s.New))
	p.ruleCounts(s)
	told, open := 0, 0
	for i := range s.Workloads {
		w := &s.Workloads[i]
		p.volumeSum(w)
		for _, cost := range w.Costs {
			if cost.Verdict != "larger" && cost.Verdict != "smaller" {
				open++
				continue
			}
			told++
			p.prose(bold, costVerdict(cost), "%s, %s: %s [%s %s] times what it was", w.Name, costName(cost.Name), unit.Ratio(cost.Ratio), unit.Ratio(cost.Low), unit.Ratio(cost.High))
		}
	}
	switch {
	case s.NoCost != "":
		p.prose(plain, "cost", "not compared: %s", s.NoCost)
	case open > 0:
		p.prose(plain, "cost", "cannot tell %d of %s", open, plural(told+open, "cost"))
	}
}

// sideName is a side with its set, which profiles have no name for.
func sideName(side, set string) string {
	if set == "" || strings.HasSuffix(side, ":"+set) {
		return side
	}
	return side + ": " + set
}

func (p *page) ruleChanges(s *compare.SetChange, all bool) {
	p.ruleCounts(s)
	for i, r := range s.Rules {
		if i == fewRuleChanges && !all {
			p.prose(plain, "", "and %d more, with --all", len(s.Rules)-i)
			break
		}
		p.ruleChange(r)
	}
}

func (p *page) ruleCounts(s *compare.SetChange) {
	switch {
	case s.OldRules+s.NewRules == 0:
	case len(s.Rules) == 0:
		p.prose(plain, "rules", "the same %s", plural(s.NewRules, "rule"))
	default:
		p.prose(plain, "rules", "%d -> %d: %s", s.OldRules, s.NewRules, kindsOf(s.Rules))
	}
}

func kindsOf(changes []compare.RuleChange) string {
	n := map[string]int{}
	for _, c := range changes {
		n[c.Kind]++
	}
	var parts []string
	for _, k := range []string{compare.Added, compare.Removed, compare.Changed, compare.Moved} {
		if n[k] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n[k], k))
		}
	}
	return strings.Join(parts, ", ")
}

func (p *page) ruleChange(r compare.RuleChange) {
	switch r.Kind {
	case compare.Added:
		p.prose(plain, "", "+ %s  %s", rulePlace(r.New), r.New.Text)
	case compare.Removed:
		p.prose(plain, "", "- %s  %s", rulePlace(r.Old), r.Old.Text)
	case compare.Moved:
		p.prose(plain, "", "> %s from %s  %s", rulePlace(r.New), rulePlace(r.Old), r.New.Text)
	default:
		p.prose(plain, "", "- %s  %s", rulePlace(r.Old), r.Old.Text)
		p.prose(plain, "", "+ %s  %s", rulePlace(r.New), r.New.Text)
	}
}

func rulePlace(r *compare.Rule) string { return fmt.Sprintf("%s:%d", r.File, r.Line) }

// volumeSum is one line for a workload, with the rules that explain what differs.
func (p *page) volumeSum(w *compare.WorkloadChange) {
	label, name := "volume", ""
	if w.Name != "" {
		name = w.Name + ": "
	}
	if w.NoVolume != "" {
		p.prose(plain, label, "%snot compared: %s", name, w.NoVolume)
		return
	}
	if w.Old == (compare.PerUnit{}) && w.New == (compare.PerUnit{}) {
		p.prose(plain, label, "%snothing recorded, before and after", name)
		return
	}
	if w.Same {
		p.prose(plain, label, "%sthe same %s events and %s records per %s", name, unit.Digits(w.New.Events), unit.Digits(w.New.Records), w.Unit)
		return
	}
	style := plain
	if w.New.Bytes > w.Old.Bytes {
		style = bold
	}
	p.prose(style, label, "%s%s -> %s per %s%s, %s -> %s events", name, unit.Bytes(w.Old.Bytes), unit.Bytes(w.New.Bytes), w.Unit, grown(w.Old.Bytes, w.New.Bytes),
		unit.Digits(w.Old.Events), unit.Digits(w.New.Events))
	for _, i := range w.Explains {
		p.prose(plain, "", "because of %s", ruleDifference(w.Rules[i]))
		for _, above := range w.Rules[i].Because {
			p.prose(plain, "", "  above it, %s:", above.Kind)
			p.ruleChange(above)
		}
	}
}

// volumeChange is that line, and the other rules whose volume differs.
func (p *page) volumeChange(w *compare.WorkloadChange, all bool) {
	p.volumeSum(w)
	if w.Same || w.NoVolume != "" {
		return
	}
	for i, r := range w.Rules {
		if i == fewRuleVolumes && !all {
			p.prose(plain, "", "and %d more rules whose volume differs, with --all", len(w.Rules)-i)
			break
		}
		if !explains(w, i) {
			p.prose(plain, "", "also %s", ruleDifference(r))
		}
	}
}

func explains(w *compare.WorkloadChange, rule int) bool {
	for _, i := range w.Explains {
		if i == rule {
			return true
		}
	}
	return false
}

func grown(was, is float64) string {
	if was == 0 {
		return ""
	}
	return " (" + unit.Change(is/was) + ")"
}

func ruleDifference(r compare.RuleVolume) string {
	rule, kind := r.New, r.Kind
	if rule == nil {
		rule = r.Old
	}
	if kind == "" {
		kind = "not changed"
	}
	return fmt.Sprintf("%s (%s): %s -> %s, %s -> %s events  %s", rulePlace(rule), kind, unit.Bytes(r.Was.Bytes), unit.Bytes(r.Is.Bytes),
		unit.Digits(r.Was.Events), unit.Digits(r.Is.Events), rule.Text)
}

// costTable has one line for each workload and cost; without any it says why.
func (p *page) costTable(s *compare.SetChange) {
	if s.NoCost != "" {
		p.prose(plain, "cost", "not compared: %s", s.NoCost)
		return
	}
	t := &table{left: map[int]bool{5: true}, over: []span{{1, 2, "times no audit"}, {3, 3, "new/old [95 %]"}}}
	t.add(plain, "cost", "old", "new", "", "rounds", "")
	rows := 0
	for _, w := range s.Workloads {
		if w.NoFigure != "" {
			p.prose(alarm, "cost", "%s: no figure, %s", w.Name, w.NoFigure)
		}
		for _, c := range w.Costs {
			rows++
			t.add(plain, w.Name+", "+costName(c.Name), unit.Ratio(c.Was), unit.Ratio(c.Is),
				fmt.Sprintf("%s [%s %s]", unit.Ratio(c.Ratio), unit.Ratio(c.Low), unit.Ratio(c.High)), fmt.Sprint(c.Rounds), costVerdict(c))
		}
	}
	if rows > 0 {
		t.print(p)
	}
}

func costName(metric string) string {
	if metric == result.CPURatio {
		return "CPU"
	}
	return "wall time"
}

// costVerdict never says that two things are the same: too few rounds see nothing.
func costVerdict(c compare.CostChange) string {
	switch c.Verdict {
	case "larger":
		return "DEARER"
	case "smaller":
		return "cheaper"
	}
	return c.Verdict
}
