package html

import (
	"fmt"
	"io"
	"math"
	"path"
	"strings"

	"github.com/auditprof/auditprof/compare"
	"github.com/auditprof/auditprof/reports/unit"
)

// Bounds of the tables of a comparison.
const (
	maxRuleChanges = 400
	maxRuleVolumes = 100
)

// WriteComparison writes the page of a comparison. The error is that of w.
func WriteComparison(w io.Writer, c *compare.Comparison) error {
	plain := clean(*c)
	d := &document{Kind: "compare", About: aboutComparison(&plain), Where: whereComparison(&plain)}
	d.Title = "auditprof: " + d.About
	for i := range plain.Others {
		a := &plain.Others[i]
		for j := range a.Sets {
			d.Findings = append(d.Findings, findingsOf(a, &a.Sets[j])...)
		}
		for _, r := range a.Remarks {
			d.Alarms = append(d.Alarms, finding{Word: "note", Tone: "unsure", Text: r})
		}
		addAgainst(d, &plain, a, i)
	}
	d.Headline = headlineComparison(&plain)
	list, _ := first(stepsComparison(&plain), shownSteps)
	d.Steps = list
	return d.write(w)
}

func aboutComparison(c *compare.Comparison) string {
	names := []string{}
	for _, a := range c.Others {
		names = append(names, a.Side.Name)
	}
	list, more := first(names, 3)
	text := strings.Join(list, ", ")
	if more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text + " against " + c.Base.Name
}

func whereComparison(c *compare.Comparison) string {
	kernel := c.Base.Kernel
	if kernel != "" {
		kernel = "kernel " + kernel
	}
	return sentence(" · ", c.Base.Host, kernel)
}

// heaviest is the workload whose bytes grew or shrank by the largest factor.
func heaviest(c *compare.Comparison) (set *compare.SetChange, w *compare.WorkloadChange) {
	most := 0.0
	for i := range c.Others {
		for j := range c.Others[i].Sets {
			s := &c.Others[i].Sets[j]
			for k := range s.Workloads {
				one := &s.Workloads[k]
				if factor := math.Abs(math.Log((one.New.Bytes + 1) / (one.Old.Bytes + 1))); one.NoVolume == "" && !one.Same && finite(factor) && factor > most {
					set, w, most = s, one, factor
				}
			}
		}
	}
	return set, w
}

func headlineComparison(c *compare.Comparison) string {
	s, w := heaviest(c)
	if w == nil {
		if dear := dearer(c); dear != "" {
			return dear
		}
		return unchanged(c)
	}
	return fmt.Sprintf("%s records %s, where it was %s.", onWorkload(s, w), perUnit(w.New, w.Unit), bytesOf(w.Old.Bytes))
}

// unchanged says that nothing changed only where all that was recorded is known, and held against something.
func unchanged(c *compare.Comparison) string {
	known, unknown := 0, 0
	for _, a := range c.Others {
		for _, s := range a.Sets {
			for _, w := range s.Workloads {
				if w.NoVolume == "" {
					known++
				} else {
					unknown++
				}
			}
		}
	}
	switch {
	case known+unknown == 0:
		return "They share no workload: nothing can be compared but the rules."
	case known == 0:
		return "What is recorded cannot be compared."
	case unknown > 0:
		return fmt.Sprintf("What is recorded is the same on %s, and not known on %s.", plural(known, "workload"), countOf(unknown))
	}
	return "What is recorded is the same."
}

// dearer is the first cost that is proven larger, in a sentence.
func dearer(c *compare.Comparison) string {
	for _, a := range c.Others {
		for _, s := range a.Sets {
			for _, w := range s.Workloads {
				for _, x := range w.Costs {
					if x.Verdict == "larger" {
						return fmt.Sprintf("%s on %s is %s times what it was. %s", upper(costName(x.Name)), w.Name, ratioOf(x.Ratio), unchanged(c))
					}
				}
			}
		}
	}
	return ""
}

func onWorkload(s *compare.SetChange, w *compare.WorkloadChange) string {
	return sentence(" on ", sentence("", s.New), w.Name)
}

func perUnit(p compare.PerUnit, unitName string) string {
	return bytesOf(p.Bytes) + " per " + unitName
}

func costName(name string) string {
	if name == "slowdown" {
		return "time"
	}
	return "CPU"
}

// findingsOf are the volumes that changed, with the rules that explain it, and the costs that are told apart.
func findingsOf(a *compare.Against, s *compare.SetChange) []finding {
	var list []finding
	for i := range s.Workloads {
		w := &s.Workloads[i]
		if w.NoVolume == "" && !w.Same {
			f := finding{Word: "more", Tone: "bad", Text: fmt.Sprintf("%s: %s → %s, %s → %s events", onWorkload(s, w), bytesOf(w.Old.Bytes), perUnit(w.New, w.Unit), digitsOf(w.Old.Events), digitsOf(w.New.Events)), Cause: explained(w)}
			if w.New.Bytes < w.Old.Bytes {
				f.Word, f.Tone = "less", "unsure" // less is not better: it may be blindness
			}
			list = append(list, f)
		}
		for _, x := range w.Costs {
			if x.Verdict == "larger" || x.Verdict == "smaller" {
				f := finding{Word: "dearer", Tone: "bad", Text: fmt.Sprintf("%s: %s %s %s times what it was", onWorkload(s, w), costName(x.Name), ratioOf(x.Ratio), between(x.Low, x.High))}
				if x.Verdict == "smaller" {
					f.Word, f.Tone = "cheaper", "good"
				}
				list = append(list, f)
			}
		}
	}
	list, _ = first(list, 12)
	return list
}

// explained names the rules that make the difference.
func explained(w *compare.WorkloadChange) string {
	var names []string
	for _, i := range w.Explains {
		if i >= 0 && i < len(w.Rules) {
			names = append(names, ruleOf(w.Rules[i]))
		}
	}
	if len(names) == 0 {
		return ""
	}
	list, more := first(names, 3)
	text := strings.Join(list, "; ")
	if more > 0 {
		text += fmt.Sprintf("; and %d more", more)
	}
	return text + fmt.Sprintf(": %s of the difference.", percentOf(w.Share))
}

// ruleOf is a rule by its place now, or that of before.
func ruleOf(r compare.RuleVolume) string {
	text := "unknown rule"
	switch {
	case r.New != nil:
		text = place(path.Base(r.New.File), r.New.Line)
	case r.Old != nil:
		text = place(path.Base(r.Old.File), r.Old.Line)
	}
	if r.Kind != "" {
		text += " (" + r.Kind + ")"
	}
	return text
}

func stepsComparison(c *compare.Comparison) []step {
	var list []step
	if s, w := heaviest(c); w != nil {
		if text := explained(w); text != "" {
			list = append(list, step{Text: fmt.Sprintf("Look at what makes the difference on %s: %s", sentence(", ", w.Name, s.New), text)})
		}
		if w.New.Bytes < w.Old.Bytes {
			list = append(list, step{"Less is recorded: hold what is no longer seen against a budget.", "auditprof gate --budget budget.yaml …"})
		}
	}
	for _, a := range c.Others {
		for _, s := range a.Sets {
			if s.NoCost != "" {
				return append(list, step{Text: upper(s.NoCost) + "."})
			}
		}
	}
	return list
}

// sideName is a side with its set, unless the user named it so.
func sideName(side, set string) string {
	if strings.HasSuffix(side, ":"+set) {
		return side
	}
	return sentence(": ", side, set)
}

// addAgainst adds the sections of one other side.
func addAgainst(d *document, c *compare.Comparison, a *compare.Against, index int) {
	for i := range a.Sets {
		s := &a.Sets[i]
		title := sideName(a.Side.Name, s.New)
		id := fmt.Sprintf("side-%d-%d", index, i)
		note := fmt.Sprintf("Beside %s. %s, now %s.", sideName(c.Base.Name, s.Old), plural(s.OldRules, "rule"), countOf(s.NewRules))
		d.add(id, title, note, "comparison", changes{diffOfRules(s.Rules), more(len(s.Rules)-maxRuleChanges, "further change"), append(volumeGrids(s), costGrid(s))})
	}
}

// changes is what one set became.
type changes struct {
	Diff  []diffLine
	More  string
	Grids []grid
}

func more(n int, noun string) string {
	if n <= 0 {
		return ""
	}
	return plural(n, noun) + " not shown."
}

func diffOfRules(rules []compare.RuleChange) []diffLine {
	var list []diffLine
	rules, _ = first(rules, maxRuleChanges)
	for _, r := range rules {
		switch {
		case r.Kind == compare.Moved && r.New != nil:
			list = append(list, diffLine{"↕", place(path.Base(r.New.File), r.New.Line) + "  " + r.New.Text, "same"})
			continue
		}
		if r.Old != nil {
			list = append(list, diffLine{"−", place(path.Base(r.Old.File), r.Old.Line) + "  " + r.Old.Text, "gone"})
		}
		if r.New != nil {
			list = append(list, diffLine{"+", place(path.Base(r.New.File), r.New.Line) + "  " + r.New.Text, "new"})
		}
	}
	return list
}

func volumeGrids(s *compare.SetChange) []grid {
	var grids []grid
	for _, w := range s.Workloads {
		if w.NoVolume != "" {
			grids = append(grids, grid{More: w.Name + ": volume not compared, " + w.NoVolume})
			continue
		}
		if w.Same {
			continue
		}
		g := grid{Title: sentence(", ", w.Name, "bytes per "+w.Unit), Head: append(words("rule", "change"), numbers("was", "is", "difference", "events, was", "is")...)}
		rules, left := first(w.Rules, maxRuleVolumes)
		for _, r := range rules {
			text := ""
			switch {
			case r.New != nil:
				text = r.New.Text
			case r.Old != nil:
				text = r.Old.Text
			}
			g.Rows = append(g.Rows, []cell{{Text: sentence("  ", ruleOf(r), text), Code: true}, {Text: r.Kind}, {Text: bytesOf(r.Was.Bytes)}, {Text: bytesOf(r.Is.Bytes)},
				{Text: signed(r.Is.Bytes - r.Was.Bytes)}, {Text: digitsOf(r.Was.Events)}, {Text: digitsOf(r.Is.Events)}})
		}
		g.More = more(left, "further rule")
		grids = append(grids, g)
	}
	return grids
}

func signed(bytes float64) string {
	if bytes > 0 {
		return "+" + bytesOf(bytes)
	}
	return strings.Replace(bytesOf(bytes), "-", "−", 1)
}

func costGrid(s *compare.SetChange) grid {
	g := grid{Title: "Cost", Head: append(words("workload", "what"), append(numbers("was, times no audit", "is", "change", "interval", "p, all tests", "rounds"), head{Name: "verdict"})...), More: s.NoCost}
	for _, w := range s.Workloads {
		for _, x := range w.Costs {
			row := say(w.Name, costName(x.Name), ratioOf(x.Was), ratioOf(x.Is), figure(unit.Change(x.Ratio)), between(x.Low, x.High), digitsOf(x.PAll), countOf(x.Rounds), x.Verdict)
			row[8].Tone = map[string]string{"larger": "bad", "smaller": "good"}[x.Verdict]
			g.Rows = append(g.Rows, row)
		}
		if w.NoFigure != "" {
			g.Rows = append(g.Rows, say(w.Name, w.NoFigure, none, none, none, none, none, none, "no figure"))
		}
	}
	return g
}
