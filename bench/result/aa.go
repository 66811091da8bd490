package result

// Levels of the tests of a run. Alpha is that of its verdicts, all of them together (Holm). AlphaAA is that at which A/A throws the run away: a
// run whose other tests are all told would lose its figures by chance alone in Alpha of the cases, which is too often for that.
const (
	Alpha   = 0.05
	AlphaAA = 0.01
)

// AA are the comparisons of the A/A arm with the arm it repeats, one for each scenario and metric.
func (r *Run) AA() []Comparison {
	twins := map[string]string{}
	for _, a := range r.Arms {
		if a.TwinOf != "" && a.Planted == "" {
			twins[a.Name] = a.TwinOf
		}
	}
	var list []Comparison
	for _, c := range r.Comparisons {
		if of, ok := twins[c.Arm]; ok && of == c.Against {
			list = append(list, c)
		}
	}
	return list
}

// AADiffers are the scenarios on which the same rule set, measured twice, differs from itself so clearly that the run says nothing.
func (r *Run) AADiffers() []string {
	var list []string
	for _, c := range r.AA() {
		if (c.Verdict == VerdictSlower || c.Verdict == VerdictFaster) && c.PAll < AlphaAA {
			list = append(list, c.Scenario)
		}
	}
	return list
}

// Compared is the comparison of an arm with another on a scenario by a metric; false where there is none, as in runs of earlier versions.
func (r *Run) Compared(scenario, arm, against, metric string) (Comparison, bool) {
	for _, c := range r.Comparisons {
		if c.Scenario == scenario && c.Arm == arm && c.Against == against && c.Metric == metric {
			return c, true
		}
	}
	return Comparison{}, false
}
