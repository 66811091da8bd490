package compare

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Schema names the version of a Comparison's JSON.
const Schema = "auditprof/comparison/1"

// Comparison is what changed from the first side to one or more others.
type Comparison struct {
	Schema string    `json:"schema"`
	Base   Side      `json:"base"`
	Others []Against `json:"others"`
}

// Against is what changed from the base to one other side.
type Against struct {
	Side Side        `json:"side"`
	Sets []SetChange `json:"sets"`
	// Remarks are what the reader must know: sets without a partner, machines that differ, costs that cannot be compared.
	Remarks []string `json:"remarks"`
}

// SetChange is what changed from one rule set to another.
type SetChange struct {
	Old      string       `json:"old"`
	New      string       `json:"new"`
	OldRules int          `json:"old_rules"`
	NewRules int          `json:"new_rules"`
	Rules    []RuleChange `json:"rules"`
	// Workloads that both have.
	Workloads []WorkloadChange `json:"workloads"`
	// NoCost says why no cost is compared, "" where it is.
	NoCost string `json:"no_cost,omitempty"`
}

// Of compares every other side with the base. Sets are paired by name; where each side has one set besides a loaded one, those two are. An error
// is a side that shares no set with the base.
func Of(base Side, others ...Side) (*Comparison, error) {
	c := &Comparison{Schema: Schema, Base: base}
	for _, o := range others {
		a, err := against(base, o)
		if err != nil {
			return nil, err
		}
		c.Others = append(c.Others, a)
	}
	weigh(c)
	return c, nil
}

func against(base, o Side) (Against, error) {
	a := Against{Side: o, Sets: []SetChange{}, Remarks: []string{}}
	if base.Kind != o.Kind {
		return a, fmt.Errorf("%s is a %s and %s a %s: compare runs with runs and profiles with profiles", base.Name, base.Kind, o.Name, o.Kind)
	}
	pairs, alone := setPairs(base.Sets, o.Sets)
	if len(pairs) == 0 {
		return a, fmt.Errorf("%s has the sets %s, %s has %s: name one of each as %s:SET", base.Name, setNames(base.Sets), o.Name, setNames(o.Sets), "RUN")
	}
	noCost := apart(base, o)
	a.Remarks = append(append(a.Remarks, alone...), remarks(base, o)...)
	for _, p := range pairs {
		s := SetChange{Old: p.old.Name, New: p.new.Name, OldRules: len(p.old.Rules), NewRules: len(p.new.Rules), NoCost: noCost}
		rules := pair(p.old.Rules, p.new.Rules)
		s.Rules = rules.changes(p.old.Rules, p.new.Rules)
		s.Workloads = workloads(p.old, p.new, rules, noCost == "", base.Identity != "" && base.Identity == o.Identity)
		a.Sets = append(a.Sets, s)
	}
	return a, nil
}

func setNames(sets []Set) string {
	var names []string
	for _, s := range sets {
		names = append(names, fmt.Sprintf("%q", s.Name))
	}
	if len(names) == 0 {
		return "no set"
	}
	return strings.Join(names, ", ")
}

type setPair struct{ old, new *Set }

// setPairs pairs sets by name, or the only ones that the user named; what has no partner is told.
func setPairs(before, after []Set) (pairs []setPair, alone []string) {
	used := map[int]bool{}
	for i := range before {
		if j := slices.IndexFunc(after, func(s Set) bool { return s.Name == before[i].Name && s.Loaded == before[i].Loaded }); j >= 0 {
			pairs, used[j] = append(pairs, setPair{&before[i], &after[j]}), true
		}
	}
	if named := func(s setPair) bool { return !s.old.Loaded }; !slices.ContainsFunc(pairs, named) {
		if i, j := only(before), only(after); i >= 0 && j >= 0 {
			return append(pairs, setPair{&before[i], &after[j]}), nil
		}
	}
	for _, s := range before {
		if !slices.ContainsFunc(pairs, func(p setPair) bool { return p.old.Name == s.Name }) {
			alone = append(alone, fmt.Sprintf("set %q is in the first only", s.Name))
		}
	}
	for j, s := range after {
		if !used[j] {
			alone = append(alone, fmt.Sprintf("set %q is in the second only", s.Name))
		}
	}
	return pairs, alone
}

// only is the one set that the user named, -1 where there is none or more.
func only(sets []Set) int {
	found := -1
	for i, s := range sets {
		if s.Loaded {
			continue
		}
		if found >= 0 {
			return -1
		}
		found = i
	}
	return found
}

// apart says why costs of two sides cannot be compared, "" where they can.
func apart(a, b Side) string {
	if a.Kind != KindRun {
		return "a log does not say what it cost to write"
	}
	switch {
	case a.Host == "" || b.Host == "":
		return "a run does not say on which host it was"
	case a.Host != b.Host:
		return fmt.Sprintf("the runs are of the hosts %s and %s", a.Host, b.Host)
	case a.Kernel != b.Kernel:
		return fmt.Sprintf("the runs are of the kernels %s and %s", a.Kernel, b.Kernel)
	}
	for _, name := range costFacts {
		if a.Facts[name] != b.Facts[name] {
			return fmt.Sprintf("%s was %s and is %s", name, orNone(a.Facts[name]), orNone(b.Facts[name]))
		}
	}
	return ""
}

func orNone(s string) string {
	if s == "" {
		return "not said"
	}
	return s
}

// Facts of a machine. On those of costFacts a cost hangs so much that there is nothing to compare; the others are told.
const (
	FactArch   = "machine"
	FactCPUs   = "number of CPUs"
	FactCPU    = "CPU model"
	FactMemory = "memory"
	FactAuditd = "auditd"
	FactConf   = "auditd.conf"
	FactBoot   = "boot"
	FactLoader = "loader"
)

var costFacts = []string{FactArch, FactCPUs, FactCPU}

func remarks(a, b Side) []string {
	var list []string
	for _, name := range []string{FactMemory, FactAuditd, FactConf, FactLoader} {
		if x, y := a.Facts[name], b.Facts[name]; x != y {
			list = append(list, fmt.Sprintf("%s was %s and is %s", name, orNone(x), orNone(y)))
		}
	}
	if a.Facts[FactBoot] != b.Facts[FactBoot] && a.Host == b.Host {
		list = append(list, "the host was started anew between the runs: costs hold the difference of two boots")
	}
	list = append(append(append(list, redefined(a, b)...), alone(a, b)...), alone(b, a)...)
	for _, s := range []Side{a, b} {
		for _, d := range s.Doubts {
			list = append(list, s.Name+": "+d)
		}
	}
	return list
}

// redefined names the workloads that have one name on both sides and are not the same: users defined them, in other words.
func redefined(a, b Side) (said []string) {
	was := map[string]string{}
	for _, s := range a.Sets {
		for _, w := range s.Workloads {
			was[w.Name] = w.Definition
		}
	}
	for _, s := range b.Sets {
		for _, w := range s.Workloads {
			if d, both := was[w.Name]; both && d != w.Definition {
				said = append(said, fmt.Sprintf("workload %s is defined by another file in each: it is not compared", w.Name))
				delete(was, w.Name)
			}
		}
	}
	return said
}

// alone names the workloads that the other side does not have.
func alone(a, other Side) []string {
	has := map[string]bool{}
	for _, s := range other.Sets {
		for _, w := range s.Workloads {
			has[w.Name] = true
		}
	}
	var names []string
	for _, s := range a.Sets {
		for _, w := range s.Workloads {
			if !has[w.Name] {
				has[w.Name], names = true, append(names, w.Name)
			}
		}
	}
	if len(names) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("workloads that %s alone has: %s", a.Name, strings.Join(names, ", "))}
}

// finiteOr0 keeps what JSON cannot hold out of it.
func finiteOr0(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	return x
}
