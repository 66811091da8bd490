package bench

import (
	"testing"

	"github.com/auditprof/auditprof/bench/result"
	"github.com/auditprof/auditprof/internal/kernel"
)

// TestBaselinesWaitNoLongerThanSets: with the host's minute, one wake-up that the kernel lost ended a slot of no audit at its limit.
func TestBaselinesWaitNoLongerThanSets(t *testing.T) {
	for _, c := range []struct{ found, want uint32 }{{15000, 500}, {500, 500}, {25, 25}, {0, 0}} {
		arms := baselines(kernel.State{BacklogLimit: 64, BacklogWaitTime: c.found}, 250)
		if len(arms) != 2 || arms[0].Info.Kind != result.ArmNoAudit || len(arms[0].Rules) == 0 || arms[1].Info.Kind != result.ArmNoRules {
			t.Fatalf("baselines %+v", arms)
		}
		for _, a := range arms {
			if w := a.Limits.BacklogWaitTime; w == nil || *w != c.want {
				t.Errorf("%s: a wait of %d jiffies was found, it is measured with %v instead of %d", a.Info.Name, c.found, w, c.want)
			}
			if told := len(a.Info.Controls) == 1; told != (c.found != c.want) {
				t.Errorf("%s: a wait of %d measured as %d is told as %+v", a.Info.Name, c.found, c.want, a.Info.Controls)
			}
			if a.Limits.BacklogLimit != nil {
				t.Errorf("%s: its room is %d, not that of the host", a.Info.Name, *a.Limits.BacklogLimit)
			}
		}
	}
}
