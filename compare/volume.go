package compare

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// WorkloadChange is one workload, or one log, under the old set and the new.
type WorkloadChange struct {
	Name string  `json:"name"`
	Unit string  `json:"unit"` // what PerUnit is by: "connect", "host and day", "log"
	Old  PerUnit `json:"old"`
	New  PerUnit `json:"new"`
	// Same: as many events and records for each unit, to the last one.
	Same bool `json:"same"`
	// NoVolume says why the volumes are not known on one side; they are all 0 then, and Same is false.
	NoVolume string       `json:"no_volume,omitempty"`
	Rules    []RuleVolume `json:"rules"` // whose volume differs, the largest difference first
	Types    []TypeVolume `json:"types"`
	// Explains are the places in Rules, as few as make up ExplainedShare of the difference in bytes; empty where nothing differs.
	Explains []int        `json:"explains"`
	Share    float64      `json:"explained_share"` // of the difference that those make, 0..1
	Costs    []CostChange `json:"costs"`
	// NoFigure says why this workload has no costs.
	NoFigure string `json:"no_figure,omitempty"`
}

// PerUnit is a volume for one unit of work.
type PerUnit struct {
	Events  float64 `json:"events"`
	Records float64 `json:"records"`
	Bytes   float64 `json:"bytes"`
	CPUNs   float64 `json:"cpu_ns"` // of auditd and kauditd; 0 where nobody measured
}

// RuleVolume is the volume of a rule before and after. Old is nil where it was added, New where it was removed.
type RuleVolume struct {
	Kind string  `json:"kind"` // "" for a rule that did not change
	Old  *Rule   `json:"old,omitempty"`
	New  *Rule   `json:"new,omitempty"`
	Was  PerUnit `json:"was"`
	Is   PerUnit `json:"is"`
	// Because are changes above a rule that did not change itself: exclusions that came, went or moved there, up to mostBecause of them.
	Because []RuleChange `json:"because,omitempty"`
}

// TypeVolume is the volume of a record type before and after.
type TypeVolume struct {
	Type string  `json:"type"`
	Was  PerUnit `json:"was"`
	Is   PerUnit `json:"is"`
}

// ExplainedShare is how much of a difference the rules that explain it make together.
const ExplainedShare = 0.8

// mostExplaining bounds the rules of an explanation: more explain nothing.
const mostExplaining = 3

func workloads(before, after *Set, rules pairing, withCost, paired bool) []WorkloadChange {
	list := []WorkloadChange{}
	for i := range before.Workloads {
		w := &before.Workloads[i]
		j := slices.IndexFunc(after.Workloads, func(x Workload) bool { return x.Name == w.Name && x.Definition == w.Definition })
		if j < 0 {
			continue
		}
		v := &after.Workloads[j]
		c := WorkloadChange{Name: w.Name, Unit: w.UnitName, Rules: []RuleVolume{}, Types: []TypeVolume{}, Explains: []int{}, Costs: []CostChange{}}
		if c.NoVolume = noVolume(before, after, w, v); c.NoVolume == "" {
			c.compareVolumes(before, after, w, v, rules)
		}
		if withCost {
			c.Costs, c.NoFigure = costs(w, v, paired)
		}
		list = append(list, c)
	}
	return list
}

// noVolume says on which side nobody knows what was recorded, "" where both are known.
func noVolume(before, after *Set, w, v *Workload) string {
	switch {
	case !(w.Units > 0):
		return fmt.Sprintf("%s has no attribution slot under %s in the first", w.Name, before.Name)
	case !(v.Units > 0):
		return fmt.Sprintf("%s has no attribution slot under %s in the second", v.Name, after.Name)
	}
	return ""
}

func (c *WorkloadChange) compareVolumes(before, after *Set, w, v *Workload, rules pairing) {
	wu, vu := w.Units, v.Units
	if w.UnitName != v.UnitName { // one of two logs is too short for days
		c.Unit, wu, vu = "log", 1, 1
	}
	c.Old, c.New = w.Total.per(wu), v.Total.per(vu)
	c.Same = same(w.Total, v.Total, wu, vu)
	for i := range w.ByRule {
		rv := RuleVolume{Kind: Removed, Old: &before.Rules[i], Was: w.ByRule[i].per(wu)}
		var is Volume
		if j := rules.newOf[i]; j >= 0 && j < len(v.ByRule) {
			is = v.ByRule[j]
			rv.Kind, rv.New, rv.Is = rules.kind[j], &after.Rules[j], is.per(vu)
		}
		if !same(w.ByRule[i], is, wu, vu) {
			if rv.Kind == "" {
				rv.Because = rules.above(i, before.Rules, after.Rules)
			}
			c.Rules = append(c.Rules, rv)
		}
	}
	for j := range v.ByRule {
		if rules.oldOf[j] < 0 && v.ByRule[j] != (Volume{}) {
			c.Rules = append(c.Rules, RuleVolume{Kind: Added, New: &after.Rules[j], Is: v.ByRule[j].per(vu)})
		}
	}
	slices.SortStableFunc(c.Rules, func(a, b RuleVolume) int {
		return cmp.Compare(math.Abs(b.Is.Bytes-b.Was.Bytes), math.Abs(a.Is.Bytes-a.Was.Bytes))
	})
	c.Types = typeChanges(w, v, wu, vu)
	c.explain()
}

func (v Volume) per(units float64) PerUnit {
	return PerUnit{Events: float64(v.Events) / units, Records: float64(v.Records) / units, Bytes: float64(v.Bytes) / units, CPUNs: finiteOr0(v.CPUNs / units)}
}

// same compares events and records for each unit, without rounding as long as units are whole. Bytes differ by the length of numbers, so they
// are no measure of sameness.
func same(a, b Volume, aUnits, bUnits float64) bool {
	return float64(a.Events)*bUnits == float64(b.Events)*aUnits && float64(a.Records)*bUnits == float64(b.Records)*aUnits
}

func typeChanges(w, v *Workload, wu, vu float64) []TypeVolume {
	names := map[string]bool{}
	for t := range w.ByType {
		names[t] = true
	}
	for t := range v.ByType {
		names[t] = true
	}
	list := []TypeVolume{}
	for t := range names {
		if a, b := w.ByType[t], v.ByType[t]; !same(a, b, wu, vu) {
			list = append(list, TypeVolume{Type: t, Was: a.per(wu), Is: b.per(vu)})
		}
	}
	slices.SortFunc(list, func(a, b TypeVolume) int {
		return cmp.Or(cmp.Compare(math.Abs(b.Is.Bytes-b.Was.Bytes), math.Abs(a.Is.Bytes-a.Was.Bytes)), cmp.Compare(a.Type, b.Type))
	})
	return list
}

// explain finds the rules whose differences, in the direction of the whole, make up most of it.
func (c *WorkloadChange) explain() {
	whole := c.New.Bytes - c.Old.Bytes
	if c.Same || whole == 0 {
		return
	}
	sum := 0.0
	for i, r := range c.Rules {
		d := r.Is.Bytes - r.Was.Bytes
		if d*whole <= 0 {
			continue
		}
		c.Explains, sum = append(c.Explains, i), sum+d
		if sum/whole >= ExplainedShare || len(c.Explains) == mostExplaining {
			break
		}
	}
	c.Share = min(1, sum/whole)
}
