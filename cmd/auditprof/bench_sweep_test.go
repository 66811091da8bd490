package main

import (
	"testing"

	"github.com/auditprof/auditprof/bench"
	"github.com/auditprof/auditprof/scenarios"
)

func TestASweepTakesScenariosWithoutAPaceOfTheirOwn(t *testing.T) {
	all := []scenarios.Info{{Name: "a"}, {Name: "idle", FixedTime: true}, {Name: "pg", Batching: true}, {Name: "b"}}
	o := bench.Options{Scenarios: all}
	if err := (sweepFlags{true}).into(&o, nil); err != nil || !o.Sweep || len(o.Scenarios) != 2 || len(all) != 4 || all[1].Name != "idle" {
		t.Errorf("%v: %+v", err, o.Scenarios)
	}
	o = bench.Options{Scenarios: all}
	if err := (sweepFlags{true}).into(&o, []string{"a", "idle"}); err == nil {
		t.Error("idle, named, is not refused")
	}
	if err := (sweepFlags{}).into(&o, nil); err != nil || o.Sweep || len(o.Scenarios) != 4 {
		t.Errorf("%v: %+v", err, o)
	}
}
