package bench

import (
	"fmt"
	"math"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/bench/stat"
	"github.com/auditprof/auditprof/scenarios"
)

// pairing is one comparison that a run makes: an arm over another, by a metric. Those that are tested get a verdict, and Holm's method counts
// them; the others are figures beside them.
type pairing struct {
	scenario, arm, against, metric string
	tested                         bool
}

// pairings lists the comparisons of a run. They follow from the plan alone, so that their number is known, and printed, before the first slot.
//
// What is asked decides what is tested: what a set costs (each candidate against no audit, in CPU and in wall time), what a change costs (each
// further candidate against the first, in both; against the set found loaded, in CPU), whether the run can be believed (A/A in CPU, and each
// planted control in what was planted). Every test makes the others need a smaller p.
func (p Plan) pairings() []pairing {
	var list []pairing
	for _, sc := range p.Scenarios {
		for _, a := range p.Arms {
			list = append(list, p.pairingsOf(sc, a)...)
		}
	}
	return list
}

func (p Plan) pairingsOf(sc scenarios.Info, a Arm) (list []pairing) {
	pair := func(against string, cpu, wall bool) {
		list = append(list, pairing{sc.Name, a.Info.Name, against, result.CPURatio, cpu})
		if !sc.FixedTime { // else it takes as long as it takes
			list = append(list, pairing{sc.Name, a.Info.Name, against, result.Slowdown, wall})
		}
	}
	base, loaded, first := p.base(), p.named(result.ArmLoaded), p.named(result.ArmCandidate)
	switch {
	case a.Info.Planted != "":
		pair(a.Info.TwinOf, a.Plant.CPU > 0, a.Plant.Wall > 0)
		return list
	case a.Info.TwinOf != "":
		pair(a.Info.TwinOf, true, false)
		return list
	case a.Info.Name == base:
		return nil
	}
	asked := a.Info.Kind == result.ArmCandidate && !a.Plain
	alone := first == "" && a.Info.Kind == result.ArmLoaded
	pair(base, asked || alone, asked || alone)
	if a.Info.Kind != result.ArmCandidate {
		return list
	}
	if loaded != "" {
		pair(loaded, asked, false)
	}
	if a.Info.Name != first {
		pair(first, asked, asked)
	}
	return list
}

// base is the name of the arm that all are compared with, "" where there is none.
func (p Plan) base() string {
	if i := p.baseline(); i >= 0 {
		return p.Arms[i].Info.Name
	}
	return ""
}

// named is the name of the first arm of a kind that repeats no other, "" where there is none.
func (p Plan) named(kind string) string {
	for _, a := range p.Arms {
		if a.Info.Kind == kind && a.Info.TwinOf == "" {
			return a.Info.Name
		}
	}
	return ""
}

// tests is the number of pairings that get a verdict.
func (p Plan) tests() int {
	n := 0
	for _, c := range p.pairings() {
		if c.tested {
			n++
		}
	}
	return n
}

// comparisons say of every pairing what the rounds so far say, with verdicts that hold for all of them together.
func (r *Runner) comparisons() []result.Comparison {
	pairings := r.Plan.pairings()
	all := make([]result.Comparison, len(pairings))
	estimates := make([]stat.Comparison, len(pairings))
	var tested []int
	var p []float64
	for i, c := range pairings {
		all[i], estimates[i] = r.compare(c)
		if c.tested {
			tested, p = append(tested, i), append(p, all[i].P)
		}
	}
	for k, adjusted := range stat.Holm(p) {
		all[tested[k]].PAll = adjusted
	}
	floors := r.floors(pairings)
	for i := range all {
		twin := r.isTwin(pairings[i].arm)
		floor, measured := floors[[2]string{all[i].Scenario, all[i].Metric}]
		all[i].Floor = 1
		if !twin {
			all[i].Floor = max(1, floor)
		}
		if !pairings[i].tested || all[i].Verdict == result.VerdictNoFigure {
			continue
		}
		judge(&all[i], estimates[i], stat.Bar{Alpha: result.Alpha / float64(len(tested)), BeyondAA: !twin})
		switch {
		case r.round < r.Plan.Rounds:
			hold(&all[i], fmt.Sprintf("%d of %d rounds are done: what stops where it pleases tells what pleases", r.round, r.Plan.Rounds))
			all[i].RoundsNeeded = r.Plan.Rounds
		case !twin && !measured:
			hold(&all[i], "A/A has no figure: nobody knows what the same set differs from itself")
		}
	}
	return all
}

// hold takes a verdict back.
func hold(c *result.Comparison, why string) { c.Verdict, c.Why = result.VerdictCannotTell, why }

// compare gives the figures of a pairing, and no verdict yet.
func (r *Runner) compare(c pairing) (result.Comparison, stat.Comparison) {
	out := result.Comparison{Scenario: c.scenario, Arm: c.arm, Against: c.against, Metric: c.metric, P: 1, PAll: 1, Verdict: result.VerdictNotTested}
	a, b := r.byRound(result.SlotTimed, c.scenario, c.arm), r.byRound(result.SlotTimed, c.scenario, c.against)
	for _, side := range []struct {
		name  string
		slots map[int]result.Slot
	}{{c.arm, a}, {c.against, b}} {
		if why := noFigure(side.name, side.slots); why != "" {
			out.Verdict, out.Why = result.VerdictNoFigure, why
			return out, stat.Comparison{}
		}
	}
	e := r.estimate(a, b, c.metric)
	if e.N == 0 {
		out.Verdict, out.Why = result.VerdictNoFigure, "no round has both"
		return out, e
	}
	out.Ratio, out.Low, out.High, out.P, out.Noise, out.N = e.Ratio, e.Low, e.High, e.P, e.Noise, e.N
	return out, e
}

// noFigure says why slots have no speed, "" where they have one: loss comes before speed.
func noFigure(arm string, slots map[int]result.Slot) string {
	var lost, missing, partial int64
	for _, s := range slots {
		if s.Ended {
			return fmt.Sprintf("slots of %s were ended at the limit", arm)
		}
		lost, missing, partial = lost+s.Lost, missing+s.EventsMissing, partial+s.PartialEvents
	}
	if lost+missing+partial > 0 {
		return fmt.Sprintf("%s lost %d records, %d events are missing, %d partial", arm, lost, missing, partial)
	}
	return ""
}

// estimate compares two arms by the rounds that both have.
func (r *Runner) estimate(a, b map[int]result.Slot, metric string) stat.Comparison {
	of := wallNsPerOp
	if metric == result.CPURatio {
		of = cpuPerOp
	}
	xs := r.paired(a, b, func(x, _ result.Slot) float64 { return of(x) })
	ys := r.paired(a, b, func(_, y result.Slot) float64 { return of(y) })
	return stat.Compare(xs, ys)
}

func wallNsPerOp(s result.Slot) float64 { return float64(s.WallNs) / float64(s.Ops) }

// isTwin tells the A/A arm from the others.
func (r *Runner) isTwin(arm string) bool {
	a, ok := r.Plan.arm(arm)
	return ok && a.Info.TwinOf != "" && a.Info.Planted == ""
}

// floors are, by scenario and metric, the largest ratio that the same set measured twice has shown: the far end of A/A's interval. A/A that lost
// records is no figure, and noise all the same.
func (r *Runner) floors(pairings []pairing) map[[2]string]float64 {
	floors := map[[2]string]float64{}
	for _, c := range pairings {
		if !r.isTwin(c.arm) {
			continue
		}
		e := r.estimate(r.byRound(result.SlotTimed, c.scenario, c.arm), r.byRound(result.SlotTimed, c.scenario, c.against), c.metric)
		if e.N > 0 {
			floors[[2]string{c.scenario, c.metric}] = max(e.High, 1/e.Low)
		}
	}
	return floors
}

// judge writes the verdict of a test, and where there is none the rounds that would tell. bar is that of the first of all tests: more than Holm
// asks of the others.
func judge(c *result.Comparison, e stat.Comparison, bar stat.Bar) {
	if d := max(bar.Detectable(e.N, e.Noise), c.Floor); !math.IsInf(d, 1) {
		c.Detectable = d
	}
	switch e.Verdict(c.PAll, result.Alpha, c.Floor) {
	case stat.Larger:
		c.Verdict = result.VerdictSlower
	case stat.Smaller:
		c.Verdict = result.VerdictFaster
	default:
		c.Verdict = result.VerdictCannotTell
		c.RoundsNeeded = roundsNeeded(*c, bar)
	}
}

// roundsNeeded tell a difference as large as this one, if it is one: so many that it is found in 4 of 5 runs, and that A/A, whose interval
// shrinks with the root of the rounds, comes below it. 0 where that is too many.
func roundsNeeded(c result.Comparison, bar stat.Bar) int {
	n := bar.RoundsFor(c.Ratio, c.Noise, result.RoundsLimit)
	size := math.Abs(math.Log(c.Ratio))
	quiet := math.Ceil(float64(c.N) * math.Pow(math.Log(c.Floor)/size, 2))
	if n == 0 || !(quiet <= result.RoundsLimit) {
		return 0
	}
	if n = max(n, int(quiet), c.N+1); n > result.RoundsLimit {
		return 0
	}
	return n
}
