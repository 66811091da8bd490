package result

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/perf/benchfmt"
)

// benchmarks reads lines of the Go benchmark format as benchstat does.
func benchmarks(t *testing.T, text string) (list []*benchfmt.Result) {
	t.Helper()
	for r := benchfmt.NewReader(strings.NewReader(text), "slots.bench"); r.Scan(); {
		switch rec := r.Result().(type) {
		case *benchfmt.Result:
			list = append(list, rec.Clone())
		case *benchfmt.SyntaxError:
			t.Errorf("%v", rec)
		}
	}
	return list
}

func TestSlotsAreBenchmarksToo(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	w, err := NewWriter(dir)
	if err != nil {
		t.Fatal(err)
	}
	good := Slot{Kind: SlotTimed, Arm: "no audit", Scenario: "exec-storm@400", Valid: true, Ops: 1000, WallNs: 5e6, WorkloadCPUNs: 2e6, AuditdCPUNs: 1e6,
		LogBytes: 4096, OtherBytes: 96, Events: 8, LatencyCount: 1000, LatencyP99Ns: 9000}
	mute, twoth, invalid, warmup, ended := good, good, good, good, good
	mute.Kind, mute.Arm = SlotMute, "a/b_c"
	twoth.Arm, twoth.Scenario = "rules-2", "s-3"
	invalid.Valid, warmup.Kind, ended.Ended = false, SlotWarmup, true
	for _, s := range []Slot{good, mute, invalid, warmup, ended, twoth} {
		if err := w.Slot(s); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, BenchFile))
	if err != nil {
		t.Fatal(err)
	}
	list := benchmarks(t, string(b))
	var names []string
	for _, r := range list {
		names = append(names, r.Name.String())
	}
	want := []string{"Slot/arm=no%20audit/scenario=exec-storm%40400-1", "Slot/arm=a%2Fb_c+mute/scenario=exec-storm%40400-1", "Slot/arm=rules-2/scenario=s-3-1"}
	if strings.Join(names, " ") != strings.Join(want, " ") {
		t.Fatalf("%q, want %q", names, want)
	}
	if list[0].Iters != 1000 {
		t.Errorf("%d operations", list[0].Iters)
	}
	for unit, want := range map[string]float64{"sec/op": 5e-6, "cpu-sec/op": 3e-6, "log-B/op": 4, "events/op": 0.008, "lost-records": 0, "p99-sec": 9e-6} {
		if got, ok := list[0].Value(unit); !ok || got < 0.9999*want || got > 1.0001*want {
			t.Errorf("%s: %v %t, want %v", unit, got, ok, want)
		}
	}
}

// What drops records is fast for the wrong reason: benchstat must not see its time.
func TestASlotThatLostHasNoTime(t *testing.T) {
	for _, s := range []Slot{{Lost: 7}, {EventsMissing: 1}, {PartialEvents: 1}} {
		s.Kind, s.Arm, s.Scenario, s.Valid, s.Ops, s.WallNs, s.LatencyCount, s.LatencyP99Ns, s.LogBytes = SlotTimed, "a", "s", true, 10, 5e6, 10, 9000, 100
		line, err := BenchLine(s)
		if err != nil {
			t.Fatal(err)
		}
		r := benchmarks(t, string(line))[0]
		for _, unit := range []string{"sec/op", "cpu-sec/op", "p99-sec"} {
			if v, ok := r.Value(unit); ok {
				t.Errorf("%+v: %v %s", s, v, unit)
			}
		}
		if got, ok := r.Value("lost-records"); !ok || got != float64(s.Lost) {
			t.Errorf("%s", line)
		}
	}
}

func FuzzBenchLine(f *testing.F) {
	f.Add("no audit", "s")
	f.Add("a b\nBenchmarkX 1 1 ns/op", "\xff\u202e-7")
	f.Fuzz(func(t *testing.T, arm, scenario string) {
		line, err := BenchLine(Slot{Kind: SlotTimed, Arm: arm, Scenario: scenario, Valid: true, Ops: 10, WallNs: 100})
		if err != nil {
			t.Fatal(err)
		}
		if list := benchmarks(t, string(line)); len(list) != 1 || strings.Count(string(line), "\n") != 1 {
			t.Errorf("%q is %d benchmarks", line, len(list))
		}
	})
}
