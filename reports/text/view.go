package text

import (
	"fmt"
	"math"
	"path"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/reports/unit"
)

// verdictRounds is the number of rounds below which there is a range and no interval: the order-statistic interval at 95 % needs 6.
const verdictRounds = 6

// view is a run with its parts found by name.
type view struct {
	run     *result.Run
	options Options
	results map[[2]string]result.Result
	noAudit string            // name of the arm without audit, "" where there is none
	bases   map[string]string // base name of a rule file → the only file of that name, "" where there are several
}

func newView(run *result.Run, options Options) *view {
	v := &view{run: run, options: options, results: map[[2]string]result.Result{}}
	for _, r := range run.Results {
		v.results[[2]string{r.Scenario, r.Arm}] = r
	}
	for _, a := range run.Arms {
		if a.Kind == result.ArmNoAudit && a.TwinOf == "" {
			v.noAudit = a.Name
		}
	}
	for _, a := range run.Arms { // a service of the user's that was not restarted has no arm without audit
		if v.noAudit == "" && run.Unit != nil && a.Kind == result.ArmNoRules {
			v.noAudit = a.Name
		}
	}
	v.bases = map[string]string{}
	for _, a := range run.Arms {
		for _, f := range a.Files {
			base := path.Base(f)
			if other, seen := v.bases[base]; seen && other != f {
				f = ""
			}
			v.bases[base] = f
		}
	}
	return v
}

// file is a rule file's base name where no other file has it, else the whole name.
func (v *view) file(name string) string {
	if base := path.Base(name); v.bases[base] == name {
		return base
	}
	return name
}

func (v *view) result(scenario, arm string) (result.Result, bool) {
	r, ok := v.results[[2]string{scenario, arm}]
	return r, ok
}

// judged are the arms that the report is about: the candidates, or else the set that was loaded.
func (v *view) judged() []result.Arm {
	for _, kind := range []string{result.ArmCandidate, result.ArmLoaded} {
		var arms []result.Arm
		for _, a := range v.run.Arms {
			if a.Kind == kind && a.TwinOf == "" {
				arms = append(arms, a)
			}
		}
		if len(arms) > 0 {
			return arms
		}
	}
	return nil
}

func (v *view) attribution(scenario, arm string) (result.Attribution, bool) {
	for _, a := range v.run.Attribution {
		if a.Scenario == scenario && a.Arm == arm {
			return a, true
		}
	}
	return result.Attribution{}, false
}

func (v *view) arm(name string) result.Arm {
	for _, a := range v.run.Arms {
		if a.Name == name {
			return a
		}
	}
	return result.Arm{Name: name}
}

// op is what one operation of the scenario is called.
func (v *view) op(scenario string) string {
	for _, s := range v.run.Scenarios {
		if s.Name == scenario && s.Op != "" {
			return s.Op
		}
	}
	return "operation"
}

// rate is operations a second as the user states them, 0 where no rate was stated.
func (v *view) rate(scenario string) float64 {
	if r, ok := v.options.Rates[scenario]; ok {
		return r
	}
	return v.options.At
}

// firm tells whether n rounds allow verdict words.
func (v *view) firm(n int) bool { return !v.run.Quick && n >= verdictRounds }

// metric gives the named metric, false where it is absent or no number.
func metric(r result.Result, name string) (result.Metric, bool) {
	m, ok := r.Shown(name)
	return m, ok && !math.IsNaN(m.Value) && !math.IsInf(m.Value, 0)
}

// value is the metric's value, 0 where it is absent.
func value(r result.Result, name string) float64 {
	m, _ := metric(r, name)
	return m.Value
}

// loss says what an incomplete result lacks, "" for a complete one: the word LOST and the count that weighs most.
func loss(r result.Result) string {
	lost, missing, partial := value(r, result.Lost), value(r, result.EventsMissing), value(r, result.PartialEvents)
	switch {
	case lost > 0:
		return "LOST " + count(lost)
	case missing > 0:
		return "LOST " + count(missing) + " events"
	case partial > 0:
		return "LOST parts of " + count(partial)
	case !r.Complete && r.Slots > 0 && r.Invalid == 0: // invalid slots are out of the figures, and trust counts them
		return "LOST, see below"
	}
	return ""
}

// interval prints "1.24 [1.20 1.29]".
func interval(m result.Metric) string {
	return fmt.Sprintf("%s [%s %s]", unit.Ratio(m.Value), unit.Ratio(m.Low), unit.Ratio(m.High))
}

// count prints a metric that counts something.
func count(v float64) string {
	if math.IsNaN(v) || math.Abs(v) > 1<<62 {
		return unit.Digits(v)
	}
	return unit.Count(int64(math.Round(v)))
}

// plural gives "1 rule", "2 rules".
func plural(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return unit.Count(int64(n)) + " " + noun
}

// several cuts a list to its first n.
func several[T any](list []T, n int) (first []T, more int) {
	if len(list) <= n {
		return list, 0
	}
	return list[:n], len(list) - n
}
