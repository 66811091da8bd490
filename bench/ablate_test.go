package bench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

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
	r, m, rec, closed := pricedRunner(t, 3)
	if _, err := r.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	if *closed != 1 {
		t.Errorf("the calibration's process was closed %d times", *closed)
	}
	var orders []string
	for round := 1; round <= 3; round++ {
		var seen []string
		for _, s := range rec.slots {
			if s.Kind == result.SlotAblation && s.Round == round && s.Scenario == "s1" {
				seen = append(seen, fmt.Sprintf("%d:%d", s.Place, *s.Without))
			}
		}
		if len(seen) != 6 {
			t.Fatalf("round %d: %s", round, seen)
		}
		var left []string
		for i := 0; i < 6; i += 2 {
			place, without, _ := strings.Cut(seen[i+1], ":")
			if seen[i] != place+":-1" {
				t.Errorf("round %d: %s is not the pair of %s", round, seen[i], seen[i+1])
			}
			left = append(left, without)
		}
		orders = append(orders, strings.Join(left, " "))
		slices.Sort(left)
		if got := strings.Join(left, " "); got != "0 1 2" {
			t.Errorf("round %d left out %s, want each once", round, got)
		}
	}
	if orders[0] == orders[1] && orders[1] == orders[2] {
		t.Errorf("all rounds in one order: %s", orders[0])
	}
	drops := 0
	for i, what := range m.log {
		if strings.HasPrefix(what, "drop ") {
			drops++
			if i == 0 || !strings.HasPrefix(m.log[i-1], "run ") {
				t.Errorf("%s comes after %q: no load may lie between the two slots of a pair", what, m.log[i-1])
			}
		}
	}
	if drops != 9 {
		t.Errorf("%d rules were taken out, want 9", drops)
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
		if c.Kendall == nil || *c.Kendall <= 0 || c.Rounds != 6 {
			t.Errorf("check %+v", c)
		}
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
