package main

import (
	"slices"
	"testing"
	"time"

	"github.com/auditprof/auditprof/bench"
)

func TestACommandIsSplitWithoutAShell(t *testing.T) {
	for line, want := range map[string][]string{
		"":                          nil,
		"  \t ":                     nil,
		"psql -Atc 'select 1; -- '": {"psql", "-Atc", "select 1; -- "},
		`a "b c"d e\ f '' g"\""`:    {"a", "b cd", "e f", "", `g"`},
		`echo $HOME | *; $(id)`:     {"echo", "$HOME", "|", "*;", "$(id)"},
		`a 'b\'`:                    {"a", `b\`},
	} {
		got, err := splitWords(line)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %q, %v, want %q", line, got, err, want)
		}
	}
	for _, line := range []string{`a "b`, `a 'b`, `a \`, `"" b`} {
		if got, err := splitWords(line); err == nil {
			t.Errorf("%q: %q is not refused", line, got)
		}
	}
}

func TestUnitTakesThePlaceOfScenarios(t *testing.T) {
	var o bench.Options
	f := unitFlags{name: "postgresql.service", slot: 5 * time.Second, metric: "cat /x"}
	if err := f.into(&o, nil); err != nil {
		t.Fatal(err)
	}
	if len(o.Scenarios) != 1 || o.Scenarios[0].Name != "postgresql.service" || o.Scenarios[0].PilotOps != 5 || !o.Scenarios[0].FixedTime || len(o.Unit.Metric) != 2 {
		t.Errorf("%+v", o)
	}
	for _, f := range []unitFlags{{metric: "x", slot: defaultUnitSlot}, {restart: true, slot: defaultUnitSlot}, {slot: time.Second},
		{name: "a", slot: 1500 * time.Millisecond}, {name: "a", slot: 0}, {name: "-x", slot: time.Second}, {name: "/sys/fs/cgroup/a", restart: true, slot: time.Second},
		{name: "a", slot: time.Second, metric: `"`}} {
		if f.into(&bench.Options{}, nil) == nil {
			t.Errorf("%+v is not refused", f)
		}
	}
	if f.into(&bench.Options{}, []string{"idle"}) == nil || f.into(&bench.Options{Sweep: true}, nil) == nil {
		t.Error("a scenario or a sweep beside a unit is not refused")
	}
}
