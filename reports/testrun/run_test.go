package testrun

import (
	"path/filepath"
	"reflect"
	"testing"

	"github.com/auditprof/auditprof/bench/result"
)

// What is made can be written and read back, as a measured run can, and is the same each time.
func TestRunsAreRuns(t *testing.T) {
	for name, of := range map[string]func() (*result.Run, []result.Slot){"small": Small, "large": Large} {
		run, slots := of()
		again, _ := of()
		if !reflect.DeepEqual(run, again) {
			t.Errorf("%s: another one each time", name)
		}
		dir := filepath.Join(t.TempDir(), "run")
		w, err := result.NewWriter(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range slots[:20] {
			if err := w.Slot(s); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Run(run); err != nil {
			t.Fatal(err)
		}
		got, lines, err := result.Read(dir)
		if err != nil || len(lines) != 20 || len(got.Results) != len(run.Results) {
			t.Errorf("%s: %d slots, %v", name, len(lines), err)
		}
	}
	if run, slots := Large(); len(run.Scenarios) != 20 || len(run.Arms) != 5 || len(slots) != 20*5*30 {
		t.Errorf("%d scenarios, %d arms, %d slots", len(run.Scenarios), len(run.Arms), len(slots))
	}
}

func TestFilledLeavesNothingOut(t *testing.T) {
	run := Filled[*result.Run]("x")
	if run.Unit == nil || run.Unit.Metric != "x" || len(run.Arms) != 2 || run.Trust.AA["x"].N != 1 || run.Environment.AuditdConf[1] != "x" {
		t.Errorf("%+v", run)
	}
	if hostile := HostileRun("<b>"); hostile.Arms[1].Name != "<b>" || hostile.Results[1].Metrics[result.Slowdown].Value != 1.5 {
		t.Errorf("%+v", hostile)
	}
}
