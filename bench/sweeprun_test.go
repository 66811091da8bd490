package bench

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/scenarios"
)

// sweepRunner is a run that searches rates on a machine that loses records above 3000 operations per step.
func sweepRunner(t *testing.T, most uint64) (*Runner, *fakeMachine, *memory) {
	t.Helper()
	r, m, rec := fakeRunner(t, 1)
	r.Plan.Sweep, r.Plan.Quick = true, true
	r.Plan.Scenarios = []scenarios.Info{{Name: "s1", PilotOps: 100, MaxOps: 1 << 40}}
	m.rate = func(l Launch, ops uint64) int64 {
		if l.OpsPerSecond == 0 {
			return 0
		}
		if ops > most {
			m.lost++
		}
		return int64(float64(ops) / l.OpsPerSecond * 1e9)
	}
	return r, m, rec
}

func TestASweepFindsTheRateOfEachSetAndNothingElse(t *testing.T) {
	r, m, rec := sweepRunner(t, 3000)
	run, err := r.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if len(run.Sweeps) != 1 || run.Sweeps[0].Arm != "a" || run.Sweeps[0].Scenario != "s1" {
		t.Fatalf("%+v: the set once, not its twin nor the arms without rules", run.Sweeps)
	}
	s := run.Sweeps[0]
	if s.OpsPerSecond > 3000 || s.OpsPerSecond < 3000/1.3 || s.Broke <= 3000 || !strings.Contains(s.Why, "lost") {
		t.Errorf("%+v", s)
	}
	for _, sl := range rec.slots {
		if sl.Kind != result.SlotPilot && (sl.Kind != result.SlotSweep || sl.Rate == 0) {
			t.Errorf("a slot of kind %s at rate %g", sl.Kind, sl.Rate)
		}
	}
	if len(m.rules) != 0 {
		t.Error("the rules of the last arm are still loaded")
	}
	if run.Ended != "complete" || run.RoundsDone != 0 {
		t.Errorf("%q after %d rounds", run.Ended, run.RoundsDone)
	}
}

// What was found before a fault is kept.
func TestASweepThatIsBrokenOffKeepsItsSteps(t *testing.T) {
	r, m, _ := sweepRunner(t, 3000)
	n := 0
	m.onRun = func(m *fakeMachine, _ string) error {
		if n++; n == 4 {
			m.dead = errBroken
			return errBroken
		}
		return nil
	}
	run, err := r.Run(context.Background())
	if !errors.Is(err, ErrDaemon) {
		t.Errorf("%v", err)
	}
	if run == nil || len(run.Sweeps) != 1 || len(run.Sweeps[0].Steps) == 0 || run.Sweeps[0].OpsPerSecond != 0 {
		t.Errorf("%+v", run.Sweeps)
	}
}

func TestAScenarioOfFixedPaceIsNotSwept(t *testing.T) {
	for _, sc := range []scenarios.Info{{Name: "idle", FixedTime: true}, {Name: "x@40", OpsPerSecond: 40}} {
		if err := CanSweep(sc); !errors.Is(err, ErrSweep) || !strings.Contains(fmt.Sprint(err), sc.Name) {
			t.Errorf("%v", err)
		}
	}
	if err := CanSweep(scenarios.Info{Name: "x"}); err != nil {
		t.Error(err)
	}
}

func TestAStepSaysWhatItsSlotCameTo(t *testing.T) {
	s := result.Slot{Valid: true, Ops: 300, OpsDone: 300, WallNs: 3e9, Events: 700, OtherEvents: 100, LatencyP99Ns: 5, DrainNs: 1e6}
	st, why := stepOf(s, 100)
	if why != "" || st.DonePerSec != 100 || st.EventsPerSec != 200 || st.LatencyP99Ns != 5 {
		t.Errorf("%+v, %q", st, why)
	}
	s.PartialEvents = 2
	if st, why = stepOf(s, 100); why == "" || st.Lost != 2 {
		t.Errorf("%+v, %q", st, why)
	}
	if _, why = stepOf(result.Slot{Why: "the log was not whole"}, 100); why != "the log was not whole" {
		t.Errorf("%q", why)
	}
	if _, why = stepOf(result.Slot{Valid: true, Ended: true, Ops: 300, WallNs: 1e10}, 100); !strings.Contains(why, "operations of 3s") {
		t.Errorf("%q", why)
	}
}

// A step lasts its time: a rate at which the workload's most operations are done sooner is not tried, since what fits the backlog for a moment
// is not held.
func TestASweepGoesNoFasterThanAWholeStep(t *testing.T) {
	r, _, rec := sweepRunner(t, 1<<40)
	r.Plan.Scenarios[0].MaxOps = 20000
	run, err := r.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	most := 20000 / sweepQuick.slot.Seconds()
	if s := run.Sweeps[0]; s.OpsPerSecond != most || s.Broke != 0 {
		t.Errorf("%+v, want %g per second", s, most)
	}
	for _, sl := range rec.slots {
		if sl.Kind == result.SlotSweep && float64(sl.Ops) < 0.99*sl.Rate*sweepQuick.slot.Seconds() {
			t.Errorf("%d operations at %g per second are no whole step", sl.Ops, sl.Rate)
		}
	}
}
