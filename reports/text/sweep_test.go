package text

import (
	"strings"
	"testing"

	"github.com/auditprof/auditprof/bench/result"
)

func TestASweepIsOneSentence(t *testing.T) {
	steps := []result.SweepStep{{OpsPerSecond: 310}}
	for _, c := range []struct {
		sweep result.Sweep
		want  string
	}{
		{result.Sweep{OpsPerSecond: 310, EventsPerSecond: 93, Broke: 341, Why: "3 records or events lost", Steps: steps},
			"site.rules on db-churn: holds up to 310 ops/s, 93.0 events/s, without a loss or a wait (op = one transaction); at 341 ops/s 3 records or events lost"},
		{result.Sweep{OpsPerSecond: 1e6, EventsPerSecond: 2, Steps: steps}, "nothing faster was tried"},
		{result.Sweep{Broke: 1, Why: "records waited 4ms for room in the backlog", Steps: steps}, "holds no rate without a loss or a wait: at 1.00 ops/s records waited"},
		{result.Sweep{Steps: steps}, "no rate was held as often as needed, in 1 steps"},
		{result.Sweep{OutOfSteps: true, HeldOnce: 310, Broke: 420, Why: "lost", Steps: steps}, "ran out of its 1 steps; 310 ops/s held, and was not repeated often enough to be sure; at 420 ops/s lost"},
		{result.Sweep{OutOfSteps: true, Broke: 42, Why: "lost", Steps: steps}, "none that was tried held; at 42.0 ops/s lost"},
		{result.Sweep{}, "was not searched"},
		{result.Sweep{Broke: 1, Why: "\x1b[31mred\nline", Steps: steps}, `\x1b[31mred`},
	} {
		c.sweep.Arm, c.sweep.Scenario = "site.rules", "db-churn"
		run := &result.Run{Sweeps: []result.Sweep{c.sweep}, Scenarios: []result.Scenario{{Name: "db-churn", Op: "transaction"}}, Ended: complete}
		var b strings.Builder
		if err := Write(&b, run, Options{Width: 400}); err != nil {
			t.Fatal(err)
		}
		if got := b.String(); !strings.Contains(got, c.want) || strings.Contains(got, "slowdown") {
			t.Errorf("%q is not in\n%s", c.want, got)
		}
	}
}

func TestWhatAuditdsDifferInIsSaid(t *testing.T) {
	run := &result.Run{Ended: complete, AuditdConfs: []result.AuditdConf{{Name: "sync", File: "a/sync.conf",
		Conf: []string{"# flush = NONE", "flush = SYNC", "freq=50", "log_file = /x", "log_format = RAW"}}}}
	var b strings.Builder
	if err := Write(&b, run, Options{Width: 200}); err != nil {
		t.Fatal(err)
	}
	if want := "auditd +sync is a/sync.conf: log_format RAW, flush SYNC, freq 50\n"; !strings.Contains(b.String(), want) {
		t.Errorf("%q is not in\n%s", want, b.String())
	}
}
