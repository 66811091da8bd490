package compare

import (
	"maps"
	"slices"

	"github.com/auditprof/auditprof/bench/stat"
)

// CostChange is a cost under the new set beside that under the old one: the ratio of their ratios to the machine without audit.
type CostChange struct {
	Name string `json:"name"` // cpu_ratio or slowdown
	// Was and Is are the ratios to no audit: the middle of the rounds.
	Was float64 `json:"was"`
	Is  float64 `json:"is"`
	// Ratio of the two with its interval at 95 %.
	Ratio float64 `json:"ratio"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	P     float64 `json:"p"`     // of this test alone
	PAll  float64 `json:"p_all"` // of all tests of the comparison together, after Holm
	// Floor is the largest ratio that the same set measured twice in one of the runs has shown: nothing smaller is told apart.
	Floor  float64 `json:"floor"`
	Rounds int     `json:"rounds"` // of the run with fewer
	Paired bool    `json:"paired"` // round by round of one run
	// Verdict is "larger", "smaller" or "cannot tell".
	Verdict string `json:"verdict"`

	test stat.Comparison
}

// alpha is the chance of a false verdict anywhere in a comparison.
const alpha = 0.05

// costs compares what both workloads have, or says why not: a set that loses what it should record is fast for the wrong reason.
func costs(w, v *Workload, paired bool) ([]CostChange, string) {
	list := []CostChange{}
	for _, side := range []*Workload{w, v} {
		if side.NoFigure != "" {
			return list, side.NoFigure
		}
	}
	for _, a := range w.Costs {
		i := slices.IndexFunc(v.Costs, func(c Cost) bool { return c.Name == a.Name })
		if i < 0 {
			continue
		}
		if c, ok := cost(a, v.Costs[i], paired); ok {
			list = append(list, c)
		}
	}
	return list, ""
}

func cost(a, b Cost, paired bool) (CostChange, bool) {
	before, after := values(a.ByRound), values(b.ByRound)
	c := CostChange{Name: a.Name, Was: stat.Median(before), Is: stat.Median(after), Floor: max(1, a.Floor, b.Floor), Paired: paired}
	if paired {
		var x, y []float64
		for _, round := range slices.Sorted(maps.Keys(a.ByRound)) {
			if is, ok := b.ByRound[round]; ok {
				x, y = append(x, is), append(y, a.ByRound[round])
			}
		}
		c.test = stat.Compare(x, y)
	} else {
		c.test = stat.Unpaired(after, before)
	}
	c.Ratio, c.Low, c.High, c.P, c.Rounds = c.test.Ratio, c.test.Low, c.test.High, c.test.P, c.test.N
	return c, c.Rounds > 0
}

func values(byRound map[int]float64) (xs []float64) {
	for _, round := range slices.Sorted(maps.Keys(byRound)) {
		xs = append(xs, byRound[round])
	}
	return xs
}

// weigh gives each cost its verdict, once all tests of the comparison are known.
func weigh(c *Comparison) {
	var all []*CostChange
	for i := range c.Others {
		for j := range c.Others[i].Sets {
			for k := range c.Others[i].Sets[j].Workloads {
				w := &c.Others[i].Sets[j].Workloads[k]
				for n := range w.Costs {
					all = append(all, &w.Costs[n])
				}
			}
		}
	}
	var ps []float64
	for _, x := range all {
		ps = append(ps, x.P)
	}
	for i, p := range stat.Holm(ps) {
		all[i].PAll = p
		all[i].Verdict = all[i].test.Verdict(p, alpha, all[i].Floor).String()
	}
}
