package compare

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/auditprof/auditprof/bench/result"
)

// OfRun makes a side of a run and its slots. With an arm only that one is a set of it; an error is an arm that the run does not have.
func OfRun(name string, run *result.Run, slots []result.Slot, arm string) (Side, error) {
	e := run.Environment
	s := Side{Name: name, Kind: KindRun, Host: e.Host, Kernel: e.Kernel, Identity: fmt.Sprintf("%s %d %s", e.Host, run.Seed, run.Started),
		Facts: map[string]string{FactArch: e.Arch, FactCPUs: fmt.Sprint(e.CPUs), FactCPU: e.CPUModel, FactMemory: fmt.Sprintf("%d bytes", e.MemoryBytes),
			FactAuditd: e.Auditd, FactConf: strings.Join(e.AuditdConf, "; "), FactBoot: e.BootID, FactLoader: e.Loader}}
	if run.Ended != "complete" {
		s.Doubts = append(s.Doubts, "the run ended early: "+run.Ended)
	}
	base := ""
	for _, a := range run.Arms {
		if a.Kind == result.ArmNoAudit {
			base = a.Name
		}
	}
	for _, a := range run.Arms {
		plain := a.Kind != result.ArmCandidate && a.Kind != result.ArmLoaded || a.TwinOf != "" || a.Planted != ""
		if arm == "" && plain || arm != "" && a.Name != arm {
			continue
		}
		set := setOf(run, slots, a, base)
		set.Loaded = set.Loaded && arm == "" // who names it wants it compared
		s.Sets = append(s.Sets, set)
	}
	if arm != "" && len(s.Sets) == 0 {
		return s, fmt.Errorf("%s has no arm %q: %s", name, arm, armNames(run))
	}
	return s, nil
}

func armNames(run *result.Run) string {
	var names []string
	for _, a := range run.Arms {
		names = append(names, fmt.Sprintf("%q", a.Name))
	}
	return strings.Join(names, ", ")
}

func setOf(run *result.Run, slots []result.Slot, a result.Arm, base string) Set {
	s := Set{Name: a.Name, Loaded: a.Kind == result.ArmLoaded}
	for _, r := range a.Rules {
		s.Rules = append(s.Rules, Rule{File: r.File, Line: r.Line, Text: r.Text})
	}
	for _, sc := range run.Scenarios {
		w := Workload{Name: sc.Name, Definition: sc.Definition, UnitName: sc.Op}
		for _, at := range run.Attribution {
			if at.Scenario == sc.Name && at.Arm == a.Name {
				w.attributed(at, len(s.Rules))
			}
		}
		w.costs(run, slots, sc.Name, a, base)
		s.Workloads = append(s.Workloads, w)
	}
	return s
}

// attributed takes the volumes of an attribution slot: each event there is given to a rule by the kernel itself.
func (w *Workload) attributed(at result.Attribution, rules int) {
	w.Units, w.ByRule, w.ByType = float64(at.Ops), make([]Volume, rules), map[string]Volume{}
	for _, r := range at.Rules {
		v := Volume{Events: r.Events, Records: r.Records, Bytes: r.Bytes, CPUNs: r.CPUNs}
		w.ByRule[r.Rule] = v
		w.Total = Volume{w.Total.Events + v.Events, w.Total.Records + v.Records, w.Total.Bytes + v.Bytes, w.Total.CPUNs + v.CPUNs}
	}
	for _, t := range at.Types {
		w.ByType[t.Type] = Volume{Records: t.Records, Bytes: t.Bytes, CPUNs: t.CPUNs}
	}
}

// costs takes the ratios to the arm without audit, round by round.
func (w *Workload) costs(run *result.Run, slots []result.Slot, scenario string, a result.Arm, base string) {
	without := map[int]result.Slot{}
	for _, s := range slots {
		if s.Kind == result.SlotTimed && s.Scenario == scenario && s.Arm == base && s.Valid && !s.Ended && s.Ops > 0 {
			without[s.Round] = s
		}
	}
	cpu, wall := map[int]float64{}, map[int]float64{}
	for _, s := range slots {
		if s.Kind != result.SlotTimed || s.Scenario != scenario || s.Arm != a.Name || !s.Valid {
			continue
		}
		if !s.Complete() {
			w.NoFigure = fmt.Sprintf("%s lost records under %s: what is not recorded costs nothing", scenario, a.Name)
		} else if s.Ended {
			w.NoFigure = fmt.Sprintf("slots of %s under %s were ended at the limit", scenario, a.Name)
		}
		b, ok := without[s.Round]
		if !ok || s.Ops == 0 {
			continue
		}
		put(cpu, s.Round, float64(s.TotalCPUNs())/float64(s.Ops), float64(b.TotalCPUNs())/float64(b.Ops))
		put(wall, s.Round, float64(s.WallNs)/float64(s.Ops), float64(b.WallNs)/float64(b.Ops))
	}
	if slices.Contains(run.AADiffers(), scenario) {
		w.NoFigure = fmt.Sprintf("A/A of %s differs: the run measured one set twice and it is not the same", scenario)
	}
	w.Costs = []Cost{{result.CPURatio, cpu, floor(run, scenario, result.CPURatio)}}
	if !fixedTime(run, scenario, a.Name) {
		w.Costs = append(w.Costs, Cost{result.Slowdown, wall, floor(run, scenario, result.Slowdown)})
	}
}

// floor is the ratio that the set showed against itself by the metric; runs of earlier versions have that of CPU alone.
func floor(run *result.Run, scenario, metric string) float64 {
	ratio := run.Trust.AA[scenario].Value
	for _, c := range run.AA() {
		if c.Scenario == scenario && c.Metric == metric && c.N > 0 {
			ratio = c.Ratio
		}
	}
	if !(ratio > 0) {
		return 1
	}
	return math.Exp(math.Abs(math.Log(ratio)))
}

// put keeps a ratio, where there is one.
func put(ratios map[int]float64, round int, of, to float64) {
	if of > 0 && to > 0 {
		ratios[round] = of / to
	}
}

// fixedTime tells a workload that takes as long as it takes: it has a CPU ratio and no slowdown.
func fixedTime(run *result.Run, scenario, arm string) bool {
	for _, r := range run.Results {
		if r.Scenario == scenario && r.Arm == arm {
			_, slow := r.Metrics[result.Slowdown]
			_, cpu := r.Metrics[result.CPURatio]
			return cpu && !slow
		}
	}
	return false
}
