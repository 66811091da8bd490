package bench

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/bench/ruleprice"
	"github.com/auditprof/auditprof/internal/audit/rule"
)

// fakeLoops takes what a kernel with these prices would: 5 ns for each rule, 20 ns more for one that is asked, 300 ns for the call.
type fakeLoops struct {
	m      *fakeMachine
	fail   error
	closed *int
}

func (l fakeLoops) Files() ruleprice.Files { return ruleprice.Files{} }
func (l fakeLoops) Close() error           { *l.closed++; return nil }
func (l fakeLoops) Time(context.Context, string) (float64, error) {
	l.m.mu.Lock()
	defer l.m.mu.Unlock()
	return fakeCall(l.m.rules), l.fail
}

func fakeCall(rules []rule.Wire) float64 {
	ns := 300.0
	for _, w := range rules {
		ns += 5
		if w.Mask[0] == ^uint32(0) {
			ns += 20 + 10*float64(len(w.Fields)-1)
		}
	}
	return ns
}

// fullWire asks every system call for n fields that are false, but for the first of which none is come to.
func fullWire(key string) rule.Wire {
	w := rule.Wire{List: rule.ListExit, Action: rule.ActionAlways, Fields: []rule.WireField{{Type: 200, Op: rule.OpEqual, Value: 77}}}
	for i := range w.Mask {
		w.Mask[i] = ^uint32(0)
	}
	w, _ = w.WithExtraKey(key)
	return w
}

// pricedRunner has one set of a dear rule between two cheap ones, and a workload whose every operation is one marked system call.
func pricedRunner(t *testing.T, rounds int) (*Runner, *fakeMachine, *memory, *int) {
	t.Helper()
	r, m, rec := fakeRunner(t, rounds)
	rules := []rule.Wire{anyWire("a"), fullWire("b"), anyWire("c")}
	info := []result.Rule{{File: "x", Line: 1}, {File: "x", Line: 2}, {File: "x", Line: 3}}
	for i := range r.Plan.Arms {
		if a := &r.Plan.Arms[i]; a.Info.Kind == result.ArmCandidate {
			a.Rules = rules
			if a.Info.TwinOf == "" {
				a.Info.Rules = info
			}
		}
	}
	closed := 0
	r.Plan.RulePrices, r.Plan.Ablate = true, true
	r.Loops = func(context.Context) (Loops, error) { return fakeLoops{m: m, closed: &closed}, nil }
	m.nsPerOp = func(int) int64 { return int64(fakeCall(m.rules)) }
	m.onRun = func(m *fakeMachine, _ string) error {
		if len(m.rules) == 1 && m.rules[0].Key() == censusKey {
			for range censusEvents {
				m.serial++
				id := fmt.Sprintf("msg=audit(1700000000.000:%d): ", m.serial)
				m.write("type=SYSCALL " + id + `arch=c000003e syscall=110 per=80000 success=yes exit=1 a0=0 a1=0 a2=0 a3=0 items=0 ppid=1 pid=7 auid=0 uid=0 comm="w" exe="/w" key="` +
					censusKey + "\"\ntype=PROCTITLE " + id + "proctitle=\"w\"\n")
			}
		}
		return nil
	}
	return r, m, rec, &closed
}

// Drop makes a fakeMachine a Dropper.
func (m *fakeMachine) Drop(i int) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.disturbed != nil {
		return m.disturbed
	}
	m.note("drop %s", m.rules[i].Key())
	m.rules = slices.Delete(slices.Clone(m.rules), i, i+1)
	return nil
}

func TestEachOfTheDearestIsLeftOutInEveryRound(t *testing.T) {
	r, m, _, closed := pricedRunner(t, 1)
	run, err := r.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if *closed != 1 {
		t.Errorf("the calibration's process was closed %d times", *closed)
	}
	if got := run.Ablation; got == nil || got.Pairs != leastPairs || got.Done != leastPairs || got.Wanted != leastPairs || got.NoiseNs["s1"] != 0 {
		t.Fatalf("the plan on a machine without noise is %+v, want %d pairs", run.Ablation, leastPairs)
	}
	var left []string
	for i, what := range m.log {
		key, dropped := strings.CutPrefix(what, "drop ")
		if !dropped {
			continue
		}
		left = append(left, key)
		if !strings.HasPrefix(m.log[i-1], "run s2") || !strings.HasPrefix(m.log[i+1], "run s1") {
			t.Errorf("%s lies between %q and %q: want nothing but the batches of a pair beside it", what, m.log[i-1], m.log[i+1])
		}
	}
	if len(left) != 3*leastPairs {
		t.Fatalf("%d rules were taken out, want each of 3 in each of %d pairs: %q", len(left), leastPairs, left)
	}
	orders := map[string]bool{}
	for round := range leastPairs {
		order := left[3*round : 3*round+3]
		orders[strings.Join(order, " ")] = true
		sorted := slices.Sorted(slices.Values(order))
		if len(slices.Compact(sorted)) != 3 {
			t.Errorf("round %d left out %q, want each once", round+1, order)
		}
	}
	if len(orders) == 1 {
		t.Errorf("all rounds in one order: %q", left)
	}
	for _, c := range run.PriceChecks {
		if c.Control == nil || c.Control.Value != 0 || c.Control.N != probePairs+leastPairs {
			t.Errorf("control %+v, want 0 over %d pairs", c.Control, probePairs+leastPairs)
		}
	}
}

func TestABatchOfOnePairDoesTheSameWork(t *testing.T) {
	r, m, _, _ := pricedRunner(t, 1)
	run, err := r.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	of := map[string]map[string]bool{"s1": {}, "s2": {}}
	seen := false
	for _, what := range m.log {
		seen = seen || strings.HasPrefix(what, "drop ")
		if f := strings.Fields(what); seen && f[0] == "run" {
			of[f[1]][f[2]] = true
		}
	}
	if len(of["s1"]) != 1 || len(of["s2"]) != 1 {
		t.Errorf("operations of the batches by scenario: %v", of)
	}
	for _, p := range run.RulePrices {
		// An operation makes 120 calls, as the fake's census has it; the dear rule has the field of the mute copy, its own and a key.
		want := map[int]float64{0: 5, 1: 5 + 20 + 2*10, 2: 5}[p.Rule] / 120
		if p.Measured == nil || math.Abs(p.Measured.Value-want) > 1e-9 || len(p.PairNs) != leastPairs {
			t.Errorf("rule %d: measured %+v of %v, want %v", p.Rule, p.Measured, p.PairNs, want)
		}
	}
}

func TestAWorkloadThatWaitsIsNoMeasureOfRules(t *testing.T) {
	r, m, _, _ := pricedRunner(t, 1)
	r.Plan.Scenarios[1].FixedTime = true
	run, err := r.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := run.Ablation.NoiseNs["s2"]; ok {
		t.Errorf("s2 has a noise: %+v", run.Ablation)
	}
	for _, p := range run.RulePrices {
		if (p.Scenario == "s1") != (p.Measured != nil) {
			t.Errorf("%s: measured %+v", p.Scenario, p.Measured)
		}
	}
	if !contains(m.log, "drop ") {
		t.Error("nothing was left out")
	}
}

// A batch that does not end costs its pair; a workload that never ends one costs the run.
func TestABatchThatDoesNotEnd(t *testing.T) {
	for _, c := range []struct {
		stalls int
		fails  bool
	}{{1, false}, {mostStalls, false}, {mostStalls + 1, true}} {
		r, m, _, _ := pricedRunner(t, 1)
		before, left, since := m.onRun, c.stalls, 0
		m.onRun = func(m *fakeMachine, kind string) error {
			if since++; left > 0 && contains(m.log, "drop ") && since > 100 {
				left, since = left-1, 0
				return context.DeadlineExceeded
			}
			return before(m, kind)
		}
		run, err := r.Run(context.Background())
		if errors.Is(err, errStalled) != c.fails || !c.fails && err != nil {
			t.Errorf("%d stalls: %v", c.stalls, err)
		}
		said := 0
		for _, w := range run.Warnings {
			if strings.Contains(w.Text, "did not end") {
				said++
			}
		}
		if said != min(c.stalls, mostStalls) {
			t.Errorf("%d stalls: %d warnings", c.stalls, said)
		}
	}
}

func TestPairsFollowTheNoise(t *testing.T) {
	for noise, want := range map[float64]int{0: 0, 2.5: 2, 5: 5, 20: 65, 1e9: 1e9} {
		if got := pairsFor(noise); got != want {
			t.Errorf("noise of %v ns: %d pairs, want %d", noise, got, want)
		}
	}
}

// Pairs of two seconds leave room for 114 in the time there is, and that is said; the least there is stays six.
func TestTheTimeForPairsIsBounded(t *testing.T) {
	r, _, _, _ := pricedRunner(t, 1)
	r.Plan.Quick = true
	r.pricing.costs = map[int]ruleprice.SetCosts{}
	r.ablation.pairs = map[ablationOf][]float64{}
	for i := range 6 {
		arm := r.pricedArms()[0]
		of := ablationOf{arm, 0, wholeSet}
		r.ablation.pairs[of] = append(r.ablation.pairs[of], float64(20-40*(i%2)))
	}
	r.pricing.counted = []armCensus{{arm: r.pricedArms()[0], scenario: 0, mute: ruleprice.Census{Calls: 1}}}
	r.planAblation(12 * time.Second) // 2 s a pair, one a round: nothing is priced
	if p := r.ablation.plan; p.Wanted != 142 || p.Pairs != 114 {
		t.Errorf("plan %+v, want 114 pairs of the 142 that 29.7 ns need", p)
	}
	if len(r.warn) != 1 || !strings.Contains(r.warn[0].Text, "142 would be needed") {
		t.Errorf("warnings %q", r.warn)
	}
	for done, want := range map[int]bool{leastPairs - 1: false, leastPairs: true} {
		if r.overdue(done, quickAblationBudget) != want || r.overdue(done, quickAblationBudget-1) {
			t.Errorf("after %d pairs and all the time: overdue must be %t, and not a moment before", done, want)
		}
	}
	r.planAblation(4 * time.Minute)
	if p := r.ablation.plan; p.Pairs != leastPairs {
		t.Errorf("plan %+v, want the least", p)
	}
}

func TestARuleThatSomebodyElseTookAwayEndsTheRun(t *testing.T) {
	r, m, _, _ := pricedRunner(t, 1)
	before := m.onRun
	m.onRun = func(m *fakeMachine, kind string) error {
		if len(m.rules) == 3 && mutedWire(m.rules[0]) && contains(m.log, "drop ") {
			m.disturbed = errBroken
		}
		return before(m, kind)
	}
	run, err := r.Run(context.Background())
	if !errors.Is(err, errBroken) {
		t.Errorf("%v", err)
	}
	if len(run.RulePrices) == 0 {
		t.Error("the prices found before are gone")
	}
}

func TestPricesAreHeldAgainstWhatIsMeasured(t *testing.T) {
	r, _, _, _ := pricedRunner(t, 6)
	run, err := r.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var first *result.RulePrice
	for i, p := range run.RulePrices {
		if p.Scenario == "s1" && first == nil {
			first = &run.RulePrices[i]
		}
	}
	if first == nil || first.Rule != 1 {
		t.Fatalf("the dearest rule is %+v, want rule 1", first)
	}
	if first.Measured == nil || first.Measured.Value <= 0 {
		t.Errorf("measured %+v, foretold %v", first.Measured, first.MuteNs)
	}
	for _, c := range run.PriceChecks {
		if c.Kendall == nil || *c.Kendall <= 0 || c.KendallApart == nil || *c.KendallApart != 1 || c.ApartPairs != 2 || c.LeftOut != 3 || c.Rounds != 6 {
			t.Errorf("check %+v", c)
		}
	}
}

// onceSlow is loops of which the first time without rules was disturbed.
type onceSlow struct {
	fakeLoops
	seen *bool
}

func (l onceSlow) Time(ctx context.Context, loop string) (float64, error) {
	ns, err := l.fakeLoops.Time(ctx, loop)
	if ns == fakeCall(nil) && !*l.seen {
		*l.seen = true
		ns += 500
	}
	return ns, err
}

func TestOneDisturbedTimeWithoutRulesMovesNoPrice(t *testing.T) {
	r, m, _, closed := pricedRunner(t, 1)
	r.Plan.Quick = true
	seen := false
	r.Loops = func(context.Context) (Loops, error) { return onceSlow{fakeLoops{m: m, closed: closed}, &seen}, nil }
	run, err := r.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range run.Calibration.Settings {
		if s.Rules == 0 && s.Ns != fakeCall(nil) {
			t.Errorf("%s without rules takes %v, want %v", s.Loop, s.Ns, fakeCall(nil))
		}
	}
	if !seen {
		t.Error("no loop was timed without rules")
	}
}

// The same prices, measured well and badly: what right prices would reach falls with the noise.
func TestTheCeilingOfRanksFallsWithTheNoise(t *testing.T) {
	ceiling := func(half float64) float64 {
		var prices []result.RulePrice
		for i := range 8 {
			ns := float64(10 * i)
			prices = append(prices, result.RulePrice{Rule: i, MuteNs: ns, Measured: &result.Metric{Value: ns, Low: ns - half, High: ns + half}})
		}
		var out result.PriceCheck
		(&Runner{}).intoCheck(&out, armCensus{}, prices)
		if out.KendallApart == nil || *out.KendallApart != 1 || out.KendallCeiling == nil {
			t.Fatalf("intervals of %v ns to each side: %+v", half, out)
		}
		return *out.KendallCeiling
	}
	if well, badly := ceiling(1), ceiling(40); well < 0.99 || badly > 0.8 || badly < 0.2 {
		t.Errorf("measured to 1 ns %.2f, to 40 ns %.2f", well, badly)
	}
}

func TestACalibrationThatFailsEndsTheRunAndItsProcess(t *testing.T) {
	r, m, _, closed := pricedRunner(t, 1)
	r.Loops = func(context.Context) (Loops, error) { return fakeLoops{m: m, fail: errBroken, closed: closed}, nil }
	run, err := r.Run(context.Background())
	if !errors.Is(err, errBroken) || *closed != 1 {
		t.Errorf("%v, closed %d times", err, *closed)
	}
	if last := m.log[len(m.log)-1]; last != "apply 0" {
		t.Errorf("the last thing asked of the kernel is %q: rules about files of the run are still loaded", last)
	}
	if run.Calibration != nil || len(run.RulePrices) > 0 {
		t.Error("prices without a calibration")
	}
}

func TestACensusThatLosesEventsGivesNoPriceAndSaysSo(t *testing.T) {
	r, m, _, _ := pricedRunner(t, 1)
	before := m.onRun
	m.onRun = func(m *fakeMachine, kind string) error {
		if len(m.rules) == 1 && m.rules[0].Key() == censusKey {
			m.serial += 3 // that never reach the log
		}
		return before(m, kind)
	}
	run, err := r.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if len(run.RulePrices) > 0 {
		t.Errorf("prices of what was not counted: %+v", run.RulePrices[0])
	}
	if !slices.ContainsFunc(run.Warnings, func(w result.Warning) bool { return strings.Contains(w.Text, "could not be counted") }) {
		t.Errorf("warnings %q", run.Warnings)
	}
}
