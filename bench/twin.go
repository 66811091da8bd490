package bench

import (
	"errors"
	"fmt"
	"strings"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/scenarios"
)

// ErrAA: the same rule set, measured twice in the same rounds, differs from itself. No other difference of the run means anything.
var ErrAA = errors.New("A/A differs: the same rule set was measured twice and is not the same")

// withControls puts behind the arms what tells whether they can be believed: the A/A arm, which is in every run, and a planted control for each
// slowdown asked for.
func withControls(arms []Arm, plants []scenarios.Plant) []Arm {
	return withPlants(withTwin(arms), plants)
}

// withTwin puts one arm once more at the end: what differs between the two is the noise of the run. It is the first candidate; without one the
// set that was found loaded, or else the arm without audit.
func withTwin(arms []Arm) []Arm {
	for _, kind := range []string{result.ArmCandidate, result.ArmLoaded, result.ArmNoAudit} {
		for _, a := range arms {
			if a.Info.Kind == kind {
				return append(arms, again(arms, a, a.Info.Name+" again"))
			}
		}
	}
	return arms
}

// again is an arm once more, under a name that no other arm has.
func again(arms []Arm, a Arm, name string) Arm {
	taken := map[string]bool{}
	for _, b := range arms {
		taken[b.Info.Name] = true
	}
	for taken[name] { // a set may be called so
		name += " again"
	}
	a.Info.TwinOf, a.Info.Name = a.Info.Name, name
	a.Info.Rules, a.Info.Sources = nil, nil // the same as those of the arm it repeats
	return a
}

// withPlants adds the arm without audit once more for each slowdown, which its workload then makes: a run that does not find it would not find
// as much in a rule set either.
func withPlants(arms []Arm, plants []scenarios.Plant) []Arm {
	base := Plan{Arms: arms}.baseline()
	if base < 0 {
		return arms
	}
	for _, p := range plants {
		a := again(arms, arms[base], "planted "+p.String())
		a.Plant, a.Info.Planted = p, p.String()
		arms = append(arms, a)
	}
	return arms
}

// planted tells of each control, on each scenario where its metric means something, whether it was found.
func (r *Runner) planted(all []result.Comparison) []result.Planted {
	var list []result.Planted
	for i, c := range r.Plan.pairings() {
		a, ok := r.Plan.arm(c.arm)
		if !ok || a.Info.Planted == "" || !c.tested {
			continue
		}
		share := a.Plant.CPU
		if c.metric == result.Slowdown {
			share = a.Plant.Wall
		}
		list = append(list, result.Planted{Scenario: c.scenario, Arm: c.arm, Metric: c.metric, Share: share, Found: all[i].Verdict == result.VerdictSlower})
	}
	return list
}

func (p Plan) arm(name string) (Arm, bool) {
	for _, a := range p.Arms {
		if a.Info.Name == name {
			return a, true
		}
	}
	return Arm{}, false
}

// believable is ErrAA where A/A differs.
func believable(run *result.Run) error {
	if on := run.AADiffers(); len(on) > 0 {
		return fmt.Errorf("%w: on %s; run it again on a quieter machine, or with more rounds", ErrAA, strings.Join(on, ", "))
	}
	return nil
}
