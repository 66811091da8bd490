package junit

import (
	"bytes"
	"strings"
	"testing"

	"github.com/auditprof/auditprof/bench/gate"
	"github.com/auditprof/auditprof/reports/testrun"
	consumer "github.com/joshdk/go-junit"
)

func f(v float64) *float64 { return &v }

func verdict() *gate.Verdict {
	return &gate.Verdict{Outcome: gate.Fail, Checks: []gate.Check{
		{Subject: "db-churn", Metric: "latency_p99", Limit: "latency_p99 < 5ms", Status: gate.Fail, Dimension: "ns", Value: f(6e6), Low: f(5.5e6), High: f(7e6), Reason: "why", Cure: "cure"},
		{Subject: "db-churn", Metric: "lost", Limit: "lost <= 0", Status: gate.Pass, Dimension: "count", Value: f(0), Low: f(0), High: f(0)},
		{Subject: "db-churn", Metric: "slowdown", Limit: "slowdown <= 5%", Status: gate.Inconclusive},
		{Subject: "seen", Metric: "events", Limit: "nothing unseen", Status: gate.Warn, Reason: "gone"},
	}, Losses: []gate.Loss{{Kind: gate.LostEvents, Name: "-w /etc", Sure: true, Events: 2}}}
}

func read(t *testing.T, v *gate.Verdict) []consumer.Suite {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, v); err != nil {
		t.Fatal(err)
	}
	suites, err := consumer.Ingest(out.Bytes())
	if err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	return suites
}

// TestAConsumerReadsIt: one case for each workload and metric, each with its status, as a CI server finds them.
func TestAConsumerReadsIt(t *testing.T) {
	suites := read(t, verdict())
	if len(suites) != 2 || suites[0].Name != "db-churn" || len(suites[0].Tests) != 3 || suites[1].Name != "seen" {
		t.Fatalf("got %+v", suites)
	}
	for i, want := range []consumer.Status{consumer.StatusFailed, consumer.StatusPassed, consumer.StatusError} {
		if got := suites[0].Tests[i]; got.Status != want {
			t.Errorf("%s: %s, want %s", got.Name, got.Status, want)
		}
	}
	if text := suites[0].Tests[0].Error.Error(); !strings.Contains(text, "6.00 ms [5.50 ms, 7.00 ms]") || !strings.Contains(text, "do: cure") {
		t.Errorf("got %q", text)
	}
	if suites[1].Tests[0].Status != consumer.StatusPassed || !strings.Contains(suites[1].Tests[0].SystemOut, "-w /etc") {
		t.Errorf("got %+v", suites[1].Tests[0])
	}
	let := verdict()
	let.LetThrough = true
	if got := read(t, let)[0].Tests[2].Status; got != consumer.StatusPassed {
		t.Errorf("let through, and %s", got)
	}
}

func TestHostileNames(t *testing.T) {
	for _, name := range testrun.Hostile() {
		v := new(testrun.Filled[gate.Verdict](name.Text))
		for i := range v.Checks {
			v.Checks[i].Status = gate.Fail
		}
		var out bytes.Buffer
		if err := Write(&out, v); err != nil {
			t.Fatal(err)
		}
		if _, err := consumer.Ingest(out.Bytes()); err != nil {
			t.Errorf("%s: %v\n%s", name.What, err, out.String())
		}
		if strings.ContainsAny(out.String(), "\x1b\u202e\x00") {
			t.Errorf("%s: %q", name.What, out.String())
		}
	}
}
