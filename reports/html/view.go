package html

import (
	"cmp"
	"path"
	"slices"

	"github.com/auditprof/auditprof/bench/result"
)

// verdictRounds is the number of rounds below which there is a range and no interval: the order-statistic interval at 95 % needs 6.
const verdictRounds = 6

// runView is a run with its parts found by name.
type runView struct {
	run         *result.Run
	options     RunOptions
	results     map[[2]string]result.Result
	comparisons map[[3]string]result.Comparison // scenario, arm, metric: against the arm without audit
	noAudit     string                          // name of the arm without audit, "" where there is none
	bases       map[string]string               // base name of a rule file → the only file of that name, "" where there are several
}

func newRunView(run *result.Run, o RunOptions) *runView {
	v := &runView{run: run, options: o, results: map[[2]string]result.Result{}, comparisons: map[[3]string]result.Comparison{}, bases: map[string]string{}}
	for _, r := range run.Results {
		v.results[[2]string{r.Scenario, r.Arm}] = r
	}
	for _, a := range run.Arms {
		if a.Kind == result.ArmNoAudit && a.TwinOf == "" {
			v.noAudit = a.Name
		}
		for _, r := range a.Rules {
			v.base(r.File)
		}
		for _, l := range a.LeftOut {
			v.base(l.File)
		}
	}
	for _, c := range run.Comparisons {
		if c.Against == v.noAudit {
			v.comparisons[[3]string{c.Scenario, c.Arm, c.Metric}] = c
		}
	}
	return v
}

func (v *runView) base(file string) {
	name := path.Base(file)
	if other, seen := v.bases[name]; seen && other != file {
		file = ""
	}
	v.bases[name] = file
}

// file is a rule file's base name where no other file has it, else the whole name.
func (v *runView) file(name string) string {
	if base := path.Base(name); v.bases[base] == name {
		return base
	}
	return name
}

// arms are those that are compared with the baseline: neither it nor copies.
func (v *runView) arms() []result.Arm {
	return slices.DeleteFunc(slices.Clone(v.run.Arms), func(a result.Arm) bool { return a.TwinOf != "" || a.Name == v.noAudit })
}

// judged are the arms that the report is about: the candidates, or else the set that was loaded, or else all.
func (v *runView) judged() []result.Arm {
	for _, kind := range []string{result.ArmCandidate, result.ArmLoaded} {
		list := slices.DeleteFunc(v.arms(), func(a result.Arm) bool { return a.Kind != kind })
		if len(list) > 0 {
			return list
		}
	}
	return v.arms()
}

func (v *runView) arm(name string) result.Arm {
	for _, a := range v.run.Arms {
		if a.Name == name {
			return a
		}
	}
	return result.Arm{Name: name}
}

// colour is the class of an arm in every drawing of the page.
func (v *runView) colour(name string) string {
	if name == v.noAudit {
		return "base"
	}
	n := 0
	for _, a := range v.arms() {
		if a.Name == name {
			return "arm" + string(rune('0'+n%6))
		}
		n++
	}
	return "base"
}

func (v *runView) result(scenario, arm string) (result.Result, bool) {
	r, ok := v.results[[2]string{scenario, arm}]
	return r, ok
}

// op is what one operation of the scenario is called.
func (v *runView) op(scenario string) string {
	for _, s := range v.run.Scenarios {
		if s.Name == scenario {
			return cmp.Or(s.Op, "operation")
		}
	}
	return "operation"
}

// firm tells whether n rounds allow verdict words.
func (v *runView) firm(n int) bool { return !v.run.Quick && n >= verdictRounds }

// loss says what an incomplete result lacks, "" for a complete one.
func loss(r result.Result) string {
	for _, c := range []struct{ name, what string }{{result.Lost, "records"}, {result.EventsMissing, "events"}, {result.PartialEvents, "parts of events"}} {
		if n := value(r, c.name); n > 0 {
			return digits(n) + " " + c.what + " lost"
		}
	}
	if !r.Complete && r.Slots > 0 && r.Invalid == 0 { // invalid slots are out of the figures
		return "log incomplete"
	}
	return ""
}

func digits(n float64) string {
	if n < 1<<53 {
		return countOf(int64(n))
	}
	return digitsOf(n)
}

// noisiest is the rule with the most bytes of an attribution, with its share.
func (v *runView) noisiest(scenario, arm string) (top result.RuleShare, share float64, a result.Attribution, found bool) {
	for _, at := range v.run.Attribution {
		if at.Scenario == scenario && at.Arm == arm {
			a = at
		}
	}
	var all uint64
	for _, r := range a.Rules {
		all += r.Bytes
		if r.Bytes > top.Bytes {
			top, found = r, true
		}
	}
	return top, float64(top.Bytes) / float64(max(all, 1)), a, found
}

// first cuts a list to n elements and says how many more there are.
func first[T any](list []T, n int) ([]T, int) {
	if len(list) <= n {
		return list, 0
	}
	return list[:n], len(list) - n
}
