package markdown

import (
	"fmt"
	"io"
	"path"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/compare"
	"github.com/auditprof/auditprof/reports/text"
	"github.com/auditprof/auditprof/reports/unit"
)

// WriteComparison writes what changed: in sentences first, then folded tables of rules, volume and cost. The options do not count: a comment has
// all rules that there is room for.
func WriteComparison(w io.Writer, c *compare.Comparison, _ text.ComparisonOptions) error {
	d := &document{all: "auditprof compare --format html"}
	d.add("### auditprof compare")
	for i := range c.Others {
		d.sentences(text.ComparisonVerdict(c, &c.Others[i]))
	}
	for i := range c.Others {
		a := &c.Others[i]
		for j := range a.Sets {
			d.set(a, &a.Sets[j], len(c.Others)+len(a.Sets) > 2)
		}
		d.fold(remarks(a))
	}
	return d.print(w)
}

// set folds the tables of one set; named, they say of which it is.
func (d *document) set(a *compare.Against, s *compare.SetChange, named bool) {
	of := ""
	if named {
		of = ": " + tagged(a.Side.Name) + " " + tagged(s.New)
	}
	d.fold(costChanges(s, of))
	d.fold(ruleChanges(s, of))
	d.fold(volumes(s, of))
	for i := range s.Workloads {
		d.fold(ruleVolumes(&s.Workloads[i], of))
	}
}

func ruleChanges(s *compare.SetChange, of string) table {
	t := table{title: fmt.Sprintf("Rules that changed: %d", len(s.Rules)) + of, heads: []string{"what", "before", "after", "rule"}}
	for _, r := range s.Rules {
		row := []string{sentence(r.Kind), place(r.Old), place(r.New), ""}
		switch {
		case r.New == nil && r.Old != nil:
			row[3] = code(r.Old.Text)
		case r.New != nil && r.Old != nil && r.Kind == compare.Changed:
			row[3] = code(r.Old.Text) + " becomes " + code(r.New.Text)
		case r.New != nil:
			row[3] = code(r.New.Text)
		}
		t.rows = append(t.rows, row)
	}
	return t
}

func place(r *compare.Rule) string {
	if r == nil {
		return unit.None
	}
	return code(fmt.Sprintf("%s:%d", path.Base(r.File), r.Line))
}

func volumes(s *compare.SetChange, of string) table {
	t := table{title: "Volume by workload" + of, heads: []string{"workload", "per", " events before", " after", " bytes before", " after", " change"}}
	for _, w := range s.Workloads {
		name := "the log"
		if w.Name != "" {
			name = code(w.Name)
		}
		if w.NoVolume != "" {
			t.rows = append(t.rows, []string{name, sentence(w.Unit), unit.None, unit.None, unit.None, unit.None, "not compared: " + sentence(w.NoVolume)})
			continue
		}
		t.rows = append(t.rows, append([]string{name, sentence(w.Unit)}, amounts(w.Old, w.New, w.Same)...))
	}
	return t
}

// amounts are events and bytes before and after. Bytes differ by the length of process ids too: what is the same is told by events and records.
func amounts(was, is compare.PerUnit, same bool) []string {
	change := "new"
	switch {
	case same:
		change = "the same"
	case was.Bytes > 0:
		change = unit.Change(is.Bytes / was.Bytes)
	}
	return []string{unit.Digits(was.Events), unit.Digits(is.Events), unit.Bytes(was.Bytes), unit.Bytes(is.Bytes), change}
}

func ruleVolumes(w *compare.WorkloadChange, of string) table {
	title := "Volume by rule"
	if w.Name != "" {
		title += ": " + tagged(w.Name)
	}
	t := table{title: title + of, heads: []string{"rule", "what", "text", " events before", " after", " bytes before", " after", " change"}}
	for _, r := range w.Rules {
		rule, kind := r.New, r.Kind
		if rule == nil {
			rule = r.Old
		}
		if kind == "" {
			kind = "not changed"
		}
		if rule != nil {
			t.rows = append(t.rows, append([]string{place(rule), sentence(kind), code(rule.Text)}, amounts(r.Was, r.Is, false)...))
		}
	}
	return t
}

func costChanges(s *compare.SetChange, of string) table {
	t := table{title: "Cost" + of, heads: []string{"workload", "cost", " before, times no audit", " after", "after/before [95 % CI]", " rounds", "verdict"}}
	for _, w := range s.Workloads {
		if w.NoFigure != "" {
			t.rows = append(t.rows, []string{code(w.Name), "", unit.None, unit.None, unit.None, unit.None, "no figure: " + sentence(w.NoFigure)})
		}
		for _, c := range w.Costs {
			name := "wall time"
			if c.Name == result.CPURatio {
				name = "CPU"
			}
			t.rows = append(t.rows, []string{code(w.Name), name, unit.Ratio(c.Was), unit.Ratio(c.Is),
				fmt.Sprintf("%s \\[%s %s\\]", unit.Ratio(c.Ratio), unit.Ratio(c.Low), unit.Ratio(c.High)), fmt.Sprint(c.Rounds), sentence(c.Verdict)})
		}
	}
	return t
}

func remarks(a *compare.Against) table {
	t := table{title: "Remarks"}
	for _, r := range a.Remarks {
		t.rows = append(t.rows, []string{sentence(r)})
	}
	return t
}
