package gate

import (
	"fmt"
	"math"
	"slices"

	"github.com/auditprof/auditprof/bench/result"
)

// Figure is one number. Where N is 0 there is none, and Why says so.
type Figure struct {
	Dimension Dimension
	Kind      Kind
	Value     float64 // base units
	Low, High float64 // bounds of the interval; equal to Value for what is exact
	N         int     // slots or logs behind it
	// AtLeast: the true value may lie anywhere above Low.
	AtLeast bool
	Rounded bool    // to four digits, as a file of exact figures has them: what is held against it is rounded likewise
	Paired  *Paired // with the baseline, where both are of one run
	Why     string  // why it is absent, or what AtLeast rests on
	Cure    string  // what to do about that
}

// Subject is what limits are of: a workload, the recorded logs, the rule set itself.
type Subject struct {
	Name    string
	Figures map[string]Figure // by canonical name
	Rules   []RuleFigures
	// Definition tells workloads of one name apart that users defined, "" for those that ship. Ops are those of a timed
	// slot, 0 where nobody counted.
	Definition string
	Ops        float64
	// Broken says why figures of cost and volume do not count: records were lost. "" where they do.
	Broken string
}

// RuleFigures are those of one rule.
type RuleFigures struct {
	File    string // base name
	Line    int
	Text    string
	Key     string
	Figures map[string]Figure
}

// Place is file:line.
func (r *RuleFigures) Place() string { return fmt.Sprintf("%s:%d", r.File, r.Line) }

// Figures are all that limits can be held against. Log and Rules are nil where nobody replayed a log, or read the rules.
type Figures struct {
	Scenarios []Subject
	Log       *Subject
	Rules     *Subject
	run       *result.Run // that the workloads are of, nil where they are of a file
}

// Scenario finds a workload by its name.
func (f *Figures) Scenario(name string) *Subject {
	for i := range f.Scenarios {
		if f.Scenarios[i].Name == name {
			return &f.Scenarios[i]
		}
	}
	return nil
}

func (f *Figures) scenarioNames() []string {
	var list []string
	for i := range f.Scenarios {
		list = append(list, f.Scenarios[i].Name)
	}
	return list
}

// check refuses numbers that are none: a limit on them would be neither kept nor broken.
func (f *Figures) check() error {
	subjects := slices.Clone(f.Scenarios)
	for _, s := range []*Subject{f.Log, f.Rules} {
		if s != nil {
			subjects = append(subjects, *s)
		}
	}
	for _, s := range subjects {
		for name, figure := range s.Figures {
			if err := figure.check(); err != nil {
				return fmt.Errorf("%s of %s: %w", shown(name), quote(s.Name), err)
			}
		}
		for _, r := range s.Rules {
			for name, figure := range r.Figures {
				if err := figure.check(); err != nil {
					return fmt.Errorf("%s of %s in %s: %w", shown(name), quote(r.Place()), quote(s.Name), err)
				}
			}
		}
	}
	return nil
}

func (f Figure) check() error {
	for _, v := range []float64{f.Value, f.Low, f.High} {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("the number %v cannot be judged: measure again", v)
		}
	}
	if f.Low > f.High {
		return fmt.Errorf("an interval from %v down to %v: measure again", f.Low, f.High)
	}
	return nil
}

// exact is a figure without an interval.
func exact(of Dimension, v float64, n int) Figure {
	return Figure{Dimension: of, Kind: Counted, Value: v, Low: v, High: v, N: n}
}

// ExactCount is a plain number without an interval.
func ExactCount(v float64) Figure { return exact(Plain, v, 1) }
