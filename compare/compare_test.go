package compare

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/auditprof/auditprof/analyze"
	"github.com/auditprof/auditprof/bench/result"
)

// made is a run of one workload under one set, whose CPU is ratio times that without audit.
func made(seed uint64, ratio float64, rules []result.Rule, events ...uint64) (*result.Run, []result.Slot) {
	run := &result.Run{Seed: seed, Started: time.Unix(int64(seed), 0), Ended: "complete", Rounds: 12,
		Environment: result.Environment{Host: "db1", Kernel: "6.12", Arch: "x86_64", CPUs: 2, CPUModel: "x"},
		Arms: []result.Arm{{Name: "no audit", Kind: result.ArmNoAudit}, {Name: "site", Kind: result.ArmCandidate, Rules: rules},
			{Name: "site A/A", Kind: result.ArmCandidate, TwinOf: "site"}},
		Scenarios: []result.Scenario{{Name: "opens", Op: "open"}},
		Results: []result.Result{{Scenario: "opens", Arm: "site",
			Metrics: map[string]result.Metric{result.CPURatio: {}, result.Slowdown: {}}}},
		Trust: result.Trust{AA: map[string]result.Metric{"opens": {Value: 1.01}}}}
	at := result.Attribution{Scenario: "opens", Arm: "site", Ops: 100}
	for i, n := range events {
		at.Rules = append(at.Rules, result.RuleShare{Rule: i, Events: n, Records: 3 * n, Bytes: 700 * n})
	}
	run.Attribution = []result.Attribution{at}
	r := rand.New(rand.NewPCG(seed, 1))
	var slots []result.Slot
	for round := 1; round <= 12; round++ {
		// In this order always: one in twenty draws of noise is told apart, and a seed must give the same draw each time.
		for _, arm := range []struct {
			name  string
			times float64
		}{{"no audit", 1}, {"site", ratio}} {
			ns := int64(1e6 * arm.times * math.Exp(0.02*r.NormFloat64()))
			slots = append(slots, result.Slot{Kind: result.SlotTimed, Round: round, Scenario: "opens", Arm: arm.name, Valid: true, Ops: 100, WallNs: ns, WorkloadCPUNs: ns})
		}
	}
	return run, slots
}

func resultRules(texts ...string) (rules []result.Rule) {
	for i, t := range texts {
		rules = append(rules, result.Rule{File: "site.rules", Line: i + 1, Text: t})
	}
	return rules
}

func side(t *testing.T, name string, run *result.Run, slots []result.Slot) Side {
	t.Helper()
	s, err := OfRun(name, run, slots, "")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const (
	execRule = "-a always,exit -F arch=b64 -S execve -k exec"
	openRule = "-a always,exit -F arch=b64 -S open,openat -k files"
)

func TestTwoRunsOfOneHost(t *testing.T) {
	a, as := made(1, 1.1, resultRules(execRule), 5)
	b, bs := made(2, 1.5, resultRules(openRule, execRule), 900, 5)
	c, err := Of(side(t, "before", a, as), side(t, "after", b, bs))
	if err != nil {
		t.Fatal(err)
	}
	set := c.Others[0].Sets[0]
	if len(set.Rules) != 1 || set.Rules[0].Kind != Added || set.Rules[0].New.Text != openRule {
		t.Fatalf("rules: %+v", set.Rules)
	}
	w := set.Workloads[0]
	if w.Same || w.Old.Events != 0.05 || w.New.Events != 9.05 || w.Unit != "open" {
		t.Errorf("volume: %+v", w)
	}
	if len(w.Rules) != 1 || len(w.Explains) != 1 || w.Share != 1 || w.Rules[w.Explains[0]].New.Text != openRule {
		t.Errorf("explained by %v of %+v, %v", w.Explains, w.Rules, w.Share)
	}
	if len(w.Costs) != 2 || w.Costs[0].Verdict != "larger" || w.Costs[0].Paired || w.Costs[0].Low < 1.2 || w.Costs[0].High > 1.5 {
		t.Errorf("costs: %+v", w.Costs)
	}
}

func TestTheSameTwice(t *testing.T) {
	a, as := made(1, 1.1, resultRules(execRule), 5)
	b, bs := made(2, 1.1, resultRules(execRule), 5)
	c, err := Of(side(t, "before", a, as), side(t, "after", b, bs))
	if err != nil {
		t.Fatal(err)
	}
	w := c.Others[0].Sets[0].Workloads[0]
	if !w.Same || len(w.Rules) != 0 || len(w.Explains) != 0 || w.Costs[0].Verdict != "cannot tell" {
		t.Errorf("%+v", w)
	}
}

// One event more in a hundred operations is another volume: exact figures are compared for equality.
func TestOneEventMore(t *testing.T) {
	a, as := made(1, 1.1, resultRules(execRule), 5)
	b, bs := made(2, 1.1, resultRules(execRule), 6)
	c, _ := Of(side(t, "before", a, as), side(t, "after", b, bs))
	if w := c.Others[0].Sets[0].Workloads[0]; w.Same || len(w.Rules) != 1 {
		t.Errorf("%+v", w)
	}
	// Twice the operations with twice the events are the same.
	b, bs = made(2, 1.1, resultRules(execRule), 10)
	b.Attribution[0].Ops = 200
	c, _ = Of(side(t, "before", a, as), side(t, "after", b, bs))
	if w := c.Others[0].Sets[0].Workloads[0]; !w.Same {
		t.Errorf("%+v", w)
	}
}

func TestCostsThatAreNoneAndWhy(t *testing.T) {
	for _, c := range []struct {
		what string
		do   func(*result.Run, []result.Slot)
		why  string
	}{
		{"another host", func(r *result.Run, _ []result.Slot) { r.Environment.Host = "db2" }, "hosts db1 and db2"},
		{"another kernel", func(r *result.Run, _ []result.Slot) { r.Environment.Kernel = "6.13" }, "kernels 6.12 and 6.13"},
		{"no host", func(r *result.Run, _ []result.Slot) { r.Environment.Host = "" }, "does not say on which host"},
		{"more CPUs", func(r *result.Run, _ []result.Slot) { r.Environment.CPUs = 4 }, "number of CPUs was 2 and is 4"},
		{"a loss", func(_ *result.Run, s []result.Slot) { lose(s) }, "lost records"},
		{"events that are missing", func(_ *result.Run, s []result.Slot) { siteSlot(s).EventsMissing = 1 }, "lost records"},
		{"parts of events", func(_ *result.Run, s []result.Slot) { siteSlot(s).PartialEvents = 1 }, "lost records"},
	} {
		a, as := made(1, 1.1, resultRules(execRule), 5)
		b, bs := made(2, 1.5, resultRules(execRule), 5)
		c.do(b, bs)
		got, err := Of(side(t, "before", a, as), side(t, "after", b, bs))
		if err != nil {
			t.Fatal(c.what, err)
		}
		set := got.Others[0].Sets[0]
		if w := set.Workloads[0]; len(w.Costs) != 0 || !strings.Contains(set.NoCost+w.NoFigure, c.why) || w.Old.Events != 0.05 {
			t.Errorf("%s: %q, %+v", c.what, set.NoCost, w)
		}
	}
}

func lose(slots []result.Slot) { siteSlot(slots).Lost = 1 }

func siteSlot(slots []result.Slot) *result.Slot {
	return &slots[slices.IndexFunc(slots, func(s result.Slot) bool { return s.Arm == "site" })]
}

// Two arms of one run are compared round by round.
func TestTwoArmsOfOneRun(t *testing.T) {
	run, slots := made(1, 1.1, resultRules(execRule), 5)
	run.Arms = append(run.Arms, result.Arm{Name: "next", Kind: result.ArmCandidate, Rules: resultRules(execRule)})
	for _, s := range slots {
		if s.Arm == "site" {
			s.Arm, s.WorkloadCPUNs = "next", s.WorkloadCPUNs*103/100
			slots = append(slots, s)
		}
	}
	a, err := OfRun("run:site", run, slots, "site")
	if err != nil {
		t.Fatal(err)
	}
	b, err := OfRun("run:next", run, slots, "next")
	if err != nil {
		t.Fatal(err)
	}
	c, err := Of(a, b)
	if err != nil {
		t.Fatal(err)
	}
	cost := c.Others[0].Sets[0].Workloads[0].Costs[0]
	if !cost.Paired || cost.Verdict != "larger" || math.Abs(cost.Ratio-1.03) > 1e-4 {
		t.Errorf("%+v", cost)
	}
	if _, err := OfRun("run", run, slots, "nobody"); err == nil || !strings.Contains(err.Error(), `"next"`) {
		t.Errorf("an arm that is not there: %v", err)
	}
}

func TestSidesThatDoNotFit(t *testing.T) {
	a, as := made(1, 1.1, resultRules(execRule), 5)
	p := OfProfile("p.json", &analyze.Profile{})
	if _, err := Of(side(t, "before", a, as), p); err == nil || !strings.Contains(err.Error(), "profiles with profiles") {
		t.Errorf("run and profile: %v", err)
	}
	b, bs := made(2, 1.1, resultRules(execRule), 5)
	b.Arms[1].Name, b.Arms[2].TwinOf = "other", "other"
	b.Arms = append(b.Arms, result.Arm{Name: "third", Kind: result.ArmCandidate})
	if _, err := Of(side(t, "before", a, as), side(t, "after", b, bs)); err == nil || !strings.Contains(err.Error(), `"third"`) {
		t.Errorf("no set in common: %v", err)
	}
}

func profile(days float64, events ...uint64) *analyze.Profile {
	p := &analyze.Profile{}
	p.Window.Hosts = []analyze.Host{{Name: "h", CoveredSec: int64(days * 86400)}}
	for i, n := range events {
		c := analyze.Count{Events: n, Records: 2 * n, Bytes: 500 * n}
		p.Rules = append(p.Rules, analyze.RuleCount{RuleID: analyze.RuleID{File: "a", Line: i + 1, Text: fmt.Sprintf("-w /%d -k k%d", i, i)}, Count: c})
		p.Total.Events, p.Total.Records, p.Total.Bytes = p.Total.Events+c.Events, p.Total.Records+c.Records, p.Total.Bytes+c.Bytes
	}
	return p
}

func TestProfilesByDay(t *testing.T) {
	for _, c := range []struct {
		name        string
		before      *analyze.Profile
		after       *analyze.Profile
		unit        string
		was, is     float64
		same        bool
		differing   int
		explainedBy string
	}{
		{"two days beside one", profile(2, 10, 100), profile(1, 5, 50), "host and day", 55, 55, true, 0, ""},
		{"one rule louder", profile(1, 10, 100), profile(1, 10, 400), "host and day", 110, 410, false, 1, "-w /1 -k k1"},
		{"an hour", profile(0.04, 10), profile(1, 10), "log", 10, 10, true, 0, ""},
	} {
		cmp, err := Of(OfProfile("before", c.before), OfProfile("after", c.after))
		if err != nil {
			t.Fatal(c.name, err)
		}
		set := cmp.Others[0].Sets[0]
		w := set.Workloads[0]
		if w.Unit != c.unit || w.Old.Events != c.was || w.New.Events != c.is || w.Same != c.same || len(w.Rules) != c.differing || set.NoCost == "" {
			t.Errorf("%s: %+v", c.name, w)
		}
		if c.explainedBy != "" && (len(w.Explains) != 1 || w.Rules[w.Explains[0]].New.Text != c.explainedBy) {
			t.Errorf("%s: explained by %v of %+v", c.name, w.Explains, w.Rules)
		}
	}
}

// A rule that did not change is quieter because of an exclusion above it.
func TestBecauseOfAnExclusion(t *testing.T) {
	const never = "-a never,exit -F arch=b64 -S open,openat -F exe=/usr/bin/db"
	a, as := made(1, 1.1, resultRules(execRule, openRule), 5, 900)
	b, bs := made(2, 1.1, resultRules(execRule, never, openRule), 5, 0, 3)
	c, err := Of(side(t, "before", a, as), side(t, "after", b, bs))
	if err != nil {
		t.Fatal(err)
	}
	w := c.Others[0].Sets[0].Workloads[0]
	if len(w.Explains) != 1 {
		t.Fatalf("%+v", w)
	}
	r := w.Rules[w.Explains[0]]
	if r.Kind != "" || r.New.Text != openRule || len(r.Because) != 1 || r.Because[0].Kind != Added || r.Because[0].New.Text != never {
		t.Errorf("%+v", r)
	}
	c, _ = Of(side(t, "after", b, bs), side(t, "before", a, as)) // and louder where it went
	w = c.Others[0].Sets[0].Workloads[0]
	if r := w.Rules[w.Explains[0]]; len(r.Because) != 1 || r.Because[0].Kind != Removed {
		t.Errorf("%+v", r)
	}
}

// Two files of one name are two workloads: what they cost says nothing of the rules.
func TestWorkloadsOfOtherFilesAreNotCompared(t *testing.T) {
	rules := resultRules(execRule)
	for _, c := range []struct {
		was, is  string
		compared int
	}{{"", "", 1}, {"a1", "a1", 1}, {"a1", "b2", 0}, {"", "b2", 0}} {
		before, slots := made(1, 1.2, rules, 100)
		after, more := made(2, 1.5, rules, 200)
		before.Scenarios[0].Definition, after.Scenarios[0].Definition = c.was, c.is
		got, err := Of(side(t, "a", before, slots), side(t, "b", after, more))
		if err != nil {
			t.Fatal(err)
		}
		o := got.Others[0]
		said := strings.Contains(strings.Join(o.Remarks, "; "), "workload opens is defined by another file")
		if len(o.Sets[0].Workloads) != c.compared || said != (c.compared == 0) {
			t.Errorf("%q and %q: %d workloads, remarks %q", c.was, c.is, len(o.Sets[0].Workloads), o.Remarks)
		}
	}
}

// A run that was cut off before its attribution slots knows no volume: that is not "the same".
func TestVolumeThatOneSideDoesNotKnow(t *testing.T) {
	a, as := made(1, 1.1, resultRules(execRule), 5)
	b, bs := made(2, 1.1, resultRules(execRule))
	b.Attribution = nil
	for _, sides := range [][2]Side{{side(t, "before", a, as), side(t, "after", b, bs)}, {side(t, "before", b, bs), side(t, "after", a, as)}, {side(t, "x", b, bs), side(t, "y", b, bs)}} {
		c, err := Of(sides[0], sides[1])
		if err != nil {
			t.Fatal(err)
		}
		w := c.Others[0].Sets[0].Workloads[0]
		if w.Same || !strings.Contains(w.NoVolume, "no attribution slot under site") || len(w.Rules) != 0 || w.Old != (PerUnit{}) || w.New != (PerUnit{}) {
			t.Errorf("%s beside %s: %+v", sides[0].Name, sides[1].Name, w)
		}
		if len(w.Costs) != 2 {
			t.Errorf("what was timed is compared all the same: %+v", w.Costs)
		}
	}
}

// Workloads that only one run did are named: nobody shall take their absence for sameness.
func TestWorkloadsOfOneSideAreNamed(t *testing.T) {
	a, as := made(1, 1.1, resultRules(execRule), 5)
	b, bs := made(2, 1.1, resultRules(execRule), 5)
	b.Scenarios[0].Name, b.Attribution[0].Scenario = "execs", "execs"
	c, err := Of(side(t, "before", a, as), side(t, "after", b, bs))
	if err != nil {
		t.Fatal(err)
	}
	said := strings.Join(c.Others[0].Remarks, "\n")
	if !strings.Contains(said, "workloads that before alone has: opens") || !strings.Contains(said, "workloads that after alone has: execs") {
		t.Error(said)
	}
}

// withAA is a run whose set, measured twice, had these ratios to itself.
func withAA(run *result.Run, cpu, wall float64, verdict string, p float64) *result.Run {
	run.Comparisons = []result.Comparison{
		{Scenario: "opens", Arm: "site A/A", Against: "site", Metric: result.CPURatio, Ratio: cpu, N: 12, Verdict: verdict, PAll: p},
		{Scenario: "opens", Arm: "site A/A", Against: "site", Metric: result.Slowdown, Ratio: wall, N: 12, Verdict: result.VerdictNotTested, PAll: 1}}
	return run
}

// Wall time has a noise of its own: one that a set showed against itself is no change of another.
func TestEachCostHasItsOwnFloor(t *testing.T) {
	a, as := made(1, 1.1, resultRules(execRule), 5)
	b, bs := made(2, 1.5, resultRules(execRule), 5)
	withAA(b, 1.02, 1/1.6, result.VerdictCannotTell, 1)
	c, err := Of(side(t, "before", a, as), side(t, "after", b, bs))
	if err != nil {
		t.Fatal(err)
	}
	costs := c.Others[0].Sets[0].Workloads[0].Costs
	if math.Abs(costs[0].Floor-1.02) > 1e-9 || math.Abs(costs[1].Floor-1.6) > 1e-9 || costs[0].Verdict != "larger" || costs[1].Verdict != "cannot tell" {
		t.Errorf("%+v", costs)
	}
}

// A run whose A/A differs says nothing of what a workload costs: bench ends with 5 there.
func TestCostsOfAnInvalidRunAreNone(t *testing.T) {
	a, as := made(1, 1.1, resultRules(execRule), 5)
	b, bs := made(2, 1.5, resultRules(execRule), 5)
	withAA(b, 1.2, 1.2, result.VerdictSlower, 0.001)
	c, err := Of(side(t, "before", a, as), side(t, "after", b, bs))
	if err != nil {
		t.Fatal(err)
	}
	if w := c.Others[0].Sets[0].Workloads[0]; len(w.Costs) != 0 || !strings.Contains(w.NoFigure, "A/A of opens differs") || !w.Same {
		t.Errorf("%+v", w)
	}
}
