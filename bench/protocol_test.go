package bench

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/scenarios"
)

// listening gives a runner a loop that takes 20 ms, unless at says otherwise of its n-th time, and a clock.
func listening(r *Runner, at func(n int) time.Duration) {
	n, clock := 0, time.Unix(0, 0)
	r.Now = func() time.Time { clock = clock.Add(20 * time.Millisecond); return clock }
	r.Loop = func() time.Duration {
		n++
		if d := at(n); d > 0 {
			return d
		}
		return 20 * time.Millisecond
	}
}

func quiet(int) time.Duration { return 0 }

func TestTheWarmUpRoundIsThrownAway(t *testing.T) {
	r, _, rec := fakeRunner(t, 2)
	r.Plan.Warmup = 1
	run, err := r.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, s := range rec.slots {
		if s.Kind == result.SlotWarmup {
			if n++; s.Round != 0 {
				t.Errorf("%+v", s)
			}
		}
	}
	if n != 10 || len(timedSlots(rec)) != 20 || find(t, run, "s1", "a").Slots != 2 || run.RoundsDone != 2 || run.Protocol.WarmupRounds != 1 {
		t.Errorf("%d warm-up slots of 10, %d timed, %d rounds", n, len(timedSlots(rec)), run.RoundsDone)
	}
}

func TestJitterStaysInItsBounds(t *testing.T) {
	p := Plan{Seed: 5, Scenarios: []scenarios.Info{{Name: "s", MaxOps: 1 << 40}, {Name: "fixed", FixedTime: true, MaxOps: 1 << 40}, {Name: "small", MaxOps: 1000}}}
	least, most := uint64(1<<62), uint64(0)
	for round := range 300 {
		n := p.jittered(round, 0, 10000)
		least, most = min(least, n), max(most, n)
		if p.jittered(round, 1, 777) != 777 {
			t.Fatal("a scenario of fixed length is as long as it is")
		}
		if p.jittered(round, 2, 1000) > 1000 || p.jittered(round, 2, 1) < 1 {
			t.Fatal("beyond the bounds of the scenario")
		}
	}
	if least < 9000 || most > 11000 || least > 9200 || most < 10800 {
		t.Errorf("%d to %d operations, want the whole of 9000 to 11000", least, most)
	}
}

func TestADisturbedSlotIsRunAgain(t *testing.T) {
	r, _, rec := fakeRunner(t, 4)
	seen := 0
	listening(r, func(n int) time.Duration {
		if !rounds(rec) {
			return 0
		}
		if seen++; seen == 7 || seen == 8 { // twice in a row: the slot and its first repetition
			return 60 * time.Millisecond
		}
		return 0
	})
	run, err := r.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var turned []result.Slot
	for _, s := range rec.slots {
		if s.Rejected != "" {
			turned = append(turned, s)
		}
	}
	if len(turned) != 2 || turned[0].Valid || turned[0].Rejected != byLoop || turned[0].Why != "disturbed: calibration" || turned[0].Arm != turned[1].Arm {
		t.Fatalf("%+v", turned)
	}
	for _, res := range run.Results {
		if res.Slots != 4 || res.Invalid != 0 || !res.Complete {
			t.Errorf("%s on %s: %d slots, %d invalid, findings %q", res.Arm, res.Scenario, res.Slots, res.Invalid, res.Findings)
		}
	}
	slots, rejected := 0, 0
	for _, x := range run.Trust.Rejected {
		slots, rejected = slots+x.Slots, rejected+x.Rejected
		if x.Arm == turned[0].Arm && x.ByRule[byLoop] != 2 {
			t.Errorf("%+v", x)
		}
	}
	if rejected != 2 || slots != 4*5*2+2 {
		t.Errorf("%d of %d slots turned away", rejected, slots)
	}
}

// What starves auditd makes it lose: the loss must not go with the slot.
func TestADisturbedSlotThatLostCounts(t *testing.T) {
	r, _, _ := fakeRunner(t, 4)
	listening(r, quiet)
	s := result.Slot{Kind: result.SlotTimed, Valid: true, StealShare: 0.1}
	for _, c := range []struct{ lost, missing, partial int64 }{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {}} {
		got := s
		got.Lost, got.EventsMissing, got.PartialEvents = c.lost, c.missing, c.partial
		r.turnAway(&got, slotSpec{kind: result.SlotTimed, mayReject: true})
		if got.Rejected != bySteal || got.Valid == got.Complete() {
			t.Errorf("%+v: %+v", c, got)
		}
	}
}

// A machine that is disturbed all the time is measured as it is: the run ends, has its figures and names the rule.
func TestAlwaysDisturbedIsMeasuredAsItIs(t *testing.T) {
	r, m, rec := fakeRunner(t, 6)
	listening(r, quiet)
	m.steal = true
	run, err := r.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	turned, kept := 0, 0
	for _, s := range rec.slots {
		if s.Rejected == "" {
			continue
		}
		if s.Valid {
			kept++
		} else {
			turned++
		}
	}
	slots := 6 * 5 * 2
	if want := slots / 4; turned != want || kept != slots || find(t, run, "s1", "a").Slots != 6 {
		t.Errorf("%d slots run again, want %d; %d of %d count as they are", turned, want, kept, slots)
	}
}

// Pressure is held against the arm's own: a set that makes processes wait in every slot is not turned away for it.
func TestPressureIsHeldAgainstTheArmsOwn(t *testing.T) {
	r, _, _ := fakeRunner(t, 8)
	listening(r, quiet)
	slot := func(arm string, share float64) result.Slot {
		return result.Slot{Kind: result.SlotTimed, Arm: arm, Scenario: "s1", Valid: true, StalledShare: share}
	}
	for _, share := range []float64{0.60, 0.55, 0.62} {
		r.slots = append(r.slots, slot("dear", share), slot("cheap", share-0.55))
	}
	for _, c := range []struct {
		arm   string
		share float64
		want  string
	}{{"dear", 0.7, ""}, {"dear", 0.85, byPressure}, {"cheap", 0.2, ""}, {"cheap", 0.3, byPressure}, {"new", 0.9, ""}} {
		if got := r.disturbedBy(slot(c.arm, c.share)); got != c.want {
			t.Errorf("%s at %v: %q, want %q", c.arm, c.share, got, c.want)
		}
	}
	if got := r.disturbedBy(result.Slot{Kind: result.SlotTimed, StealShare: 0.021}); got != bySteal {
		t.Errorf("steal of 2.1 %%: %q", got)
	}
}

func TestUnequalRejectionIsSaid(t *testing.T) {
	even := []result.Rejected{{Arm: "a", Slots: 24, Rejected: 5}, {Arm: "b", Slots: 24, Rejected: 4}}
	if ws := unequal(even); len(ws) != 0 {
		t.Errorf("%+v", ws)
	}
	if ws := unequal([]result.Rejected{{Arm: "a", Slots: 24, Rejected: 9}, {Arm: "b", Slots: 24, Rejected: 1}}); len(ws) != 1 || !strings.Contains(ws[0].Text, "9 of 24 slots of a") {
		t.Errorf("%+v", ws)
	}
}

func TestThePlanIsLaidDownBeforeTheRounds(t *testing.T) {
	r, _, rec := fakeRunner(t, 12)
	r.Plan.Warmup = 1
	listening(r, func(n int) time.Duration { return time.Duration(20+n%2) * time.Millisecond })
	p := &planned{}
	r.Observer = p
	p.at = func() int { return len(timedSlots(rec)) }
	if _, err := r.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	f := p.forecast
	if p.slots != 0 || f.Arms != 4 || f.Rounds != 12 || f.Protocol.Tests != 6 || f.Protocol.Noise.LoopNs < 20e6 || f.Protocol.Noise.Variation <= 0 ||
		f.Protocol.Detectable <= 1 || f.Protocol.Detectable > 1.2 || len(f.Protocol.Rules) != 5 || f.Protocol.ExpectedNs != f.Expected.Nanoseconds() {
		t.Errorf("after %d slots: %+v", p.slots, f)
	}
}

// planned is an observer that keeps the forecast.
type planned struct {
	silent
	forecast Forecast
	at       func() int
	slots    int
}

func (p *planned) Planned(f Forecast) { p.forecast, p.slots = f, p.at() }

func TestTooFewRoundsAreSaid(t *testing.T) {
	r, _, _ := fakeRunner(t, 7)
	ws := r.Plan.tooFewRounds()
	if len(ws) != 1 || !strings.Contains(ws[0].Text, "7 rounds are too few for 6 verdicts") || !strings.Contains(ws[0].Cure, "--rounds 8") {
		t.Errorf("%+v", ws)
	}
	r.Plan.Rounds = 8
	if ws := r.Plan.tooFewRounds(); len(ws) != 0 {
		t.Errorf("%+v", ws)
	}
}

func TestDriftIsSaid(t *testing.T) {
	r, _, _ := fakeRunner(t, 20)
	r.Plan.Scenarios = r.Plan.Scenarios[:1]
	r.slots = noisySlots(r.Plan, rand.New(rand.NewPCG(4, 4)), 0.02, same(r.Plan))
	if run := r.summary(); len(run.Trust.Drift) != 0 {
		t.Errorf("%+v", run.Trust.Drift)
	}
	for i := range r.slots {
		if s := &r.slots[i]; s.Arm == "a" {
			s.WorkloadCPUNs += s.WorkloadCPUNs * int64(s.Round) / 50
		}
	}
	run := r.summary()
	if len(run.Trust.Drift) != 1 || run.Trust.Drift[0].Arm != "a" || run.Trust.Drift[0].Correlation < 0.8 ||
		!slices.ContainsFunc(run.Warnings, func(w result.Warning) bool { return strings.Contains(w.Text, "of a on s1 rose from round to round") }) {
		t.Errorf("%+v, %+v", run.Trust.Drift, run.Warnings)
	}
}
