package bench

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/bench/stat"
	"github.com/auditprof/auditprof/scenarios"
)

// noisyRunner is a run that was measured: every slot takes its arm's time on scenario s1, times noise with outliers as on a shared machine.
func noisyRunner(t *testing.T, random *rand.Rand, rounds int, noise float64, ns map[string]float64) *Runner {
	t.Helper()
	r, _, _ := fakeRunner(t, rounds)
	r.Plan.Scenarios = r.Plan.Scenarios[:1]
	r.slots, r.round = noisySlots(r.Plan, random, noise, ns), rounds
	return r
}

func noisySlots(p Plan, random *rand.Rand, noise float64, ns map[string]float64) (slots []result.Slot) {
	for round := 1; round <= p.Rounds; round++ {
		for _, a := range p.Arms {
			once := func() int64 {
				x := random.NormFloat64() * noise / math.Sqrt2
				if random.IntN(10) == 0 {
					x *= 5
				}
				return int64(1e9 * ns[a.Info.Name] * math.Exp(x))
			}
			slots = append(slots, result.Slot{Kind: result.SlotTimed, Scenario: "s1", Arm: a.Info.Name, Round: round, Valid: true, Ops: 1000,
				WallNs: once(), WorkloadCPUNs: once()})
		}
	}
	return slots
}

func same(p Plan) map[string]float64 {
	ns := map[string]float64{}
	for _, a := range p.Arms {
		ns[a.Info.Name] = 1
	}
	return ns
}

func TestWhatIsTestedFollowsFromThePlan(t *testing.T) {
	arm := func(name, kind, twin string) Arm { return Arm{Info: result.Arm{Name: name, Kind: kind, TwinOf: twin}} }
	p := Plan{Scenarios: []scenarios.Info{{Name: "s"}, {Name: "fixed", FixedTime: true}}, Arms: withControls([]Arm{
		arm("no audit", result.ArmNoAudit, ""), arm("no rules", result.ArmNoRules, ""), arm("loaded now", result.ArmLoaded, ""),
		arm("a", result.ArmCandidate, ""), arm("b", result.ArmCandidate, "")}, []scenarios.Plant{{CPU: 0.02}, {Wall: 0.05}})}
	tested, all := map[string]bool{}, map[string]bool{}
	for _, c := range p.pairings() {
		id := strings.Join([]string{c.scenario, c.arm, c.against, c.metric}, "/")
		if all[id] {
			t.Errorf("%s twice", id)
		}
		all[id] = true
		if c.tested {
			tested[id] = true
		}
	}
	for _, id := range []string{"s/a/no audit/cpu_ratio", "s/a/no audit/slowdown", "s/a/loaded now/cpu_ratio", "s/b/a/cpu_ratio", "s/b/a/slowdown",
		"s/a again/a/cpu_ratio", "s/planted cpu=2%/no audit/cpu_ratio", "s/planted wall=5%/no audit/slowdown", "fixed/a/no audit/cpu_ratio"} {
		if !tested[id] {
			t.Errorf("%s is not tested", id)
		}
	}
	for _, id := range []string{"s/no rules/no audit/cpu_ratio", "s/loaded now/no audit/slowdown", "s/a/loaded now/slowdown", "s/a again/a/slowdown"} {
		if !all[id] || tested[id] {
			t.Errorf("%s: there %t, tested %t; want a figure without a test", id, all[id], tested[id])
		}
	}
	if all["fixed/a/no audit/slowdown"] || all["s/no audit/no audit/cpu_ratio"] {
		t.Error("a comparison that says nothing")
	}
	if p.tests() != len(tested) {
		t.Errorf("%d tests, want %d", p.tests(), len(tested))
	}
}

func TestVerdictsOfARun(t *testing.T) {
	r, _, _ := fakeRunner(t, 12)
	ns := same(r.Plan)
	ns["a"], ns["a again"] = 1.3, 1.3
	run := noisyRunner(t, rand.New(rand.NewPCG(1, 1)), 12, 0.02, ns).summary()
	c, ok := run.Compared("s1", "a", "no audit", result.CPURatio)
	if !ok || c.Verdict != result.VerdictSlower || c.N != 12 || c.Low < 1.2 || c.High > 1.4 || c.PAll < c.P || c.RoundsNeeded != 0 {
		t.Errorf("%+v", c)
	}
	if m := find(t, run, "s1", "a").Metrics[result.CPURatio]; m.Value != c.Ratio || m.Low != c.Low || m.High != c.High {
		t.Errorf("the metric says %+v, the comparison %+v", m, c)
	}
	if none, _ := run.Compared("s1", "no rules", "no audit", result.CPURatio); none.Verdict != result.VerdictNotTested || none.PAll != 1 || none.Ratio == 0 {
		t.Errorf("%+v", none)
	}
	if len(run.AADiffers()) != 0 || run.Trust.AA["s1"].N != 12 {
		t.Errorf("A/A %+v", run.AA())
	}
	ns["a"], ns["a again"] = 1.02, 1.02
	run = noisyRunner(t, rand.New(rand.NewPCG(1, 1)), 12, 0.02, ns).summary()
	if c, _ := run.Compared("s1", "a", "no audit", result.CPURatio); c.Verdict != result.VerdictCannotTell || c.Detectable <= 1.02 || c.RoundsNeeded <= 12 {
		t.Errorf("2 %% in 2 %% of noise: %+v", c)
	}
}

// What disturbs a whole round falls out of its ratios: pairs of other rounds would differ by all of it.
func TestPairsAreOfOneRound(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 1))
	r, _, _ := fakeRunner(t, 12)
	ns := same(r.Plan)
	ns["a"], ns["a again"] = 1.1, 1.1
	r = noisyRunner(t, random, 12, 0.01, ns)
	round := make([]float64, 13)
	for i := range round {
		round[i] = math.Exp(random.NormFloat64())
	}
	for i := range r.slots {
		s := &r.slots[i]
		s.WallNs, s.WorkloadCPUNs = int64(round[s.Round]*float64(s.WallNs)), int64(round[s.Round]*float64(s.WorkloadCPUNs))
	}
	random.Shuffle(len(r.slots), func(i, j int) { r.slots[i], r.slots[j] = r.slots[j], r.slots[i] })
	for _, c := range r.summary().Comparisons {
		if c.N != 12 || c.High-c.Low > 0.1 || c.Noise > 0.03 || c.Against == "no audit" && c.Arm == "a" && (c.Verdict != result.VerdictSlower || c.Low < 1.05 || c.High > 1.15) {
			t.Errorf("%+v", c)
		}
	}
}

// Holm's family are the tests of the run: all of them and nothing else; what a run could find is said at the level of the first of them.
func TestHolmIsOverTheTestsOfTheRun(t *testing.T) {
	r, _, _ := fakeRunner(t, 12)
	ns := same(r.Plan)
	ns["a"] = 1.01
	run := noisyRunner(t, rand.New(rand.NewPCG(9, 1)), 12, 0.02, ns).summary()
	var p, all []float64
	tests := float64(r.Plan.tests()) / 2 // of one of two scenarios
	for _, c := range run.Comparisons {
		if c.Verdict == result.VerdictNotTested {
			continue
		}
		p, all = append(p, c.P), append(all, c.PAll)
		bar := stat.Bar{Alpha: result.Alpha / tests, BeyondAA: c.Arm != "a again"}
		if want := max(c.Floor, bar.Detectable(12, c.Noise)); c.Detectable != want {
			t.Errorf("%s by %s: could find %v, want %v", c.Arm, c.Metric, c.Detectable, want)
		}
	}
	if want := stat.Holm(p); float64(len(p)) != tests || !slices.Equal(all, want) {
		t.Errorf("p %v: %v, want %v", p, all, want)
	}
}

// Nothing nearer to 1 than what the same set measured twice has shown gets a verdict.
func TestTheNoiseFloorHoldsVerdictsBack(t *testing.T) {
	r, _, _ := fakeRunner(t, 12)
	ns := same(r.Plan)
	ns["a"], ns["a again"] = 1.05, 1.10
	run := noisyRunner(t, rand.New(rand.NewPCG(2, 1)), 12, 0.003, ns).summary()
	if c, _ := run.Compared("s1", "a", "no audit", result.Slowdown); c.Verdict != result.VerdictCannotTell || c.Floor < 1.05 || c.Ratio > c.Floor || c.Low <= 1 || c.Detectable < c.Floor || c.RoundsNeeded <= 12 {
		t.Errorf("%+v", c)
	}
	if got := run.AADiffers(); len(got) != 1 || got[0] != "s1" {
		t.Errorf("A/A differs on %q", got)
	}
	if err := believable(run); !errors.Is(err, ErrAA) || !strings.Contains(err.Error(), "s1") {
		t.Errorf("error %v", err)
	}
}

// Whoever stops a run when it looks good has looked until it did: before its last round no test is told.
func TestNoVerdictBeforeTheLastRound(t *testing.T) {
	r, _, _ := fakeRunner(t, 12)
	ns := same(r.Plan)
	ns["a"], ns["a again"] = 1.3, 1.3
	r = noisyRunner(t, rand.New(rand.NewPCG(1, 1)), 12, 0.02, ns)
	for _, c := range []struct {
		round int
		want  string
	}{{11, result.VerdictCannotTell}, {12, result.VerdictSlower}} {
		r.round = c.round
		got, _ := r.summary().Compared("s1", "a", "no audit", result.CPURatio)
		if got.Verdict != c.want || got.Ratio < 1.2 || (got.Why == "") != (c.round == 12) || c.round == 11 && got.RoundsNeeded != 12 {
			t.Errorf("after %d rounds: %+v", c.round, got)
		}
	}
}

// A set that loses records is measured against itself all the same: its noise holds the verdicts of others back. Without any A/A there are none.
func TestAnAAThatLosesIsAFloorAndNoneIsNoVerdict(t *testing.T) {
	r, _, _ := fakeRunner(t, 12)
	r.Plan.Arms = slices.Insert(r.Plan.Arms, 3, Arm{Info: result.Arm{Name: "b", Kind: result.ArmCandidate}})
	ns := same(r.Plan)
	ns["a again"], ns["b"] = 1.1, 1.05
	r.Plan.Scenarios, r.round = r.Plan.Scenarios[:1], 12
	r.slots = noisySlots(r.Plan, rand.New(rand.NewPCG(2, 1)), 0.003, ns)
	for i := range r.slots {
		if s := &r.slots[i]; s.Arm == "a" || s.Arm == "a again" {
			s.Lost = 1
		}
	}
	if c, _ := r.summary().Compared("s1", "b", "no audit", result.CPURatio); c.Verdict != result.VerdictCannotTell || c.Floor < 1.09 || c.Low < 1.03 {
		t.Errorf("A/A lost records and differs by 10 %%: %+v", c)
	}
	for i := range r.slots {
		if s := &r.slots[i]; s.Arm == "a again" {
			s.Valid = false
		}
	}
	if c, _ := r.summary().Compared("s1", "b", "no audit", result.CPURatio); c.Verdict != result.VerdictCannotTell || !strings.Contains(c.Why, "A/A") {
		t.Errorf("no A/A: %+v", c)
	}
}

// An arm that loses records is fast for the wrong reason: it gets no figure, whatever the rounds say.
func TestLossComesBeforeSpeed(t *testing.T) {
	r, _, _ := fakeRunner(t, 12)
	ns := same(r.Plan)
	ns["a"] = 0.5
	for what, breakIt := range map[string]func(*result.Slot){
		"lost 1 records":           func(s *result.Slot) { s.Lost = 1 },
		"1 events are missing":     func(s *result.Slot) { s.EventsMissing = 1 },
		"1 partial":                func(s *result.Slot) { s.PartialEvents = 1 },
		"were ended at the limit":  func(s *result.Slot) { s.Ended = true },
		"no round has both":        func(s *result.Slot) { s.Round += 100 },
		"slots of a were ended at": func(s *result.Slot) { s.Ended, s.Lost = true, 7 },
	} {
		r := noisyRunner(t, rand.New(rand.NewPCG(1, 1)), 12, 0.02, ns)
		for i := range r.slots {
			if r.slots[i].Arm == "a" && (r.slots[i].Round == 3 || what == "no round has both") {
				breakIt(&r.slots[i])
			}
		}
		run := r.summary()
		for _, c := range run.Comparisons {
			if c.Arm != "a" {
				continue
			}
			if c.Verdict != result.VerdictNoFigure || c.Ratio != 0 || c.PAll != 1 || !strings.Contains(c.Why, what) {
				t.Errorf("%s: %+v", what, c)
			}
		}
	}
}

// Runs in which all arms are the same: at most 5 % may have any verdict, at most 1 % be thrown away, in any scenario, and whatever is compared.
func TestRunsOfTheSameHaveNoVerdicts(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 12))
	const runs = 1000
	r, _, _ := fakeRunner(t, 12)
	r.Plan.Scenarios, r.Plan.Arms, r.round = r.Plan.Scenarios[:1], withPlants(r.Plan.Arms, []scenarios.Plant{{CPU: 0.02}}), r.Plan.Rounds
	wrong, thrown := 0, 0
	for range runs {
		r.slots = noisySlots(r.Plan, random, 0.05, same(r.Plan))
		run := &result.Run{Arms: []result.Arm{{Name: "a again", TwinOf: "a"}}, Comparisons: r.comparisons()}
		for _, c := range run.Comparisons {
			if c.Verdict == result.VerdictSlower || c.Verdict == result.VerdictFaster {
				wrong++
				break
			}
		}
		if len(run.AADiffers()) > 0 {
			thrown++
		}
	}
	within := func(what string, n int, alpha float64) {
		if slack := 2.6 * math.Sqrt(alpha*(1-alpha)/runs); float64(n)/runs > alpha+slack {
			t.Errorf("%d of %d runs of the same %s", n, runs, what)
		}
	}
	within("have a verdict", wrong, result.Alpha)
	within("are thrown away", thrown, result.AlphaAA)
	if wrong == 0 {
		t.Error("not one verdict in a thousand runs: the tests cannot find anything")
	}
}

func TestPlantedControlsAreFoundOrNot(t *testing.T) {
	r, _, _ := fakeRunner(t, 12)
	r.Plan.Scenarios, r.Plan.Arms = r.Plan.Scenarios[:1], withPlants(r.Plan.Arms, []scenarios.Plant{{CPU: 0.02}, {Wall: 0.05}})
	ns := same(r.Plan)
	ns["planted wall=5%"], ns["planted cpu=2%"] = 1.05, 1.004
	r.slots, r.round = noisySlots(r.Plan, rand.New(rand.NewPCG(3, 1)), 0.01, ns), 12
	run := r.summary()
	want := []result.Planted{{Scenario: "s1", Arm: "planted cpu=2%", Metric: result.CPURatio, Share: 0.02},
		{Scenario: "s1", Arm: "planted wall=5%", Metric: result.Slowdown, Share: 0.05, Found: true}}
	if len(run.Trust.Planted) != 2 || run.Trust.Planted[0] != want[0] || run.Trust.Planted[1] != want[1] {
		t.Errorf("%+v", run.Trust.Planted)
	}
	if aa := run.Trust.AA["s1"]; aa.N != 12 || aa.High > 1.04 {
		t.Errorf("A/A %+v: the planted arm is no twin", aa)
	}
}

// What the run plants, the workload is told, in that arm alone.
func TestThePlantReachesItsWorkload(t *testing.T) {
	r, m, _ := fakeRunner(t, 1)
	r.Plan.Arms = withPlants(r.Plan.Arms, []scenarios.Plant{{CPU: 0.02}})
	if _, err := r.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, p := range m.planted {
		if p.CPU == 0.02 {
			n++
		}
	}
	if n != 2 || len(m.planted) < 20 { // one round of two scenarios
		t.Errorf("%d of %d workloads slowed down, want 2", n, len(m.planted))
	}
}
