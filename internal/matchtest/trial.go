//go:build linux && amd64

package matchtest

import (
	"errors"
	"fmt"
)

// Trial is one plan run and compared.
type Trial struct {
	Cases   []*Case      // with the rules' own keys put back; without keys; with own keys as the kernel logged them, where the runs are alike
	Results []*Agreement // of each case
	Refused int          // rules that the kernel did not take
	Ahead   *Foretold
}

// Try runs a plan with unique keys, with the rules' own, and without what suppresses, and lets the matcher decide each form of the log and
// foretell the first run from the last.
func (m *Machine) Try(p Plan) (*Trial, error) {
	t, keyed, err := m.decided(p)
	if err != nil {
		return nil, err
	}
	t.Ahead, err = m.foretold(p, keyed)
	return t, err
}

// decided is Try without a forecast.
func (m *Machine) decided(p Plan) (*Trial, *Log, error) {
	keyed, err := m.complete(p, Options{})
	if err != nil {
		return nil, nil, err
	}
	t := &Trial{Cases: []*Case{keyed.Case(OwnKeys), keyed.Case(NoKeys)}, Refused: len(keyed.Refused)}
	own, err := m.complete(p, Options{OwnKeys: true})
	if err != nil {
		return nil, nil, err
	}
	if c, err := own.CaseOwnKeys(keyed); err == nil {
		t.Cases = append(t.Cases, c)
	} else if !errors.Is(err, errNotAlike) {
		return nil, nil, err
	}
	for _, c := range t.Cases {
		a, err := Compare(c)
		if err != nil {
			return nil, nil, err
		}
		t.Results = append(t.Results, a)
	}
	return t, keyed, nil
}

// tries is how often a run is done that goes wrong by chance.
const tries = 3

// byChance tells an error that the next run of the same plan hardly has.
func byChance(err error) bool {
	return errors.Is(err, errHangs) || errors.Is(err, errBeganAnew) || errors.Is(err, errArenaTaken)
}

// complete runs a plan; a log that lost something is an error.
func (m *Machine) complete(p Plan, o Options) (l *Log, err error) {
	for range tries {
		if l, err = m.Run(p, o); !byChance(err) {
			break
		}
	}
	if err != nil {
		return nil, fmt.Errorf("plan of seed %d: %w", p.Seed, err)
	}
	if l.Lost > 0 {
		return nil, fmt.Errorf("plan of seed %d: the kernel lost %d records: the machine is too busy, or the script too long", p.Seed, l.Lost)
	}
	return l, nil
}

// Shrink makes a plan smaller whose trial is wrong in one form of the log, with so many runs of the kernel at most, and returns the case
// of the smallest that still is.
func (m *Machine) Shrink(p Plan, form, runs int) (Plan, *Case, error) {
	var smallest *Case
	var failed error
	p = Shrink(p, runs, func(q Plan) bool {
		t, _, err := m.decided(q)
		if err != nil {
			failed = err
			return false
		}
		if form >= len(t.Results) || len(t.Results[form].Wrong) == 0 {
			return false
		}
		smallest = t.Cases[form]
		smallest.Note = t.Results[form].Wrong[0].Text(smallest)
		return true
	})
	if smallest == nil {
		return p, nil, failed
	}
	return p, smallest, nil
}
