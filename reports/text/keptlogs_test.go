package text

import (
	"strings"
	"testing"

	"github.com/auditprof/auditprof/bench/result"
)

// A run that keeps logs can be asked what may be left out of them.
func TestKeptLogsLeadToSuggestExclusions(t *testing.T) {
	r := full()
	without := write(t, r, Options{Width: 160, OutDir: "runs/1122-1402"})
	r.Logs = []result.Log{{Arm: "a", Scenario: "s", PackedBytes: 1 << 20}}
	with := write(t, r, Options{Width: 160, OutDir: "runs/1122-1402"})
	for _, part := range []string{"auditprof suggest-exclusions --run runs/1122-1402", "1 log (1.00 MiB)"} {
		if !strings.Contains(with, part) || strings.Contains(without, part) {
			t.Errorf("%q: in a run with a log %t, without %t", part, strings.Contains(with, part), strings.Contains(without, part))
		}
	}
}
