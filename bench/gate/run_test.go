package gate

import (
	"bytes"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/bench/result"
)

func twoMetrics(records, ops float64) *result.Run {
	m := func(v float64) result.Metric { return result.Metric{Value: v, Low: v, High: v, N: 3} }
	return &result.Run{Scenarios: []result.Scenario{{Name: "w", Ops: 1000}}, Results: []result.Result{{Scenario: "w", Arm: "new", Complete: true,
		Metrics: map[string]result.Metric{result.Records: m(records), result.Events: m(records / 4), result.EventsPerOp: m(records / 4 / ops), result.Lost: m(0)}}}}
}

// The operations of the timed slots are others than those that the pilot planned: 712 bytes/op were the same in two runs, and records/op differed by 5 %.
func TestRecordsPerOpAreOfTheSlotsThatWereTimed(t *testing.T) {
	got := OfRun(twoMetrics(4200, 1050), "new").Scenario("w").Figures[RecordsPerOp]
	if got.Value != 4 || got.Low != 4 || got.High != 4 {
		t.Errorf("4200 records of 1050 operations are %v an operation", got)
	}
	run := twoMetrics(0, 1050)
	if got := OfRun(run, "new").Scenario("w").Figures[RecordsPerOp]; got.Value != 0 || got.N != 3 {
		t.Errorf("no record is %v an operation", got)
	}
}

// Rules of the whole host record others too, in some rounds: a run says what the workload's own records were.
func TestRecordsPerOpAreThoseOfTheWorkload(t *testing.T) {
	run := twoMetrics(4200, 1050)
	run.Results[0].Metrics[result.RecordsPerOp] = result.Metric{Value: 2.8, Low: 2.8, High: 2.8, N: 3}
	if got := OfRun(run, "new").Scenario("w").Figures[RecordsPerOp]; got.Value != 2.8 || got.High != 2.8 || got.Kind != Counted {
		t.Errorf("got %+v", got)
	}
}

// judgedAgainst judges a relative limit on a workload of one run by another.
func judgedAgainst(t *testing.T, limit string, run, base *Figures) Check {
	t.Helper()
	v, err := Judge(Input{Budget: budget(t, "scenarios: {w: ["+limit+"]}"), Figures: run, Base: base, Sight: seenAll()})
	if err != nil {
		t.Fatal(err)
	}
	return v.Checks[len(v.Checks)-1]
}

// Two files of users may give their workloads one name: their figures are not held against each other.
func TestAWorkloadDefinedByAnotherFileIsNoBaseline(t *testing.T) {
	run, base := twoMetrics(4000, 1000), twoMetrics(4000, 1000)
	run.Scenarios[0].Definition, base.Scenarios[0].Definition = "aa", "aa"
	if c := judgedAgainst(t, "records/op <= baseline", OfRun(run, "new"), OfRun(base, "new")); c.Status != Pass {
		t.Errorf("the same file: %+v", c)
	}
	base.Scenarios[0].Definition = "bb"
	for _, of := range []*Figures{OfRun(base, "new"), written(t, OfRun(base, "new"))} {
		c := judgedAgainst(t, "records/op <= baseline", OfRun(run, "new"), of)
		if c.Status != Inconclusive || !strings.Contains(c.Reason, "is defined by another file") || c.Cure == "" {
			t.Errorf("another file: %+v", c)
		}
	}
	if c := judgedAgainst(t, "records/op <= 5", OfRun(run, "new"), OfRun(base, "new")); c.Status != Pass {
		t.Errorf("a limit without baseline: %+v", c)
	}
}

// written is a baseline as its file has it.
func written(t *testing.T, f *Figures) *Figures {
	t.Helper()
	var file bytes.Buffer
	if err := BaselineOf(f).Write(&file); err != nil {
		t.Fatal(err)
	}
	b, err := DecodeBaseline(&file)
	if err != nil {
		t.Fatal(err)
	}
	return b.Figures()
}

// In one run an arm that was silent on the workload is a baseline of 0, not one whose slots cannot be compared.
func TestTotalsOfASilentArmOfTheSameRun(t *testing.T) {
	run := twoMetrics(4000, 1000)
	silent := run.Results[0]
	silent.Arm, silent.Metrics = "quiet", map[string]result.Metric{}
	for name, m := range run.Results[0].Metrics {
		m.Value, m.Low, m.High = 0, 0, 0
		silent.Metrics[name] = m
	}
	run.Results = append(run.Results, silent)
	run.Arms = append(run.Arms, result.Arm{Name: "quiet", Kind: result.ArmCandidate})
	run.Scenarios[0].Ops = 900 // as planned: the rounds had more
	if c := judgedAgainst(t, "records <= baseline", OfRun(run, "new"), OfRun(run, "quiet")); c.Status != Fail {
		t.Errorf("%+v", c)
	}
}

// A slot of a slower day has fewer operations: its total says nothing beside that of another run, what it wrote for each operation does.
func TestTotalsOfSlotsOfDifferentLength(t *testing.T) {
	short, long := OfRun(twoMetrics(2000, 500), "new"), OfRun(twoMetrics(3000, 1000), "new")
	c := judgedAgainst(t, "records <= baseline", short, long)
	if c.Status != Inconclusive || !strings.Contains(c.Reason, "500") || !strings.Contains(c.Cure, "records/op") {
		t.Errorf("%+v", c)
	}
	if c := judgedAgainst(t, "records/op <= baseline", short, long); c.Status != Fail {
		t.Errorf("%+v", c)
	}
	if c := judgedAgainst(t, "records <= baseline", short, short); c.Status != Pass {
		t.Errorf("%+v", c)
	}
}
