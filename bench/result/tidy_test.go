package result

import (
	"math"
	"testing"
)

// A number that JSON cannot hold is dropped, and named, behind a pointer too.
func TestTidyFollowsPointers(t *testing.T) {
	run := &Run{Calibration: &Calibration{StepNs: map[string]float64{"list": 1.5, "mask": math.NaN()}, Residual: math.Inf(1)}}
	got, dropped := tidy(run)
	if len(got.Calibration.StepNs) != 1 || got.Calibration.StepNs["list"] != 1.5 || got.Calibration.Residual != 0 || len(dropped) != 2 {
		t.Errorf("steps %v, residual %v, dropped %v", got.Calibration.StepNs, got.Calibration.Residual, dropped)
	}
	if math.IsInf(run.Calibration.Residual, 1) == false {
		t.Error("the original was changed")
	}
}
